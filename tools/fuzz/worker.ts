/**
 * One target in a thread of its own. The thread writes each input into shared memory before it runs it, so that the
 * watcher outside has the input that did not end or that took all memory.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { fuzzLoop, type LoopResult } from './engine/fuzz-loop.ts';
import { instrumentLoading } from './engine/load-hooks.ts';
import { type WorkerInput, watchedBytes } from './shared-input.ts';
import type { TargetModule } from './targets/targets.ts';

async function run({ module, executions, seed, seeds, milliseconds, shared }: WorkerInput): Promise<LoopResult> {
  const code = instrumentLoading();
  const { makeTarget }: TargetModule = await import(module);
  const target = await makeTarget();
  const watched = watchedBytes(shared);
  return fuzzLoop(target, code, {
    executions,
    seed,
    seeds,
    milliseconds,
    announce(execution, bytes) {
      watched.bytes.set(bytes.subarray(0, watched.bytes.length));
      watched.head[1] = bytes.length;
      Atomics.store(watched.head, 0, execution + 1);
    },
  });
}

if (parentPort !== null) parentPort.postMessage(await run(workerData));
