import type { ScanTarget } from '@quantumvault/inventory';
import { ConnectionLimiter, defaultConnectionLimits } from './connection-limiter.ts';
import { ProbeShares } from './probe-shares.ts';
import { type TlsScanOptions, type TlsScanOutcome, tlsScanDefaults } from './scan-options.ts';
import { type ScanContext, scanTarget } from './scan-target.ts';

/**
 * Scans TLS endpoints (INV-3): versions, suites and groups in the server's order, certificate chains, findings. Targets
 * are drawn as there is room for them, so an endless source needs no more memory than the targets in progress; a scan
 * that was stopped goes on by giving the targets that are left. The outcomes come back in the order of the targets,
 * unless `keepOutcomes` is false.
 *
 * Never rejects for what a server does, only for what the caller's own target source or `onOutcome` throws.
 */
export async function scanTls(
  targets: Iterable<ScanTarget> | AsyncIterable<ScanTarget>,
  options: TlsScanOptions,
): Promise<readonly TlsScanOutcome[]> {
  const { rates, keepOutcomes = true, profile = 'full' } = options;
  const limits = rates === undefined ? defaultConnectionLimits : { ...defaultConnectionLimits, rates };
  const context: ScanContext = {
    options,
    limiter: options.limiter ?? new ConnectionLimiter(limits),
    shares: new ProbeShares(),
  };
  const outcomes: TlsScanOutcome[] = [];
  let hasFailed = false;
  // A list has an outcome for each entry, also when it was cancelled; a source is not drawn from any further.
  const isOver = () => hasFailed || (options.signal?.aborted === true && !Array.isArray(targets));
  const draw = oneByOne(targets);
  const work = async () => {
    try {
      while (!isOver()) {
        const drawn = await draw();
        if (drawn === undefined) return;
        const outcome = await scanTarget(drawn.target, context);
        if (keepOutcomes) outcomes[drawn.index] = outcome;
        options.onOutcome?.(outcome);
      }
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  };
  const workersMax = Math.max(1, options.targetsMax ?? tlsScanDefaults.targetsMax[profile]);
  const workers = Array.isArray(targets) ? Math.min(workersMax, targets.length) : workersMax;
  // All workers end before this does: nobody touches a host after the caller was told that it is over.
  const ended = await Promise.allSettled(Array.from({ length: workers }, work));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  return outcomes;
}

/** Draws targets with their numbers, one call after the other, so that each is taken once. */
function oneByOne(
  targets: Iterable<ScanTarget> | AsyncIterable<ScanTarget>,
): () => Promise<{ readonly index: number; readonly target: ScanTarget } | undefined> {
  const iterator = Symbol.asyncIterator in targets ? targets[Symbol.asyncIterator]() : targets[Symbol.iterator]();
  let index = 0;
  let isDone = false;
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(async () => {
      if (isDone) return undefined;
      const { done, value } = await iterator.next();
      if (done === true) isDone = true;
      return done === true ? undefined : { index: index++, target: value };
    });
    last = next.catch(() => {
      isDone = true;
    });
    return next;
  };
}
