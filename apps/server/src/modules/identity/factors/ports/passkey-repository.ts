import type { ActorId, TenantId } from '../../../../kernel/ids.ts';
import type { Transaction } from '../../../../kernel/unit-of-work.ts';
import type { NewCredential } from './passkey-ceremonies.ts';

export interface StoredPasskey {
  readonly id: string;
  readonly subjectId: string;
  readonly name: string;
  readonly credentialId: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly signCount: number;
  readonly transports: readonly string[];
  readonly isBackedUp: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly version: number;
}

export type ChallengePurpose = 'register' | 'sign-in' | 'second-factor' | 'step-up';

export interface Ceremony {
  readonly id: string;
  readonly purpose: ChallengePurpose;
  /** Whose it is; empty where nobody is known. */
  readonly binding: Uint8Array;
}

/** Passkeys and begun ceremonies of the transaction's organization. */
export interface PasskeyRepository {
  list(tx: Transaction, subjectId: ActorId): Promise<readonly StoredPasskey[]>;
  find(tx: Transaction, id: string): Promise<StoredPasskey | null>;
  findByCredential(tx: Transaction, credentialId: Uint8Array): Promise<StoredPasskey | null>;
  /** Null when this credential is registered already, here or in another organization. */
  insert(
    tx: Transaction,
    passkey: NewCredential & { id: string; subjectId: ActorId; name: string },
  ): Promise<StoredPasskey | null>;
  rename(
    tx: Transaction,
    passkey: { id: string; subjectId: ActorId; name: string; version: number },
  ): Promise<StoredPasskey | null>;
  remove(tx: Transaction, passkey: { id: string; subjectId: ActorId }): Promise<boolean>;
  removeAll(tx: Transaction, subjectId: ActorId): Promise<number>;
  /** Notes a use; false when the counter has moved on since it was read. */
  noteUse(tx: Transaction, passkey: { id: string; signCount: number; isBackedUp: boolean }): Promise<boolean>;

  /** Begins a ceremony; null when too many are under way. Returns when it ends. */
  startCeremony(tx: Transaction, ceremony: Ceremony & { challenge: Uint8Array }): Promise<Date | null>;
  /** Ends a ceremony and gives its challenge: once, whatever the answer will be worth. */
  endCeremony(tx: Transaction, ceremony: Ceremony): Promise<Uint8Array | null>;
}

/** Whose a credential is, before an organization is known. */
export interface PasskeyDirectory {
  find(credentialId: Uint8Array): Promise<{ readonly tenantId: TenantId; readonly subjectId: ActorId } | null>;
}
