import { formatScanTarget } from '@quantumvault/inventory';
import type { WriteTransaction } from '../../kernel/unit-of-work.ts';
import { compareTarget, factsOf, type RecordedTarget, type ScanRun, type TargetFacts } from './domain/scan-run.ts';
import type { AssetRepository } from './ports/asset-repository.ts';
import type { ScanRepository } from './ports/scan-repository.ts';
import type { TlsOutcome } from './ports/tls-scanner.ts';
import type { RecordTlsScans } from './record-tls-scans.ts';

export type EndedOutcome = Exclude<TlsOutcome, { readonly kind: 'cancelled' }>;

/** Stores a part of a scan in one transaction: assets, findings, and how each target stands against the run before. */
export type KeepScanOutcomes = (
  tx: WriteTransaction,
  run: ScanRun,
  part: { readonly outcomes: readonly EndedOutcome[]; readonly observedAt: string },
) => Promise<void>;

export function createKeepScanOutcomes(options: {
  assets: AssetRepository;
  scans: ScanRepository;
  record: RecordTlsScans;
}): KeepScanOutcomes {
  const { assets, scans, record } = options;
  return async (tx, run, { outcomes, observedAt }) => {
    const targets = outcomes.map(({ target }) => formatScanTarget(target));
    const before = await scans.factsBefore(tx, run, targets);
    const results = outcomes.flatMap((outcome) => (outcome.kind === 'scanned' ? [outcome.result] : []));
    const { environmentId, sensitivity, exposure, dataLifetimeYears } = run;
    const recorded = await record(tx, {
      results,
      source: 'server-scan',
      observedAt,
      environmentId,
      classification: { sensitivity, exposure, dataLifetimeYears },
    });
    const found = new Map(recorded.map((scan) => [scan.target, scan]));
    const silent = targets.filter((target) => !found.has(target));
    const known = await assets.findEndpoints(tx, { environmentId, endpoints: silent });

    /** A run without one before it is compared with what was known of the asset. */
    const factsBefore = (target: string): TargetFacts | null => {
      const seen = before.get(target);
      if (seen !== undefined) return seen;
      const evidence = found.get(target)?.before ?? known.get(target)?.evidence?.scan;
      return evidence === undefined || evidence === null ? null : factsOf(evidence);
    };

    const rows = outcomes.map((outcome): RecordedTarget => {
      const target = formatScanTarget(outcome.target);
      const scan = found.get(target);
      if (outcome.kind === 'refused') {
        // Nothing was asked, so nothing is known to have gone.
        return { ...nothing, target, status: 'refused', change: null, error: 'address-refused' };
      }
      const facts = scan === undefined ? null : factsOf(outcome.result);
      const comparison = compareTarget(factsBefore(target), facts);
      if (scan === undefined) {
        const error = outcome.result.error ?? 'not-tls';
        const assetId = known.get(target)?.id ?? null;
        return { ...nothing, ...comparison, target, status: 'unreachable', error, assetId };
      }
      return { ...nothing, ...comparison, target, status: 'answered', facts, assetId: scan.asset.id };
    });
    const gone = rows.flatMap(({ change, assetId }) => (change === 'gone' && assetId !== null ? [assetId] : []));
    await assets.markGone(tx, gone);
    await scans.record(tx, run.id, rows);
    const count = (status: RecordedTarget['status']) => rows.filter((row) => row.status === status).length;
    await tx.audit({
      action: 'scan.recorded',
      resource: { type: 'scan', id: run.id },
      details: {
        answered: count('answered'),
        unreachable: count('unreachable'),
        refused: count('refused'),
        gone: gone.length,
      },
    });
  };
}

const nothing = { changed: [], error: null, facts: null, assetId: null } as const;
