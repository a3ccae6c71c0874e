import type { AssetView } from '@quantumvault/api';
import { findAlgorithm, findPublicKeyAlgorithm } from '@quantumvault/crypto';
import {
  type Agility,
  type AlgorithmRegistry,
  type AssetType,
  assessRisk,
  defaultRiskSettings,
  type EncryptionProfile,
  type Exposure,
  formatScanTarget,
  InventoryError,
  parseScanTarget,
  proveProfile,
  quantumReadiness,
  type Readiness,
  type RiskAssessment,
  type Sensitivity,
  type TlsScanResult,
} from '@quantumvault/inventory';
import type { AssetId, EnvironmentId } from '../../../kernel/ids.ts';
import { inventoryErrors } from './errors.ts';

/** How much the data behind an asset matters; people decide it, scans do not. */
export interface Classification {
  readonly sensitivity: Sensitivity;
  readonly exposure: Exposure;
  readonly dataLifetimeYears: number;
}

export interface Evidence {
  readonly source: 'server-scan' | 'cli-scan';
  readonly observedAt: string;
  readonly scan: TlsScanResult;
}

/** An asset as this installation keeps it (INV-1). */
export interface StoredAsset extends Classification {
  readonly id: AssetId;
  readonly environmentId: EnvironmentId;
  readonly name: string;
  readonly type: AssetType;
  readonly endpoint: string;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly encryptionProfile: EncryptionProfile | null;
  readonly evidence: Evidence | null;
  readonly risk: RiskAssessment;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly archivedAt: Date | null;
  /** Since when scans find nothing where it was; null while it answers. */
  readonly goneSince: Date | null;
  /** How it left the inventory; null while it is active, and when it was archived. */
  readonly endedAs: 'merged' | 'withdrawn' | null;
  readonly endReason: string | null;
  readonly mergedInto: AssetId | null;
  readonly version: number;
}

export const algorithmRegistry: AlgorithmRegistry = { findAlgorithm, findPublicKeyAlgorithm };

/** How hard it is to change the cryptography of a type of asset; what a protection job did once, it can do again. */
const agilityByType: Readonly<Record<AssetType, Agility>> = {
  'tls-endpoint': 'configurable',
  'ssh-endpoint': 'configurable',
  certificate: 'configurable',
  'key-material': 'configurable',
  'data-store': 'code-change',
  'api-endpoint': 'code-change',
  'token-issuer': 'code-change',
  'source-usage': 'code-change',
  library: 'vendor-bound',
};

export function agilityOf(asset: Pick<StoredAsset, 'type' | 'encryptionProfile'>): Agility {
  return asset.encryptionProfile?.appliedPolicy === undefined ? agilityByType[asset.type] : 'automated';
}

/** INV-2, over what is known of the asset now. */
export function riskOf(asset: Classification & Pick<StoredAsset, 'type' | 'encryptionProfile'>): RiskAssessment {
  const { sensitivity, exposure, dataLifetimeYears, encryptionProfile } = asset;
  return assessRisk(
    {
      sensitivity,
      exposure,
      dataLifetimeYears,
      uses: encryptionProfile?.uses ?? [],
      weaknesses: encryptionProfile?.weaknesses ?? [],
      agility: agilityOf(asset),
    },
    defaultRiskSettings,
    algorithmRegistry,
  );
}

/** In one word, what a quantum computer would do to what protects the asset now. */
export const readinessOf = (profile: EncryptionProfile | null): Readiness =>
  quantumReadiness(profile?.uses ?? [], algorithmRegistry);

/** The stable identity by which scans find an asset again: one spelling per endpoint. */
export function canonicalEndpoint(type: AssetType, endpoint: string): string {
  if (type !== 'tls-endpoint') return endpoint.trim();
  try {
    return formatScanTarget(parseScanTarget(endpoint));
  } catch (cause) {
    if (cause instanceof InventoryError) throw inventoryErrors.INVENTORY_ENDPOINT_INVALID({ cause });
    throw cause;
  }
}

export function assetView(asset: StoredAsset): AssetView {
  const { firstSeenAt, lastSeenAt, archivedAt, endedAs, goneSince, tags, encryptionProfile, evidence, risk, ...rest } =
    asset;
  const proof = proveProfile(encryptionProfile);
  return {
    ...rest,
    tags: [...tags],
    // These three are JSON that this module made; the contract parses them once more on their way out.
    encryptionProfile: encryptionProfile as AssetView['encryptionProfile'],
    evidence: evidence as AssetView['evidence'],
    risk: risk as unknown as AssetView['risk'],
    firstSeenAt: firstSeenAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    archivedAt: archivedAt?.toISOString() ?? null,
    state: archivedAt === null ? 'active' : (endedAs ?? 'archived'),
    goneSince: goneSince?.toISOString() ?? null,
    proof: proof === null ? null : { state: proof.state, gaps: [...proof.gaps] },
  };
}
