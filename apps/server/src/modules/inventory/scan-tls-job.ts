import { parseScanTarget, type ScanTarget } from '@quantumvault/inventory';
import type { ApprovalGate } from '../../kernel/approvals.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type EnvironmentId, idFrom, type JobId } from '../../kernel/ids.ts';
import {
  type Job,
  type JobContext,
  type JobEffect,
  type JobHandler,
  type JobResult,
  jobErrors,
} from '../jobs/index.ts';
import type { RecordedTarget, ScanRun } from './domain/scan-run.ts';
import { scopeOf } from './domain/scan-run.ts';
import { scanTlsInputSchema } from './domain/scan-tls-input.ts';
import type { EndedOutcome, KeepScanOutcomes } from './keep-scan-outcomes.ts';
import type { BegunScan, ScanRepository } from './ports/scan-repository.ts';
import type { TlsScanner } from './ports/tls-scanner.ts';

/** Outcomes of one transaction: a kill loses so many at most beside those in flight. */
const partMax = 32;
/** What ended is there to be read within this time, so that whoever watches a scan sees it grow. */
const keepAfterMs = 1_000;
/** Targets that the job itself names in its result; the scan has them all. */
const namedMax = 256;

/**
 * Runs `scan-tls` jobs: scans from this server within its guards (INV-7). What was found is kept in parts while it runs
 * (INV-5), so that a job that runs again after a kill, or resumes a cancelled one, asks only what is left.
 */
export class ScanTlsJob implements JobHandler {
  readonly kind = 'scan-tls';
  readonly permission = 'asset.scan';
  readonly #scanner: TlsScanner;
  readonly #scans: ScanRepository;
  readonly #keep: KeepScanOutcomes;
  readonly #approvals: Pick<ApprovalGate, 'isDemanded'>;
  readonly #clock: Clock;
  readonly #keepAfterMs: number;
  constructor(options: {
    scanner: TlsScanner;
    scans: ScanRepository;
    keep: KeepScanOutcomes;
    approvals: Pick<ApprovalGate, 'isDemanded'>;
    clock: Clock;
    keepAfterMs?: number;
  }) {
    this.#scanner = options.scanner;
    this.#scans = options.scans;
    this.#keep = options.keep;
    this.#approvals = options.approvals;
    this.#clock = options.clock;
    this.#keepAfterMs = options.keepAfterMs ?? keepAfterMs;
  }

  async run(job: Job, context: JobContext): Promise<JobEffect> {
    const { run, pending, reach } = await this.#begin(job, context);
    const ended: EndedOutcome[] = [];
    let done = run.targets - pending.length;
    const keepNow = async (): Promise<void> => {
      const outcomes = ended.splice(0);
      if (outcomes.length === 0) return;
      const observedAt = this.#clock.now().toISOString();
      await context.checkpoint((tx) => this.#keep(tx, run, { outcomes, observedAt }));
      // Only what is kept counts as done: whoever is told of progress finds it.
      done += outcomes.length;
      context.progress((done / run.targets) * 100);
    };
    // One part after the other; the first that fails fails all that follow, and with them the scan.
    let keeping: Promise<void> = Promise.resolve();
    const keepPart = (): Promise<void> => {
      keeping = keeping.then(keepNow);
      return keeping;
    };
    const failed = new AbortController();
    let timer: NodeJS.Timeout | null = null;
    const keepSoon = (): void => {
      timer ??= setTimeout(() => {
        timer = null;
        keepPart().catch(() => failed.abort());
      }, this.#keepAfterMs);
    };
    // The scan asks for its next target here, so a database that is slow holds the scan back, not the memory.
    async function* targets(): AsyncGenerator<ScanTarget, undefined> {
      for (const target of pending) {
        if (ended.length >= partMax) await keepPart();
        yield parseScanTarget(target);
      }
      return undefined;
    }
    try {
      await this.#scanner.scan(targets(), {
        profile: run.profile,
        reach,
        signal: AbortSignal.any([context.signal, failed.signal]),
        onOutcome: (outcome) => {
          if (outcome.kind === 'cancelled') return;
          ended.push(outcome);
          keepSoon();
        },
      });
    } finally {
      if (timer !== null) clearTimeout(timer);
    }
    context.signal.throwIfAborted();
    await keepPart();
    return (tx) => this.#finish(tx, run);
  }

  /**
   * ACC-9: where scans of internal networks are under approval, one that has none reaches public addresses alone, whatever its
   * names resolve to and whichever way it was asked for.
   */
  async #begin(job: Job, context: JobContext): Promise<BegunScan & { readonly reach: 'opened' | 'public' }> {
    const parsed = scanTlsInputSchema.safeParse(job.input);
    if (!parsed.success) throw jobErrors.JOBS_INPUT_INVALID({ cause: parsed.error });
    const { targets, environmentId, scanId, name, internal: _, approved, ...rest } = parsed.data;
    let begun: BegunScan | undefined;
    let reach: 'opened' | 'public' = 'public';
    await context.checkpoint(async (tx) => {
      begun = await this.#scans.begin(tx, {
        ...rest,
        id: scanId === undefined ? job.id : idFrom<JobId>(scanId),
        jobId: job.id,
        scope: scopeOf(name, targets),
        environmentId: idFrom<EnvironmentId>(environmentId),
        requestedBy: job.requestedBy,
        targets,
      });
      const { run, pending } = begun;
      if (approved === true || !(await this.#approvals.isDemanded(tx, 'scan.internal'))) reach = 'opened';
      await tx.audit({
        action: pending.length === run.targets ? 'scan.started' : 'scan.resumed',
        resource: { type: 'scan', id: run.id },
        details: { jobId: job.id, targets: run.targets, left: pending.length, profile: run.profile, reach },
      });
    });
    if (begun === undefined) throw new Error('the checkpoint did not run');
    return { ...begun, reach };
  }

  async #finish(tx: Parameters<JobEffect>[0], run: ScanRun): ReturnType<JobEffect> {
    await this.#scans.finish(tx, run.id);
    const counts = await this.#scans.counts(tx, run.id);
    const named = await this.#scans.listTargets(tx, { scanId: run.id, after: null, limit: namedMax });
    const { answered, unreachable, refused } = counts.status;
    return {
      result: {
        scanId: run.id,
        targets: run.targets,
        assets: named.flatMap(({ target, assetId, status, change }) =>
          assetId === null || status !== 'answered' ? [] : [{ target, assetId, isNew: change === 'new' }],
        ),
        unreachable: named.flatMap(unreachableOf),
      },
      details: { targets: run.targets, assets: answered, unreachable: unreachable + refused, ...counts.change },
    };
  }
}

type Unreachable = Extract<JobResult, { readonly targets: number }>['unreachable'][number];

function unreachableOf({ target, error }: RecordedTarget): Unreachable[] {
  // Scans write no other causes.
  return error === null ? [] : [{ target, error: error as Unreachable['error'] }];
}
