import type { Transaction } from '../../kernel/unit-of-work.ts';
import { type SqlTransaction, sqlOf } from '../../platform/postgres/unit-of-work.ts';
import type { KeyStore, StoredSubjectKey, StoredTenantKey } from './key-store.ts';

const subjectColumns = ['id', 'suite', 'wrapped', 'kek_version as kekVersion', 'subject_id as subjectId'] as const;

export class PostgresKeyStore implements KeyStore {
  readonly #newest = new WeakMap<SqlTransaction, number>();

  async insertTenantKey(tx: Transaction, key: StoredTenantKey): Promise<void> {
    await sqlOf(tx)
      .insertInto('tenant_key')
      .values({ ...key, tenant_id: tx.tenantId })
      .execute();
    this.#newest.delete(sqlOf(tx));
  }

  async newestTenantKeyVersion(tx: Transaction): Promise<number | null> {
    // Asked for once in a transaction, however many secrets it wraps: a version that comes meanwhile is for the next one.
    const known = this.#newest.get(sqlOf(tx));
    if (known !== undefined) return known;
    const row = await sqlOf(tx)
      .selectFrom('tenant_key')
      .select('version')
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return null;
    this.#newest.set(sqlOf(tx), row.version);
    return row.version;
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
