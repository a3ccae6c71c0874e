import { sql } from 'kysely';
import type { Sql } from '../../platform/postgres/schema.ts';
import { databaseFailure } from '../../platform/postgres/unit-of-work.ts';
import type { ApiKeyDirectory, FoundApiKey } from './api-key-directory.ts';

/** Looks up keys as `qv_auth`, which may call two functions and read no table. */
export class PostgresApiKeyDirectory implements ApiKeyDirectory {
  readonly #db: Sql;
  readonly #used = new Set<string>();

  constructor(options: { db: Sql }) {
    this.#db = options.db;
  }

  async find(prefix: string): Promise<FoundApiKey | null> {
    try {
      const result = await sql<FoundApiKey>`
        SELECT id, tenant_id AS "tenantId", subject_id AS "subjectId", subject_kind AS "subjectKind", secret_hash AS "secretHash",
               usable, access_version AS "accessVersion"
          FROM auth_find_api_key(${prefix})`.execute(this.#db);
      return result.rows[0] ?? null;
    } catch (error) {
      throw databaseFailure(error);
    }
  }

  /** How many keys of a setting may still be used, in the whole installation. */
  async countOfSettings(): Promise<number> {
    const { rows } = await sql<{ count: bigint }>`SELECT auth_keys_of_settings() AS count`.execute(this.#db);
    return Number(rows[0]?.count ?? 0n);
  }

  noteUse(id: string): void {
    if (this.#used.size < 10_000) this.#used.add(id);
  }

  /** Writes the uses noted since the last call; the timer is the caller's. A failure loses only this bookkeeping. */
  async flushUses(): Promise<void> {
    if (this.#used.size === 0) return;
    const ids = [...this.#used];
    this.#used.clear();
    await sql`SELECT auth_touch_api_keys(${ids}::uuid[])`.execute(this.#db);
  }
}
