import type { Transaction } from '../../kernel/unit-of-work.ts';

export interface StoredTenantKey {
  readonly version: number;
  readonly suite: string;
  readonly wrapped: Uint8Array;
}

export interface StoredSubjectKey {
  readonly id: string;
  readonly suite: string;
  /** null once destroyed: what it protected is erased (AUD-2). */
  readonly wrapped: Uint8Array | null;
  readonly kekVersion: number;
}

/** What this module needs of storage, inside the tenant of the transaction. */
export interface KeyStore {
  insertTenantKey(tx: Transaction, key: StoredTenantKey): Promise<void>;
  newestTenantKeyVersion(tx: Transaction): Promise<number | null>;
  findTenantKey(tx: Transaction, version: number): Promise<StoredTenantKey | null>;
  findLiveSubjectKey(tx: Transaction, subjectId: string): Promise<StoredSubjectKey | null>;
  findSubjectKey(tx: Transaction, id: string): Promise<(StoredSubjectKey & { subjectId: string }) | null>;
  /** Inserts unless the subject has a live key already. */
  insertSubjectKey(tx: Transaction, key: StoredSubjectKey & { subjectId: string }): Promise<void>;
}
