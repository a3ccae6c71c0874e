import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';

export type ResetKind = 'password' | 'factors';

/** For so long, whoever has reset credentials of somebody may be the one who uses them. The approvals ask for it too. */
export const resetCountsDays = 30;

export interface CredentialReset {
  readonly subjectId: ActorId;
  readonly kind: ResetKind;
  readonly createdBy: ActorId;
}

/** Which administrator reset which credentials of whom. */
export interface CredentialResets {
  /** Makes other resets of the subject wait for this transaction. */
  hold(tx: Transaction, subjectId: ActorId): Promise<void>;
  /**
   * Whether there is such a reset that still counts, by the same hands: machines do what people let them do, so where one is a
   * machine, nobody knows two people.
   */
  hasBySameHands(tx: Transaction, reset: CredentialReset): Promise<boolean>;
  /** Keeps it, and leaves a notice for the subject. Those that count no more are removed. */
  record(tx: Transaction, reset: CredentialReset): Promise<void>;
}
