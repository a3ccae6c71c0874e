import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { NewTicket, TicketStore } from './ticket-store.ts';

export class PostgresTicketStore implements TicketStore {
  async insert(tx: Transaction, ticket: NewTicket): Promise<Date> {
    await sqlOf(tx).deleteFrom('sign_in_ticket').where('expires_at', '<', sql<Date>`now()`).execute();
    const { expires_at } = await sqlOf(tx)
      .insertInto('sign_in_ticket')
      .values({
        token_hash: ticket.hash,
        tenant_id: tx.tenantId,
        subject_id: ticket.subjectId,
        transport: ticket.transport,
        authenticated_at: ticket.authenticatedAt,
        must_change: ticket.mustChange,
        expires_at: sql<Date>`now() + ${ticket.lifetimeSeconds} * interval '1 second'`,
        attempts_left: ticket.attempts,
        network_hash: ticket.networkHash,
      })
      .returning('expires_at')
      .executeTakeFirstOrThrow();
    return expires_at;
  }

  async takeAttempt(tx: Transaction, { hash, networkHash }: Pick<NewTicket, 'hash' | 'networkHash'>): Promise<boolean> {
    const taken = await sqlOf(tx)
      .updateTable('sign_in_ticket')
      .set({ attempts_left: sql`attempts_left - 1` })
      .where('token_hash', '=', hash)
      .where('network_hash', '=', networkHash)
      .where('attempts_left', '>', 0)
      .where('expires_at', '>', sql<Date>`now()`)
      .returning('attempts_left')
      .executeTakeFirst();
    return taken !== undefined;
  }

  async consume(tx: Transaction, hash: Uint8Array): Promise<boolean> {
    const used = await sqlOf(tx)
      .deleteFrom('sign_in_ticket')
      .where('token_hash', '=', hash)
      .where('expires_at', '>', sql<Date>`now()`)
      .returning('subject_id')
      .executeTakeFirst();
    return used !== undefined;
  }
}
