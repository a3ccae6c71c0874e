import { sql } from 'kysely';
import type { ActorId } from '../../../../kernel/ids.ts';
import type { Transaction } from '../../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../../platform/postgres/unit-of-work.ts';
import type { AccountRepository } from '../ports/account-repository.ts';

export class PostgresAccountRepository implements AccountRepository {
  async nameOf(tx: Transaction, subjectId: ActorId): Promise<string | null> {
    const row = await sqlOf(tx)
      .selectFrom('user_account')
      .select('email')
      .where('id', '=', subjectId)
      .executeTakeFirst();
    return row?.email ?? null;
  }

  async lock(tx: Transaction, subjectId: ActorId): Promise<void> {
    await sql`SELECT 1 FROM subject WHERE id = ${subjectId} FOR NO KEY UPDATE`.execute(sqlOf(tx));
  }
}
