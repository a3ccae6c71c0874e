import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Sql } from '../../../platform/postgres/schema.ts';
import { databaseFailure, sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type {
  BoundCertificate,
  CertificateDirectory,
  CertificateRepository,
  FoundCertificate,
  NewBinding,
} from './certificate-repository.ts';

const columns = sql`id, subject_id AS "subjectId", match, subject_name AS "subjectName", issuer_name AS "issuerName",
  not_after AS "notAfter", permissions, created_by AS "createdBy", created_at AS "createdAt"`;

export class PostgresCertificateRepository implements CertificateRepository {
  async list(
    tx: Transaction,
    { before, limit, subjectId }: { before: string | null; limit: number; subjectId: string | null },
  ): Promise<readonly BoundCertificate[]> {
    const { rows } = await sql<BoundCertificate>`
      SELECT ${columns} FROM client_certificate
       WHERE tenant_id = ${tx.tenantId} AND revoked_at IS NULL
         AND (${before}::uuid IS NULL OR id < ${before}::uuid) AND (${subjectId}::uuid IS NULL OR subject_id = ${subjectId}::uuid)
       ORDER BY id DESC LIMIT ${limit}`.execute(sqlOf(tx));
    return rows;
  }

  async holdMachine(tx: Transaction, subjectId: string): Promise<boolean> {
    const { rows } = await sql`
      SELECT FROM subject WHERE id = ${subjectId} AND kind IN ('service-account', 'device') AND status = 'active'
         FOR NO KEY UPDATE`.execute(sqlOf(tx));
    return rows.length > 0;
  }

  async insert(tx: Transaction, binding: NewBinding): Promise<BoundCertificate | null> {
    const { rows } = await sql<BoundCertificate>`
      INSERT INTO client_certificate
        (id, tenant_id, subject_id, match, digest, subject_name, issuer_name, not_after, permissions, created_by)
      VALUES (${binding.id}, ${tx.tenantId}, ${binding.subjectId}, ${binding.match}, ${binding.digest},
              ${binding.subjectName}, ${binding.issuerName}, ${binding.notAfter}, ${[...binding.permissions]},
              ${binding.createdBy})
      ON CONFLICT (tenant_id, digest) WHERE revoked_at IS NULL DO NOTHING RETURNING ${columns}`.execute(sqlOf(tx));
    return rows[0] ?? null;
  }

  async unbind(tx: Transaction, id: string): Promise<string | null> {
    const { rows } = await sql<{ subjectId: string }>`
      UPDATE client_certificate SET revoked_at = now() WHERE id = ${id} AND revoked_at IS NULL
      RETURNING subject_id AS "subjectId"`.execute(sqlOf(tx));
    return rows[0]?.subjectId ?? null;
  }
}

/** As `qv_auth`, before an organization is trusted. */
export class PostgresCertificateDirectory implements CertificateDirectory {
  readonly #db: Sql;
  constructor(options: { db: Sql }) {
    this.#db = options.db;
  }

  async find({
    organizationId,
    certificate,
    names,
  }: {
    organizationId: string;
    certificate: Uint8Array;
    names: Uint8Array;
  }): Promise<FoundCertificate | null> {
    try {
      const { rows } = await sql<FoundCertificate>`
        SELECT id, subject_id AS "subjectId", subject_kind AS "subjectKind", usable, access_version AS "accessVersion", permissions
          FROM auth_find_client_certificate(${organizationId}::uuid, ${certificate}, ${names})`.execute(this.#db);
      return rows[0] ?? null;
    } catch (error) {
      throw databaseFailure(error);
    }
  }
}
