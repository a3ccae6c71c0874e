import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { UserLookup } from './user-lookup.ts';

export class PostgresUserLookup implements UserLookup {
  async emailOf(tx: Transaction, userId: ActorId): Promise<string | null> {
    const row = await sqlOf(tx).selectFrom('user_account').select('email').where('id', '=', userId).executeTakeFirst();
    return row?.email ?? null;
  }
}
