import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { MustChange, Transport } from './session.ts';

export interface NewTicket {
  readonly hash: Uint8Array;
  readonly subjectId: ActorId;
  readonly transport: Transport;
  readonly authenticatedAt: Date;
  readonly mustChange: MustChange | null;
  readonly lifetimeSeconds: number;
  readonly attempts: number;
  /** Of the ticket and the network that it was given to. */
  readonly networkHash: Uint8Array;
}

export interface TicketStore {
  /** Returns when the ticket expires. Those of the organization that have expired go. */
  insert(tx: Transaction, ticket: NewTicket): Promise<Date>;
  /** Takes one attempt; false when none is left, it comes from another network, or the ticket has expired or was used. */
  takeAttempt(tx: Transaction, ticket: Pick<NewTicket, 'hash' | 'networkHash'>): Promise<boolean>;
  /** Uses the ticket up; false when somebody else has, or it has expired. */
  consume(tx: Transaction, hash: Uint8Array): Promise<boolean>;
}
