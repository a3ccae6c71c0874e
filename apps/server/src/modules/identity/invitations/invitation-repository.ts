import type { Transaction } from '../../../kernel/unit-of-work.ts';

export interface NewInvitation {
  readonly id: string;
  readonly subjectId: string;
  readonly prefix: string;
  readonly tokenHash: Uint8Array;
  readonly invitedBy: string;
  readonly hours: number;
}

export interface InvitationRepository {
  /** Gives when it ends, by the database's clock. */
  insert(tx: Transaction, invitation: NewInvitation): Promise<Date>;
  /** Voids the open invitation of a subject; false when there is none. */
  cancel(tx: Transaction, subjectId: string): Promise<boolean>;
  /** Uses an invitation up: true for one call and no other. */
  accept(tx: Transaction, id: string): Promise<boolean>;
}

/** An invitation as the lookup function of the database gives it: `usable` is decided there, by the database's clock. */
export interface FoundInvitation {
  readonly id: string;
  readonly tenantId: string;
  readonly subjectId: string;
  readonly secretHash: Uint8Array;
  readonly usable: boolean;
}

export interface InvitationDirectory {
  find(prefix: string): Promise<FoundInvitation | null>;
}
