import type { TokenAlgorithm } from './key-ring.ts';

export interface StoredSigningKey {
  readonly kid: string;
  readonly algorithm: TokenAlgorithm;
  readonly publicKey: Uint8Array;
  readonly suite: string;
  readonly wrapped: Uint8Array;
  readonly signsFrom: Date;
}

export interface StoredNamingKey {
  readonly kid: string;
  readonly suite: string;
  readonly wrapped: Uint8Array;
}

/** What is stored while nobody else changes it. */
export interface SessionKeyTransaction {
  /** The database's clock: what is decided by time is decided by one of them. */
  readonly now: Date;
  readonly signing: readonly StoredSigningKey[];
  readonly naming: StoredNamingKey | null;
  insertSigning(key: StoredSigningKey): Promise<void>;
  insertNaming(key: StoredNamingKey): Promise<void>;
  remove(kid: string): Promise<void>;
}

export interface SessionKeyStore {
  /** One process at a time. */
  locked<T>(work: (stored: SessionKeyTransaction) => Promise<T>): Promise<T>;
}
