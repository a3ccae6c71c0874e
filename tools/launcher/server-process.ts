// Keeps one server process running: starts it, listens to it, starts it again when it dies, stops it in order.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the server tells its launcher over the IPC channel. */
export type ServerMessage =
  | { readonly type: 'ready'; readonly url: string; readonly startMs: number }
  | { readonly type: 'bootstrapped'; readonly file: string };

export interface ServerProcessOptions {
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
  readonly onStart: (pid: number) => void;
  readonly onMessage: (message: ServerMessage) => void;
  /** The server ended and will not be started again: it refused its configuration, or never became ready. */
  readonly onGivenUp: (exitCode: number) => void;
  readonly drainMs?: number;
}

/** Requests in flight may finish; after that the process is killed (nothing acknowledged is lost by it). */
export const DRAIN_MS = 20_000;
const BACKOFF_MS = [100, 200, 500, 1_000, 2_000, 5_000, 10_000] as const;
const STABLE_MS = 60_000;
/** Longest wait for a server that had served: starting it was right, and every second without it is an outage. */
const SERVED_BACKOFF_MS_MAX = 1_000;
/** A server that was never ready and dies this often in a row will not recover by itself. */
const FAILED_STARTS_MAX = 5;
// sysexits.h: 64 (usage) to 78 (configuration). The server ends so when starting again would be refused again.
const isRefusal = (code: number | null): code is number => code !== null && code >= 64 && code <= 78;

/**
 * CRY-8: the server's memory holds keys, so a crash must not write it to disk, and SIGUSR1 must not open a debugger. Node can
 * set no limits of its process; the shell that starts it can, and hands its process over with `exec`, so that the number, the
 * signals and the channel are the server's.
 */
export function withoutCoreDumps(
  node: string,
  args: readonly string[],
  platform: NodeJS.Platform = process.platform,
): { readonly program: string; readonly args: readonly string[] } {
  if (platform === 'win32') return { program: node, args };
  return { program: '/bin/sh', args: ['-c', 'ulimit -c 0; exec "$0" "$@"', node, ...args] };
}

/**
 * QUA-8: the environment of a process that stays. Node's compile cache gives back every function that ever ran, compiled,
 * and keeps it: 12 MiB, for a start that is no faster once the sources are JavaScript. And each thread that allocates gets
 * an arena of its own from glibc, most of it empty: two serve all of them.
 */
export function leanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => name !== 'NODE_COMPILE_CACHE');
  return { MALLOC_ARENA_MAX: '2', ...Object.fromEntries(kept) };
}

/** Reads a message of the server; anything else that arrives on the channel is ignored. */
export function parseServerMessage(value: unknown): ServerMessage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, url, startMs, file } = value as Record<string, unknown>;
  if (type === 'ready' && typeof url === 'string' && typeof startMs === 'number') return { type, url, startMs };
  if (type === 'bootstrapped' && typeof file === 'string') return { type, file };
  return undefined;
}

export class ServerProcess {
  readonly #options: ServerProcessOptions;
  #child: ChildProcess | undefined;
  #gone: Promise<void> = Promise.resolve();
  #isStopping = false;
  #wasReady = false;
  #failures = 0;

  constructor(options: ServerProcessOptions) {
    this.#options = options;
  }

  start(): void {
    const { entry, env, onStart, onMessage, log } = this.#options;
    const { program, args } = withoutCoreDumps(process.execPath, [
      '--max-semi-space-size=1',
      // QUA-8: the collector lets the heap grow by that much, instead of double and more, before it looks again. Half the memory
      // under load (182 MiB for 316), and no more processor time for a request that could be measured.
      '--heap-growing-percent=60',
      '--disable-sigusr1',
      entry,
    ]);
    const child = spawn(program, args, {
      env: leanEnvironment(env),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Its own process group: Ctrl-C reaches the launcher alone, which stops things in order. If the launcher dies,
      // the closed channel tells the server to stop by itself.
      detached: true,
    });
    const since = Date.now();
    let hasServed = false;
    this.#child = child;
    if (child.pid !== undefined) onStart(child.pid);
    child.on('message', (value) => {
      const message = parseServerMessage(value);
      if (message === undefined) return;
      if (message.type === 'ready') {
        this.#wasReady = true;
        hasServed = true;
      }
      onMessage(message);
    });
    child.on('error', (error) => log(`The server process: ${error.message}`));
    this.#gone = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve();
        this.#ended(child, { code, signal, livedMs: Date.now() - since, hasServed });
      });
    });
  }

  #ended(
    child: ChildProcess,
    end: { code: number | null; signal: string | null; livedMs: number; hasServed: boolean },
  ): void {
    const { log, onGivenUp } = this.#options;
    if (this.#isStopping) return;
    if (isRefusal(end.code)) {
      log(`The server refused to start (exit code ${end.code}); its message is above.`);
      onGivenUp(end.code);
      return;
    }
    this.#failures = end.livedMs > STABLE_MS ? 0 : this.#failures + 1;
    if (!this.#wasReady && this.#failures >= FAILED_STARTS_MAX) {
      log(`The server ended ${this.#failures} times without becoming ready; giving up.`);
      onGivenUp(1);
      return;
    }
    const backoffMs = BACKOFF_MS[Math.min(Math.max(this.#failures - 1, 0), BACKOFF_MS.length - 1)] ?? 0;
    const waitMs = end.hasServed ? Math.min(backoffMs, SERVED_BACKOFF_MS_MAX) : backoffMs;
    log(
      `The server (pid ${child.pid}) ended unasked (${end.signal ?? `exit code ${end.code}`}); starting it again in ${waitMs} ms.`,
    );
    setTimeout(() => {
      if (!this.#isStopping) this.start();
    }, waitMs);
  }

  /** Asks the server to drain and waits for it; kills it when it takes too long. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    // Windows has no signal to catch; there the closed channel is the request to stop.
    if (process.platform === 'win32') child.disconnect();
    else child.kill('SIGTERM');
    const waiting = new AbortController();
    const drainMs = this.#options.drainMs ?? DRAIN_MS;
    const timeout = sleep(drainMs, true, { signal: waiting.signal }).catch(() => false);
    const isLate = await Promise.race([this.#gone.then(() => false), timeout]);
    waiting.abort();
    if (!isLate) return;
    this.#options.log(`The server did not stop within ${drainMs / 1000} s and is killed.`);
    child.kill('SIGKILL');
    await this.#gone;
  }
}
