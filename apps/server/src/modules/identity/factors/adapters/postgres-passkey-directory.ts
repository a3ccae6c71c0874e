import { sql } from 'kysely';
import type { ActorId, TenantId } from '../../../../kernel/ids.ts';
import type { Sql } from '../../../../platform/postgres/schema.ts';
import { databaseFailure } from '../../../../platform/postgres/unit-of-work.ts';
import type { PasskeyDirectory } from '../ports/passkey-repository.ts';

/** Looks passkeys up as `qv_auth`, which may call functions and read no table. */
export class PostgresPasskeyDirectory implements PasskeyDirectory {
  readonly #db: Sql;
  constructor(options: { db: Sql }) {
    this.#db = options.db;
  }

  async find(credentialId: Uint8Array): Promise<{ tenantId: TenantId; subjectId: ActorId } | null> {
    try {
      const { rows } = await sql<{ tenantId: TenantId; subjectId: ActorId }>`
        SELECT tenant_id AS "tenantId", subject_id AS "subjectId" FROM auth_find_passkey(${credentialId})`.execute(
        this.#db,
      );
      return rows[0] ?? null;
    } catch (error) {
      throw databaseFailure(error);
    }
  }
}
