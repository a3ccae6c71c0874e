import {
  formatScanTarget,
  observeProfile,
  profileOfTlsScan,
  type TlsScanResult,
  targetOfResult,
} from '@quantumvault/inventory';
import type { AssetId, EnvironmentId, NewId } from '../../kernel/ids.ts';
import type { WriteTransaction } from '../../kernel/unit-of-work.ts';
import { type Classification, type Evidence, riskOf, type StoredAsset } from './domain/asset.ts';
import type { AssetRepository } from './ports/asset-repository.ts';
import type { FindingRepository } from './ports/finding-repository.ts';

export interface TlsScans {
  readonly results: readonly TlsScanResult[];
  readonly source: Evidence['source'];
  /** ISO 8601 UTC. */
  readonly observedAt: string;
  readonly environmentId: EnvironmentId;
  /** For endpoints that were not known; a known asset keeps what people said of it. */
  readonly classification: Classification;
}

export interface RecordedScan {
  readonly target: string;
  readonly asset: StoredAsset;
  readonly isNew: boolean;
  /** What was seen of the asset the time before. */
  readonly before: TlsScanResult | null;
}

/** Stores scan results as assets inside the caller's transaction; results without a TLS version are no assets and are left out. */
export type RecordTlsScans = (tx: WriteTransaction, scans: TlsScans) => Promise<readonly RecordedScan[]>;

export function createRecordTlsScans(options: {
  assets: AssetRepository;
  findings: FindingRepository;
  newId: NewId;
}): RecordTlsScans {
  const { assets, findings, newId } = options;

  async function record(tx: WriteTransaction, scans: TlsScans, target: string, result: TlsScanResult) {
    const observed = profileOfTlsScan(result, scans.observedAt);
    if (observed === null) return null;
    const evidence: Evidence = { source: scans.source, observedAt: scans.observedAt, scan: result };
    const identity = { environmentId: scans.environmentId, type: 'tls-endpoint', endpoint: target } as const;
    const inserted = await assets.insert(tx, {
      id: newId<AssetId>(),
      ...identity,
      name: target.slice(0, 200),
      owner: null,
      tags: [],
      ...scans.classification,
      encryptionProfile: observed,
      evidence,
      risk: riskOf({ ...scans.classification, type: 'tls-endpoint', encryptionProfile: observed }),
    });
    if (inserted !== null) return { target, asset: inserted, isNew: true, before: null };
    const known = await assets.findByIdentityForUpdate(tx, identity);
    // Archived between the two statements: the next scan finds it as a new one.
    if (known === null) return null;
    // What a scan sees replaces what was believed; which policy was applied stays known.
    const encryptionProfile = observeProfile(known.encryptionProfile, observed);
    const risk = riskOf({ ...known, encryptionProfile });
    const asset = await assets.change(tx, known.id, { encryptionProfile, evidence, risk, isSeenNow: true });
    return { target, asset, isNew: false, before: known.evidence?.scan ?? null };
  }

  return async (tx, scans) => {
    const byTarget = new Map(scans.results.map((result) => [formatScanTarget(targetOfResult(result)), result]));
    const recorded: RecordedScan[] = [];
    // One order for all writers, so that two scans of the same endpoints do not wait for each other in a circle.
    for (const [target, result] of [...byTarget].sort(([left], [right]) => (left < right ? -1 : 1))) {
      const scan = await record(tx, scans, target, result);
      if (scan === null) continue;
      recorded.push(scan);
      // A quick scan asks too little to say that something is gone.
      await findings.observe(tx, scan.asset, { findings: result.findings, isComplete: result.profile === 'full' });
      await tx.audit({
        action: scan.isNew ? 'asset.discovered' : 'asset.observed',
        resource: { type: 'asset', id: scan.asset.id },
        details: {
          assetType: 'tls-endpoint',
          source: scans.source,
          findings: result.findings.length,
          riskBand: scan.asset.risk.band,
        },
      });
    }
    return recorded;
  };
}
