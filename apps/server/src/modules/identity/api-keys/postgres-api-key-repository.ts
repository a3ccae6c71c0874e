import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { ApiKeyRepository, NewKeyRow, StoredApiKey } from './api-key-repository.ts';

interface KeyRow extends Omit<StoredApiKey, 'owner'> {
  readonly ownerId: string;
  readonly ownerKind: StoredApiKey['owner']['kind'];
  readonly ownerName: string;
}

const selectKeys = sql`
  SELECT k.id, k.name, k.prefix, k.permissions, k.environment_id AS "environmentId", k.project_id AS "projectId",
         k.service_id AS "serviceId", k.allowed_networks AS "allowedNetworks", k.origin, k.created_by AS "createdBy",
         k.created_at AS "createdAt", k.expires_at AS "expiresAt", k.revoked_at AS "revokedAt",
         k.last_used_at AS "lastUsedAt", k.replaces_id AS replaces, r.id AS "replacedBy",
         CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked' WHEN k.expires_at <= now() THEN 'expired'
              WHEN r.id IS NOT NULL THEN 'replaced' ELSE 'active' END AS state,
         s.id AS "ownerId", s.kind AS "ownerKind", s.display_name AS "ownerName"
    FROM api_key k
    JOIN subject s ON s.tenant_id = k.tenant_id AND s.id = k.subject_id
    LEFT JOIN api_key r ON r.tenant_id = k.tenant_id AND r.replaces_id = k.id`;

const keyOf = ({ ownerId, ownerKind, ownerName, ...row }: KeyRow): StoredApiKey => ({
  ...row,
  owner: { id: ownerId, kind: ownerKind, name: ownerName },
});

export class PostgresApiKeyRepository implements ApiKeyRepository {
  async list(
    tx: Transaction,
    query: { before: string | null; limit: number; ownerId: string | null; includeEnded: boolean },
  ): Promise<readonly StoredApiKey[]> {
    const { before, limit, ownerId, includeEnded } = query;
    const { rows } = await sql<KeyRow>`${selectKeys}
      WHERE k.tenant_id = ${tx.tenantId}
        AND (${before}::uuid IS NULL OR k.id < ${before}::uuid)
        AND (${ownerId}::uuid IS NULL OR k.subject_id = ${ownerId}::uuid)
        AND (${includeEnded} OR (k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())))
      ORDER BY k.id DESC LIMIT ${limit}`.execute(sqlOf(tx));
    return rows.map(keyOf);
  }

  async find(tx: Transaction, id: string): Promise<StoredApiKey | null> {
    const { rows } = await sql<KeyRow>`${selectKeys} WHERE k.id = ${id}`.execute(sqlOf(tx));
    return rows[0] === undefined ? null : keyOf(rows[0]);
  }

  async hold(tx: Transaction, id: string): Promise<StoredApiKey | null> {
    await sql`SELECT id FROM api_key WHERE id = ${id} FOR UPDATE`.execute(sqlOf(tx));
    return this.find(tx, id);
  }

  async insert(tx: Transaction, key: NewKeyRow): Promise<void> {
    await sqlOf(tx)
      .insertInto('api_key')
      .values({
        id: key.id,
        tenant_id: tx.tenantId,
        subject_id: key.ownerId,
        name: key.name,
        prefix: key.prefix,
        secret_hash: key.secretHash,
        permissions: key.permissions === null ? null : [...key.permissions],
        environment_id: key.environmentId,
        project_id: key.projectId,
        service_id: key.serviceId,
        allowed_networks: [...key.allowedNetworks],
        created_by: key.createdBy,
        replaces_id: key.replaces,
        expires_at: key.lifeSeconds === null ? null : sql<Date>`now() + make_interval(secs => ${key.lifeSeconds}::int)`,
      })
      .execute();
  }

  async revoke(tx: Transaction, id: string): Promise<void> {
    await sqlOf(tx)
      .updateTable('api_key')
      .set({ revoked_at: sql<Date>`now()` })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .execute();
  }

  async endWithin(tx: Transaction, id: string, seconds: number): Promise<void> {
    await sqlOf(tx)
      .updateTable('api_key')
      .set({ expires_at: sql<Date>`least(expires_at, now() + make_interval(secs => ${seconds}::int))` })
      .where('id', '=', id)
      .execute();
  }

  async countUsable(tx: Transaction, ownerId: string): Promise<number> {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('api_key ' || ${tx.tenantId}, 0))`.execute(sqlOf(tx));
    const { rows } = await sql<{ count: bigint }>`
      SELECT count(*) AS count FROM api_key
       WHERE tenant_id = ${tx.tenantId} AND subject_id = ${ownerId}
         AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`.execute(sqlOf(tx));
    return Number(rows[0]?.count ?? 0n);
  }
}
