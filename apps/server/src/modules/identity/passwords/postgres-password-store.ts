import { sql } from 'kysely';
import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import { formerPasswordsMax, type PasswordStore } from './password-store.ts';

export class PostgresPasswordStore implements PasswordStore {
  async state(tx: Transaction, subjectId: ActorId, ageDaysMax: number | null) {
    const row = await sqlOf(tx)
      .selectFrom('user_account')
      .leftJoin('password_state', (join) =>
        join
          .onRef('password_state.tenant_id', '=', 'user_account.tenant_id')
          .onRef('password_state.subject_id', '=', 'user_account.id'),
      )
      .select([
        'password_state.must_change as mustChange',
        // Never true where no age is set: a comparison with NULL is not true.
        sql<boolean>`coalesce(password_state.changed_at, user_account.created_at) + ${ageDaysMax}::integer * interval '1 day' < now()`.as(
          'isTooOld',
        ),
      ])
      .where('user_account.id', '=', subjectId)
      .executeTakeFirst();
    return { mustChange: row?.mustChange ?? null, isTooOld: row?.isTooOld === true };
  }

  async requireChange(tx: Transaction, subjectId: ActorId, because: 'administrator' | 'breached'): Promise<void> {
    await sql`
      INSERT INTO password_state (tenant_id, subject_id, changed_at, must_change)
      SELECT tenant_id, id, created_at, ${because} FROM user_account WHERE id = ${subjectId}
      ON CONFLICT (tenant_id, subject_id) DO UPDATE SET must_change = excluded.must_change`.execute(sqlOf(tx));
  }

  async current(tx: Transaction, subjectId: ActorId): Promise<string | null> {
    const row = await sqlOf(tx)
      .selectFrom('user_account')
      .select('password_hash')
      .where('id', '=', subjectId)
      .executeTakeFirst();
    return row?.password_hash ?? null;
  }

  async former(tx: Transaction, subjectId: ActorId, count: number): Promise<readonly string[]> {
    const rows = await sqlOf(tx)
      .selectFrom('password_history')
      .select('password_hash')
      .where('subject_id', '=', subjectId)
      .orderBy('id', 'desc')
      .limit(count)
      .execute();
    return rows.map((row) => row.password_hash);
  }

  async replace(
    tx: Transaction,
    { subjectId, from, to }: { subjectId: ActorId; from: string | null; to: string },
  ): Promise<boolean> {
    const replaced = await sqlOf(tx)
      .updateTable('user_account')
      .set({ password_hash: to })
      .where('id', '=', subjectId)
      .where('password_hash', from === null ? 'is' : '=', from)
      .returning('id')
      .executeTakeFirst();
    return replaced !== undefined;
  }

  async keepFormer(
    tx: Transaction,
    { id, subjectId, passwordHash }: { id: string; subjectId: ActorId; passwordHash: string },
  ): Promise<void> {
    const db = sqlOf(tx);
    await db
      .insertInto('password_history')
      .values({ id, tenant_id: tx.tenantId, subject_id: subjectId, password_hash: passwordHash })
      .execute();
    const kept = db
      .selectFrom('password_history')
      .select('id')
      .where('subject_id', '=', subjectId)
      .orderBy('id', 'desc')
      .limit(formerPasswordsMax);
    await db.deleteFrom('password_history').where('subject_id', '=', subjectId).where('id', 'not in', kept).execute();
  }

  async changed(tx: Transaction, subjectId: ActorId): Promise<void> {
    await sql`
      INSERT INTO password_state (tenant_id, subject_id) VALUES (${tx.tenantId}, ${subjectId})
      ON CONFLICT (tenant_id, subject_id) DO UPDATE SET changed_at = now(), must_change = NULL`.execute(sqlOf(tx));
    // Whoever changes it because a stranger knows it, or holds a token for another, must be rid of both.
    await sql`DELETE FROM password_reset WHERE subject_id = ${subjectId}`.execute(sqlOf(tx));
    await sql`DELETE FROM sign_in_ticket WHERE subject_id = ${subjectId}`.execute(sqlOf(tx));
  }
}
