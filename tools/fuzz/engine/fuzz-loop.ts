/** Runs one target on seeds and on what becomes of them, in this thread. */
import { Corpus } from './corpus.ts';
import { Coverage } from './coverage.ts';
import type { LoadedCode } from './load-hooks.ts';
import { dictionaryOf, Mutator } from './mutator.ts';
import { Dice } from './random.ts';

/** A parser together with what must hold for any input. */
export interface FuzzTarget {
  /** Longest input; long ones cost speed and find little more. */
  readonly bytesMax: number;
  /** Good inputs beside the kept seeds. */
  readonly samples: readonly Uint8Array[];
  /** Throws for a finding; an error that the parser may throw is not one. A promise is waited for, other results are not used. */
  run(bytes: Uint8Array): unknown;
}

export interface Finding {
  readonly reason: string;
  readonly input: Uint8Array;
}

export interface LoopOptions {
  readonly executions: number;
  readonly seed: number;
  readonly seeds: readonly Uint8Array[];
  /** An execution that takes longer three times in a row is a finding. */
  readonly milliseconds: number;
  /** Told before each execution, so that a watcher knows what did not end. */
  announce(execution: number, bytes: Uint8Array): void;
}

export interface LoopResult {
  readonly executions: number;
  readonly findings: readonly Finding[];
  readonly edges: number;
  readonly edgesMax: number;
  readonly features: number;
  readonly corpusSize: number;
  readonly slowestMs: number;
  readonly minimal: readonly Uint8Array[];
}

/** Different findings that are kept; after that the parser needs its author and not more executions. */
const findingsMax = 8;

export async function fuzzLoop(target: FuzzTarget, code: LoadedCode, options: LoopOptions): Promise<LoopResult> {
  const dice = new Dice(options.seed);
  const mutator = new Mutator(dice, dictionaryOf(code.literals), target.bytesMax);
  const coverage = new Coverage(code);
  const corpus = new Corpus();
  const findings = new Map<string, Finding>();
  let done = 0;
  let slowestMs = 0;

  async function execute(bytes: Uint8Array): Promise<void> {
    options.announce(done, bytes);
    done += 1;
    coverage.begin();
    const began = performance.now();
    const reason = await outcomeOf(target, bytes);
    const took = performance.now() - began;
    if (coverage.take()) corpus.add({ bytes, features: coverage.featuresOfLast() });
    if (reason !== undefined && !findings.has(reason)) findings.set(reason, { reason, input: bytes });
    if (took > slowestMs) slowestMs = Math.max(slowestMs, await leastOfThree(took, bytes));
  }

  /** The collector and other processes also take time; only what is slow each time is the parser's doing. */
  async function leastOfThree(took: number, bytes: Uint8Array): Promise<number> {
    let least = took;
    for (let again = 0; again < 2 && least > options.milliseconds; again += 1) {
      const began = performance.now();
      await outcomeOf(target, bytes);
      least = Math.min(least, performance.now() - began);
    }
    if (least > options.milliseconds) findings.set('slow', { reason: `takes ${Math.round(least)} ms`, input: bytes });
    return least;
  }

  for (const bytes of [new Uint8Array(0), ...target.samples, ...options.seeds]) {
    if (bytes.length <= target.bytesMax && done < options.executions) await execute(bytes);
  }
  while (done < options.executions && findings.size < findingsMax) {
    await execute(mutator.mutate(corpus.pick(dice), corpus.pick(dice)));
  }
  const { edges, edgesMax, features } = coverage;
  const counts = { edges, edgesMax, features, corpusSize: corpus.size, slowestMs };
  return { executions: done, findings: [...findings.values()], ...counts, minimal: corpus.minimal() };
}

/** Undefined when all is well. Only a promise is waited for: waiting for nothing would cost more than most parsers. */
async function outcomeOf(target: FuzzTarget, bytes: Uint8Array): Promise<string | undefined> {
  try {
    const running = target.run(bytes);
    if (running instanceof Promise) await running;
    return undefined;
  } catch (error) {
    return describe(error);
  }
}

/** Names the finding by its error and the first place in our sources, so that one mistake is one finding. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return `throws ${typeof error}`;
  const place = /\/((?:packages|tools)\/[^\s()]+)/.exec(error.stack?.split('\n').slice(1).join('\n') ?? '')?.[1];
  return `${error.name}: ${error.message} at ${place ?? 'an unknown place'}`;
}
