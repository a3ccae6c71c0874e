import { Worker } from 'node:worker_threads';
import type { VettedTask } from '../vetted/task.ts';

/*
 * One thread for what OpenSSL does not have and JavaScript would hold up the event loop with. It starts with the first task
 * and keeps no process alive. It gets no environment, little memory and limited time: a private key that somebody made up can keep
 * Falcon from ever finding a signature. When it dies, its tasks fail and the next task starts another.
 */

type Result = Uint8Array | boolean | undefined;

interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

interface Answer {
  readonly id: number;
  readonly result?: Result;
  readonly failed?: boolean;
}

const memoryMb = 128;
/** The slowest task, a seed of SLH-DSA-SHAKE-256s, takes about a second. */
const taskMsMax = 30_000;
// Compiled files lie beside their compiled worker, sources beside its source.
const entry = new URL(`./vetted-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

class VettedThread {
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #last = 0;

  run(task: VettedTask): Promise<Result> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const timer = setTimeout(() => void worker.terminate(), taskMsMax);
    this.#pending.set(id, { timer, resolve, reject });
    worker.ref();
    // The secret moves over instead of being copied, so that the thread's bytes are the only ones.
    const moved = 'secret' in task ? [task.secret.buffer as ArrayBuffer] : [];
    worker.postMessage({ id, task }, moved);
    return promise;
  }

  #start(): Worker {
    const worker = new Worker(entry, {
      name: 'vetted-cryptography',
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    worker.on('message', (answer: Answer) => this.#settle(worker, answer));
    worker.on('error', () => this.#fail(worker));
    worker.on('exit', () => this.#fail(worker));
    return worker;
  }

  #settle(worker: Worker, { id, result, failed }: Answer): void {
    const pending = this.#pending.get(id);
    clearTimeout(pending?.timer);
    this.#pending.delete(id);
    if (this.#pending.size === 0) worker.unref();
    pending?.resolve(failed === true ? undefined : result);
  }

  #fail(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const { timer, reject } of lost) {
      clearTimeout(timer);
      reject(new Error('the cryptographic thread ended'));
    }
  }
}

const thread = new VettedThread();

/**
 * Runs a task on the thread of this process. The buffer of `secret` is moved, so hand in a copy that nobody else has.
 * Undefined when the task had no result; rejects when the thread ends.
 */
export const runVetted = (task: VettedTask): Promise<Result> => thread.run(task);
