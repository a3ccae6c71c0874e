import type { Access } from '../../../kernel/access.ts';
import type { Credential } from '../../../kernel/actor.ts';
import type { Permission } from '../../../kernel/permissions.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';

/** Who is behind the accounts of an organization, as far as the product knows. */
export interface People {
  /**
   * Marks of the person behind each subject: the account itself and its mailboxes, those of the owner of a service account or a
   * device, and those of whoever has made a key for it that can be used, or has reset its credentials in the last 30 days, and so on behind
   * these. Two subjects that share a mark are one person.
   */
  keysOf(tx: Transaction, subjectIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Subjects whose marks {@link keysOf} gives for this one: its own and of those behind it. */
  behind(tx: Transaction, subjectId: string): Promise<readonly string[]>;
  namesOf(tx: Transaction, subjectIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Users among these, by name, as one may be told from another. */
  usersOf(
    tx: Transaction,
    subjectIds: readonly string[],
  ): Promise<readonly { readonly id: string; readonly name: string; readonly email: string }[]>;
  /** The access of an active subject now; null when there is none or it is not active. */
  accessOf(tx: Transaction, subjectId: string): Promise<Access | null>;
  /** Whether a key, certificate or session was taken back; what has ended by its time, or by its user's sign-out, was not. */
  isTakenBack(tx: Transaction, credential: Pick<Credential, 'kind' | 'id'>): Promise<boolean>;
  /** Active users with a grant that permits this, wherever and under whatever conditions, at most `limit`. */
  candidates(tx: Transaction, wanted: { permission: Permission; limit: number }): Promise<readonly string[]>;
  /**
   * Makes every change of who may what wait until this transaction has ended. Name subjects whose rows this transaction will refer
   * to: changes of rights lock the subject first, and so must we.
   */
  holdAccess(tx: Transaction, subjectIds?: readonly string[]): Promise<void>;
}
