/**
 * The asset model (INV-1): a thing whose cryptography is protected. Enumerations travel by name; the numbers beside
 * them exist only for the risk arithmetic.
 */
import type { EncryptionProfile } from './encryption-profile.ts';

export const assetTypes = [
  'tls-endpoint',
  'certificate',
  'data-store',
  'key-material',
  'api-endpoint',
  'ssh-endpoint',
  'library',
  'source-usage',
  'token-issuer',
] as const;

export type AssetType = (typeof assetTypes)[number];

/** How bad disclosure would be, mildest first; weights 1 to 5. */
export const sensitivities = ['public', 'internal', 'confidential', 'restricted', 'top-secret'] as const;

export type Sensitivity = (typeof sensitivities)[number];

/** Who can reach it, narrowest first; weights 1 to 3. */
export const exposures = ['internal', 'partner', 'internet'] as const;

export type Exposure = (typeof exposures)[number];

export function sensitivityWeight(sensitivity: Sensitivity): number {
  return sensitivities.indexOf(sensitivity) + 1;
}

export function exposureWeight(exposure: Exposure): number {
  return exposures.indexOf(exposure) + 1;
}

/** An asset is never deleted: archived keeps history and audit, merged points to the entry that replaced it, withdrawn was a mistake. */
export const assetStates = ['active', 'archived', 'merged', 'withdrawn'] as const;

export type AssetState = (typeof assetStates)[number];

/** Limits of what people type; the store and every transport use these. */
export const assetLimits = {
  nameCharactersMax: 200,
  endpointCharactersMax: 500,
  ownerCharactersMax: 200,
  environmentCharactersMax: 100,
  tagsMax: 50,
  tagCharactersMax: 100,
  dataLifetimeYearsMax: 100,
} as const;

export interface Asset {
  readonly id: string;
  readonly name: string;
  readonly type: AssetType;
  /** `host:port`, a URL, a path: whatever finds the thing again; null for things without one. */
  readonly endpoint: string | null;
  readonly owner: string | null;
  readonly sensitivity: Sensitivity;
  readonly exposure: Exposure;
  /** How long its data must stay secret. */
  readonly dataLifetimeYears: number;
  readonly environment: string | null;
  readonly tags: readonly string[];
  /** What protects it now; null when nobody has looked yet. */
  readonly encryptionProfile: EncryptionProfile | null;
  readonly state: AssetState;
  /** ISO 8601 UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
}
