import type { ArtifactId, AssetId, JobId, PolicyId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';

export type ArtifactKind = 'data-key' | 'tls-bundle';

/** A key of an asset, as it is stored: wrapped, with the suite of the wrap (CRY-9). */
export interface StoredAssetKey {
  readonly id: string;
  readonly purpose: 'recipient' | 'data-key' | 'tls-server';
  readonly algorithm: string;
  readonly publicKey: Uint8Array | null;
  readonly wrapSuite: string;
  readonly wrapped: Uint8Array;
  /** Version of the tenant's KEK; null for what is wrapped to a recipient. */
  readonly kekVersion: number | null;
}

export interface Artifact {
  readonly id: ArtifactId;
  readonly assetId: AssetId;
  readonly kind: ArtifactKind;
  /** JSON without secrets. */
  readonly content: unknown;
  readonly keys: readonly StoredAssetKey[];
}

export interface ArtifactRepository {
  /** The job's one artefact: a second one for the same job is refused by the database. */
  insert(
    tx: Transaction,
    artifact: Artifact & { readonly jobId: JobId; readonly policyId: PolicyId; readonly policyVersion: number },
  ): Promise<void>;
  /** The newest artefact of the kind, or the one with this id, with its keys; null when there is none or no such asset. */
  findNewest(tx: Transaction, assetId: string, kind: ArtifactKind, artifactId?: string): Promise<Artifact | null>;
}
