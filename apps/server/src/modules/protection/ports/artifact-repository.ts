import type { EncryptionProfile } from '@quantumvault/inventory';
import type { ArtifactId, AssetId, JobId, PolicyId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { IssuedCertificate } from './certificate-maker.ts';

export type ArtifactKind = 'data-key' | 'tls-bundle' | 'jwks' | 'certificate';

/** A key of an asset, as it is stored: wrapped, with the suite of the wrap (CRY-9). */
export interface StoredAssetKey {
  readonly id: string;
  readonly purpose: 'recipient' | 'data-key' | 'tls-server' | 'token-signing' | 'certificate';
  readonly algorithm: string;
  readonly publicKey: Uint8Array | null;
  readonly wrapSuite: string;
  readonly wrapped: Uint8Array;
  /** Version of the tenant's KEK; null for what is wrapped to a recipient. */
  readonly kekVersion: number | null;
}

export interface NewArtifact {
  readonly id: ArtifactId;
  readonly jobId: JobId;
  readonly assetId: AssetId;
  readonly policyId: PolicyId;
  readonly policyVersion: number;
  readonly kind: ArtifactKind;
  /** JSON without secrets. */
  readonly content: unknown;
  readonly keys: readonly StoredAssetKey[];
  /** The asset's profile before the job, for undoing. */
  readonly formerProfile: EncryptionProfile | null;
}

export interface IssuedRecord extends IssuedCertificate {
  readonly id: string;
  readonly createdBy: string;
}

/** What undoing a job needs to know; locked until the transaction ends. */
export interface UndoableArtifact {
  readonly id: ArtifactId;
  readonly assetId: AssetId;
  readonly kind: ArtifactKind;
  readonly createdAt: Date;
  readonly handedOutAt: Date | null;
  readonly withdrawnAt: Date | null;
  readonly formerProfile: EncryptionProfile | null;
  /** A later artefact of the same asset stands, so that this one is not what is in use. */
  readonly isSuperseded: boolean;
}

export interface Artifact extends Pick<NewArtifact, 'id' | 'assetId' | 'kind' | 'content' | 'keys'> {
  readonly createdAt: Date;
}

/** What a job made, without its keys, for the history of an asset. */
export interface MadeProtection
  extends Pick<NewArtifact, 'id' | 'jobId' | 'policyId' | 'policyVersion' | 'kind' | 'formerProfile'>,
    Pick<UndoableArtifact, 'createdAt' | 'handedOutAt' | 'withdrawnAt'> {}

/** Artefacts of protection. One that was withdrawn is never the newest; asked for by its id it is still there. */
export interface ArtifactRepository {
  /** The job's one artefact: a second one for the same job is refused by the database. */
  insert(tx: Transaction, artifact: NewArtifact): Promise<void>;
  /** The newest artefact of the kind, or the one with this id, with its keys; null when there is none or no such asset. */
  findNewest(tx: Transaction, assetId: string, kind: ArtifactKind, artifactId?: string): Promise<Artifact | null>;
  /** The newest artefacts of the kind, newest first. */
  listNewest(tx: Transaction, assetId: string, kind: ArtifactKind, limit: number): Promise<readonly Artifact[]>;
  /** States that a secret of it leaves or signs now. False: it was withdrawn meanwhile, so nothing may depend on it. */
  handOut(tx: Transaction, artifactId: string): Promise<boolean>;
  insertIssued(tx: Transaction, artifactId: ArtifactId, issued: IssuedRecord): Promise<void>;
  /** The chain that was issued last for an artefact, or null. */
  findIssued(tx: Transaction, artifactId: ArtifactId): Promise<IssuedCertificate | null>;
  /** What a job made; null when it made nothing. */
  ofJob(
    tx: Transaction,
    jobId: string,
  ): Promise<{ readonly id: ArtifactId; readonly assetId: AssetId; readonly kind: ArtifactKind } | null>;
  findOfJobForUpdate(tx: Transaction, jobId: string): Promise<UndoableArtifact | null>;
  withdraw(tx: Transaction, artifactId: ArtifactId): Promise<void>;
  /** All that was made for an asset, withdrawn ones too, newest first. */
  listOfAsset(
    tx: Transaction,
    filter: { readonly assetId: string; readonly before: string | null; readonly limit: number },
  ): Promise<readonly MadeProtection[]>;
}
