import type { Transaction } from '../../kernel/unit-of-work.ts';
import { sqlOf } from '../../platform/postgres/unit-of-work.ts';
import type { KeyStore, StoredSubjectKey, StoredTenantKey } from './key-store.ts';

const subjectColumns = ['id', 'suite', 'wrapped', 'kek_version as kekVersion', 'subject_id as subjectId'] as const;

export class PostgresKeyStore implements KeyStore {
  async insertTenantKey(tx: Transaction, key: StoredTenantKey): Promise<void> {
    await sqlOf(tx)
      .insertInto('tenant_key')
      .values({ ...key, tenant_id: tx.tenantId })
      .execute();
  }

  async newestTenantKeyVersion(tx: Transaction): Promise<number | null> {
    const row = await sqlOf(tx)
      .selectFrom('tenant_key')
      .select('version')
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.version ?? null;
  }

  async findTenantKey(tx: Transaction, version: number): Promise<StoredTenantKey | null> {
    const row = await sqlOf(tx)
      .selectFrom('tenant_key')
      .select(['version', 'suite', 'wrapped'])
      .where('version', '=', version)
      .executeTakeFirst();
    return row ?? null;
  }

  async findLiveSubjectKey(tx: Transaction, subjectId: string): Promise<StoredSubjectKey | null> {
    const row = await sqlOf(tx)
      .selectFrom('subject_key')
      .select(subjectColumns)
      .where('subject_id', '=', subjectId)
      .where('destroyed_at', 'is', null)
      .executeTakeFirst();
    return row ?? null;
  }

  async findSubjectKey(tx: Transaction, id: string): Promise<(StoredSubjectKey & { subjectId: string }) | null> {
    const row = await sqlOf(tx)
      .selectFrom('subject_key')
      .select(subjectColumns)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ?? null;
  }

  async insertSubjectKey(tx: Transaction, key: StoredSubjectKey & { subjectId: string }): Promise<void> {
    await sqlOf(tx)
      .insertInto('subject_key')
      .values({
        id: key.id,
        tenant_id: tx.tenantId,
        subject_id: key.subjectId,
        suite: key.suite,
        wrapped: key.wrapped,
        kek_version: key.kekVersion,
      })
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'subject_id']).where('destroyed_at', 'is', null).doNothing(),
      )
      .execute();
  }
}
