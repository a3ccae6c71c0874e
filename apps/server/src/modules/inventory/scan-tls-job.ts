import { formatScanTarget, parseScanTarget, type TlsScanResult } from '@quantumvault/inventory';
import type { Clock } from '../../kernel/clock.ts';
import { type EnvironmentId, idFrom } from '../../kernel/ids.ts';
import { type Job, type JobContext, type JobEffect, type JobHandler, jobErrors } from '../jobs/index.ts';
import { scanTlsInputSchema } from './domain/scan-tls-input.ts';
import type { TlsOutcome, TlsScanner } from './ports/tls-scanner.ts';
import type { RecordTlsScans } from './record-tls-scans.ts';

type Unreachable = { target: string; error: NonNullable<TlsScanResult['error']> | 'not-tls' | 'address-refused' };

function unreachableOf(outcome: TlsOutcome): Unreachable | null {
  const target = formatScanTarget(outcome.target);
  if (outcome.kind === 'refused') return { target, error: 'address-refused' };
  if (outcome.kind === 'cancelled') return { target, error: 'timeout' };
  return outcome.result.versions.length > 0 ? null : { target, error: outcome.result.error ?? 'not-tls' };
}

/** Runs `scan-tls` jobs: scans from this server within its guards (INV-7) and stores what answered (INV-5). */
export class ScanTlsJob implements JobHandler {
  readonly kind = 'scan-tls';
  readonly #scanner: TlsScanner;
  readonly #record: RecordTlsScans;
  readonly #clock: Clock;
  constructor(options: { scanner: TlsScanner; record: RecordTlsScans; clock: Clock }) {
    this.#scanner = options.scanner;
    this.#record = options.record;
    this.#clock = options.clock;
  }

  async run(job: Job, context: JobContext): Promise<JobEffect> {
    const parsed = scanTlsInputSchema.safeParse(job.input);
    if (!parsed.success) throw jobErrors.JOBS_INPUT_INVALID({ cause: parsed.error });
    const { targets, environmentId, ...classification } = parsed.data;
    let ended = 0;
    const outcomes = await this.#scanner.scan(targets.map(parseScanTarget), {
      signal: context.signal,
      onOutcome: () => {
        ended += 1;
        context.progress((ended / targets.length) * 100);
      },
    });
    context.signal.throwIfAborted();
    const unreachable = outcomes.map(unreachableOf).filter((entry) => entry !== null);
    const results = outcomes.flatMap((outcome) => (outcome.kind === 'scanned' ? [outcome.result] : []));
    const observedAt = this.#clock.now().toISOString();
    return async (tx) => {
      const recorded = await this.#record(tx, {
        results,
        source: 'server-scan',
        observedAt,
        environmentId: idFrom<EnvironmentId>(environmentId),
        classification,
      });
      const assets = recorded.map(({ target, asset, isNew }) => ({ target, assetId: asset.id, isNew }));
      return {
        result: { targets: targets.length, assets, unreachable },
        details: { targets: targets.length, assets: assets.length, unreachable: unreachable.length },
      };
    };
  }
}
