/** Runs one target in a watched thread: whatever a parser does there, this thread reports it. */
import { Worker } from 'node:worker_threads';
import type { Finding, LoopResult } from './engine/fuzz-loop.ts';
import { inputOf, newShared, type WorkerInput, watchedBytes } from './shared-input.ts';

export const campaignLimits = {
  /** An execution that takes longer, three times in a row, is a finding. */
  executionMs: 500,
  /** An execution that has not ended by then never does. */
  hangMs: 20_000,
  /** Of the thread's heap. */
  heapMb: 512,
  /** Of the process, above what it had when the target began: buffers lie outside the heap. */
  growthMb: 1024,
} as const;

export interface CampaignOptions {
  /** Address of the target's module. */
  readonly module: string;
  readonly executions: number;
  readonly seed: number;
  readonly seeds: readonly Uint8Array[];
  readonly limits: { readonly [limit in keyof typeof campaignLimits]: number };
}

export interface CampaignResult extends LoopResult {
  readonly seconds: number;
  readonly growthMb: number;
}

const pollMs = 100;
const megabyte = 1024 * 1024;

export async function runCampaign({ limits, ...options }: CampaignOptions): Promise<CampaignResult> {
  const began = performance.now();
  const shared = newShared();
  const watched = watchedBytes(shared);
  const workerData: WorkerInput = { ...options, milliseconds: limits.executionMs, shared };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
  });
  const rssBefore = process.memoryUsage.rss();
  let rssMost = rssBefore;
  const { promise: result, resolve, reject } = Promise.withResolvers<LoopResult>();

  const stopWith = (reason: string): void => {
    const finding: Finding = { reason, input: inputOf(watched) };
    const executions = watched.head[0] ?? 0;
    const unknown = { edges: 0, edgesMax: 0, features: 0, corpusSize: 0, slowestMs: Number.NaN, minimal: [] };
    resolve({ executions, findings: [finding], ...unknown });
  };

  let last = { executions: 0, at: performance.now() };
  const poll = setInterval(() => {
    const executions = Atomics.load(watched.head, 0);
    if (executions !== last.executions) last = { executions, at: performance.now() };
    else if (executions > 0 && performance.now() - last.at > limits.hangMs) stopWith('does not end');
    rssMost = Math.max(rssMost, process.memoryUsage.rss());
    if (rssMost - rssBefore > limits.growthMb * megabyte) stopWith(`takes more than ${limits.growthMb} MiB of memory`);
  }, pollMs);

  worker.once('message', resolve);
  worker.once('error', (error) => {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      stopWith(`takes more than ${limits.heapMb} MiB of heap`);
    } else reject(error);
  });
  try {
    const done = await result;
    const growthMb = Math.round((rssMost - rssBefore) / megabyte);
    return { ...done, seconds: (performance.now() - began) / 1000, growthMb };
  } finally {
    clearInterval(poll);
    await worker.terminate();
  }
}
