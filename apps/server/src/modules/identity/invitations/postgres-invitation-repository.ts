import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Sql } from '../../../platform/postgres/schema.ts';
import { databaseFailure, sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type {
  FoundInvitation,
  InvitationDirectory,
  InvitationRepository,
  NewInvitation,
} from './invitation-repository.ts';

export class PostgresInvitationRepository implements InvitationRepository {
  async insert(tx: Transaction, { id, subjectId, prefix, tokenHash, invitedBy, hours }: NewInvitation): Promise<Date> {
    const row = await sqlOf(tx)
      .insertInto('invitation')
      .values({
        id,
        tenant_id: tx.tenantId,
        subject_id: subjectId,
        prefix,
        token_hash: tokenHash,
        invited_by: invitedBy,
        expires_at: sql<Date>`now() + make_interval(hours => ${hours}::int)`,
      })
      .returning('expires_at')
      .executeTakeFirstOrThrow();
    return row.expires_at;
  }

  async cancel(tx: Transaction, subjectId: string): Promise<boolean> {
    const result = await sqlOf(tx)
      .updateTable('invitation')
      .set({ cancelled_at: sql<Date>`now()` })
      .where('subject_id', '=', subjectId)
      .where('accepted_at', 'is', null)
      .where('cancelled_at', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async accept(tx: Transaction, id: string): Promise<boolean> {
    const result = await sqlOf(tx)
      .updateTable('invitation')
      .set({ accepted_at: sql<Date>`now()` })
      .where('id', '=', id)
      .where('accepted_at', 'is', null)
      .where('cancelled_at', 'is', null)
      .where('expires_at', '>', sql<Date>`now()`)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }
}

/** Looks invitations up as `qv_auth`, before an organization is known. */
export class PostgresInvitationDirectory implements InvitationDirectory {
  readonly #db: Sql;
  constructor(options: { db: Sql }) {
    this.#db = options.db;
  }

  async find(prefix: string): Promise<FoundInvitation | null> {
    try {
      const { rows } = await sql<FoundInvitation>`
        SELECT id, tenant_id AS "tenantId", subject_id AS "subjectId", secret_hash AS "secretHash", usable
          FROM auth_find_invitation(${prefix})`.execute(this.#db);
      return rows[0] ?? null;
    } catch (error) {
      throw databaseFailure(error);
    }
  }
}
