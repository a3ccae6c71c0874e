import { type RawBuilder, sql } from 'kysely';
import { type ActorId, idFrom, type NewId, type TenantId } from '../../../kernel/ids.ts';
import { isSamePerson, personKeysOf } from '../../../kernel/person.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { reachCondition } from '../../../platform/postgres/reach-condition.ts';
import type { Sql } from '../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import {
  type BreakGlass,
  type Notice,
  requestLapsesSeconds,
  reviewDueSeconds,
  type StoredRequest,
} from '../domain/temporary.ts';
import type { ExpiredGrants, NewRequest, TemporaryRepository } from '../ports/temporary-repository.ts';
import { lowestOf, type PlaceColumns, pathOf, placeOfRow } from './place-columns.ts';
import { personsOf } from './postgres-persons.ts';

type RequestRow = Omit<StoredRequest, 'place'> & PlaceColumns;
type BreakGlassRow = Omit<BreakGlass, 'place'> & PlaceColumns;

const requestColumns = sql`
  t.id, t.subject_id AS "subjectId", coalesce(t.role, r.name) AS role, t.custom_role_id AS "customRoleId",
  t.environment_id, t.project_id, t.service_id, t.duration_seconds AS "durationSeconds", t.reason,
  CASE WHEN t.status = 'pending' AND t.lapses_at <= now() THEN 'lapsed' ELSE t.status END AS status,
  t.lapses_at AS "lapsesAt", t.decided_by AS "decidedBy", t.decided_at AS "decidedAt",
  t.decision_reason AS "decisionReason", t.grant_id AS "grantId", t.created_at AS "createdAt"`;

const breakGlassColumns = sql`
  b.grant_id AS "grantId", b.subject_id AS "subjectId", coalesce(t.role, r.name) AS role,
  t.environment_id, t.project_id, t.service_id, b.reason, b.created_at AS "createdAt", t.expires_at AS "expiresAt",
  t.revoked_at AS "revokedAt", b.review_due_at AS "reviewDueAt",
  b.reviewed_at IS NULL AND b.review_due_at <= now() AS "isOverdue",
  b.reviewed_by AS "reviewedBy", b.reviewed_at AS "reviewedAt", b.verdict, b.note`;

const withRole = sql`LEFT JOIN custom_role AS r ON r.tenant_id = t.tenant_id AND r.id = t.custom_role_id`;

const requestOf = (row: RequestRow): StoredRequest => {
  const { environment_id, project_id, service_id, ...rest } = row;
  return { ...rest, place: placeOfRow({ environment_id, project_id, service_id }) };
};
const breakGlassOf = (row: BreakGlassRow): BreakGlass => {
  const { environment_id, project_id, service_id, ...rest } = row;
  return { ...rest, place: placeOfRow({ environment_id, project_id, service_id }) };
};

async function requests(tx: Transaction, rest: RawBuilder<unknown>): Promise<readonly StoredRequest[]> {
  const { rows } = await sql<RequestRow>`
    SELECT ${requestColumns} FROM access_request AS t ${withRole}
     WHERE t.tenant_id = ${tx.tenantId}::uuid AND ${rest}`.execute(sqlOf(tx));
  return rows.map(requestOf);
}

async function broken(tx: Transaction, rest: RawBuilder<unknown>): Promise<readonly BreakGlass[]> {
  const { rows } = await sql<BreakGlassRow>`
    SELECT ${breakGlassColumns} FROM break_glass AS b
      JOIN access_grant AS t ON t.tenant_id = b.tenant_id AND t.id = b.grant_id ${withRole}
     WHERE b.tenant_id = ${tx.tenantId}::uuid AND ${rest}`.execute(sqlOf(tx));
  return rows.map(breakGlassOf);
}

function only<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('a row that was just written has vanished');
  return row;
}

export class PostgresTemporaryRepository implements TemporaryRepository {
  readonly #newId: NewId;
  constructor(options: { readonly newId: NewId }) {
    this.#newId = options.newId;
  }

  async now(tx: Transaction): Promise<Date> {
    return only((await sql<{ now: Date }>`SELECT now() AS now`.execute(sqlOf(tx))).rows).now;
  }

  async countPending(tx: Transaction, subjectId: ActorId): Promise<number> {
    await sql`SELECT id FROM subject WHERE id = ${subjectId}::uuid FOR UPDATE`.execute(sqlOf(tx));
    const { rows } = await sql<{ count: bigint }>`
      SELECT count(*) AS count FROM access_request
       WHERE tenant_id = ${tx.tenantId}::uuid AND subject_id = ${subjectId}::uuid AND status = 'pending'
         AND lapses_at > now()`.execute(sqlOf(tx));
    return Number(only(rows).count);
  }

  async insertRequest(tx: Transaction, request: NewRequest): Promise<StoredRequest> {
    const { role, place } = request;
    const { environmentId, projectId, serviceId } = lowestOf(place);
    await sql`
      INSERT INTO access_request (id, tenant_id, subject_id, role, custom_role_id, environment_id, project_id, service_id,
                                  duration_seconds, reason, lapses_at)
      VALUES (${request.id}, ${tx.tenantId}, ${request.subjectId}, ${role.customId === null ? role.name : null},
              ${role.customId}, ${environmentId}, ${projectId}, ${serviceId}, ${request.durationSeconds}, ${request.reason},
              now() + ${requestLapsesSeconds} * interval '1 second')`.execute(sqlOf(tx));
    return only(await requests(tx, sql`t.id = ${request.id}::uuid`));
  }

  async findRequestForUpdate(tx: Transaction, id: string): Promise<StoredRequest | null> {
    return (await requests(tx, sql`t.id = ${id}::uuid FOR UPDATE OF t`))[0] ?? null;
  }

  listRequests(
    tx: Transaction,
    { subjectId, reach, before, limit }: Parameters<TemporaryRepository['listRequests']>[1],
  ) {
    const visible = reachCondition([pathOf], reach);
    const shown = visible === null ? sql`true` : sql`(t.subject_id = ${subjectId}::uuid OR (${visible}))`;
    const behind = before === null ? sql`true` : sql`t.id < ${before}::uuid`;
    return requests(tx, sql`${shown} AND ${behind} ORDER BY t.id DESC LIMIT ${sql.lit(limit)}`);
  }

  async decideRequest(tx: Transaction, id: string, decision: Parameters<TemporaryRepository['decideRequest']>[2]) {
    const { status, by, reason, grantId } = decision;
    await sql`
      UPDATE access_request
         SET status = ${status}, decided_by = ${by}, decided_at = now(), decision_reason = ${reason}, grant_id = ${grantId}
       WHERE tenant_id = ${tx.tenantId}::uuid AND id = ${id}::uuid AND status = 'pending'`.execute(sqlOf(tx));
    return only(await requests(tx, sql`t.id = ${id}::uuid`));
  }

  async isSamePerson(tx: Transaction, { one, other, since }: Parameters<TemporaryRepository['isSamePerson']>[1]) {
    const persons = await personsOf(tx, [one, other], since);
    const keysOf = (id: ActorId) => personKeysOf(persons.get(id) ?? { subjectIds: [id], emails: [] });
    return isSamePerson(keysOf(one), keysOf(other));
  }

  async insertBreakGlass(tx: Transaction, given: Parameters<TemporaryRepository['insertBreakGlass']>[1]) {
    await sql`
      INSERT INTO break_glass (grant_id, tenant_id, subject_id, reason, review_due_at)
      VALUES (${given.grantId}, ${tx.tenantId}, ${given.subjectId}, ${given.reason},
              now() + ${reviewDueSeconds} * interval '1 second')`.execute(sqlOf(tx));
    return only(await broken(tx, sql`b.grant_id = ${given.grantId}::uuid`));
  }

  async findBreakGlassForUpdate(tx: Transaction, grantId: string): Promise<BreakGlass | null> {
    return (await broken(tx, sql`b.grant_id = ${grantId}::uuid FOR UPDATE OF b`))[0] ?? null;
  }

  listBreakGlass(tx: Transaction, filter: Parameters<TemporaryRepository['listBreakGlass']>[1]) {
    const { reach, unreviewedOnly, before, limit } = filter;
    const conditions = [
      reachCondition([pathOf], reach) ?? sql`true`,
      unreviewedOnly ? sql`b.reviewed_at IS NULL` : sql`true`,
      before === null ? sql`true` : sql`b.grant_id < ${before}::uuid`,
    ];
    return broken(tx, sql`${sql.join(conditions, sql` AND `)} ORDER BY b.grant_id DESC LIMIT ${sql.lit(limit)}`);
  }

  async hasOverdueReview(tx: Transaction, subjectId: ActorId): Promise<boolean> {
    const condition = sql`b.subject_id = ${subjectId}::uuid AND b.reviewed_at IS NULL AND b.review_due_at <= now()`;
    return (await broken(tx, sql`${condition} LIMIT 1`)).length > 0;
  }

  async review(tx: Transaction, grantId: string, review: Parameters<TemporaryRepository['review']>[2]) {
    await sql`
      UPDATE break_glass SET reviewed_by = ${review.by}, reviewed_at = now(), verdict = ${review.verdict}, note = ${review.note}
       WHERE tenant_id = ${tx.tenantId}::uuid AND grant_id = ${grantId}::uuid AND reviewed_at IS NULL`.execute(
      sqlOf(tx),
    );
    return only(await broken(tx, sql`b.grant_id = ${grantId}::uuid`));
  }

  async countUnreviewed(tx: Transaction) {
    const { rows } = await sql<{ unreviewed: bigint; overdue: bigint }>`
      SELECT count(*) AS unreviewed, count(*) FILTER (WHERE review_due_at <= now()) AS overdue
        FROM break_glass WHERE tenant_id = ${tx.tenantId}::uuid AND reviewed_at IS NULL`.execute(sqlOf(tx));
    const { unreviewed, overdue } = only(rows);
    return { unreviewed: Number(unreviewed), overdue: Number(overdue) };
  }

  async notifyAdministrators(tx: Transaction, about: Parameters<TemporaryRepository['notifyAdministrators']>[1]) {
    const { rows } = await sql<{ id: string }>`
      SELECT DISTINCT g.subject_id AS id FROM access_grant AS g
        JOIN subject AS s ON s.tenant_id = g.tenant_id AND s.id = g.subject_id AND s.kind = 'user' AND s.status = 'active'
       WHERE g.tenant_id = ${tx.tenantId}::uuid AND g.revoked_at IS NULL AND g.effect = 'allow' AND g.source <> 'break-glass'
         AND g.role IN ('platform-admin', 'organization-admin') AND (g.expires_at IS NULL OR g.expires_at > now())
         AND num_nonnulls(g.environment_id, g.project_id, g.service_id) = 0
         AND g.subject_id <> ${about.except}::uuid`.execute(sqlOf(tx));
    if (rows.length === 0) return 0;
    await sql`
      INSERT INTO access_notice (id, tenant_id, subject_id, kind, resource_id)
      SELECT n.id, ${tx.tenantId}::uuid, n.subject_id, ${about.kind}, ${about.resourceId}::uuid
        FROM unnest(${rows.map(() => this.#newId<string>())}::uuid[], ${rows.map(({ id }) => id)}::uuid[])
             AS n (id, subject_id)`.execute(sqlOf(tx));
    return rows.length;
  }

  async listNotices(tx: Transaction, { subjectId, before, limit }: Parameters<TemporaryRepository['listNotices']>[1]) {
    const behind = before === null ? sql`true` : sql`id < ${before}::uuid`;
    const { rows } = await sql<Notice>`
      SELECT id, kind, resource_id AS "resourceId", created_at AS "createdAt", read_at AS "readAt" FROM access_notice
       WHERE tenant_id = ${tx.tenantId}::uuid AND subject_id = ${subjectId}::uuid AND ${behind}
       ORDER BY id DESC LIMIT ${sql.lit(limit)}`.execute(sqlOf(tx));
    return rows;
  }

  async markRead(tx: Transaction, subjectId: ActorId, id: string): Promise<boolean> {
    const { numAffectedRows } = await sql`
      UPDATE access_notice SET read_at = coalesce(read_at, now())
       WHERE tenant_id = ${tx.tenantId}::uuid AND subject_id = ${subjectId}::uuid AND id = ${id}::uuid`.execute(
      sqlOf(tx),
    );
    return numAffectedRows === 1n;
  }

  async noteFirstUse(tx: Transaction, grantId: string): Promise<boolean> {
    const { numAffectedRows } = await sql`
      UPDATE access_grant SET first_used_at = now()
       WHERE tenant_id = ${tx.tenantId}::uuid AND id = ${grantId}::uuid AND first_used_at IS NULL`.execute(sqlOf(tx));
    return numAffectedRows === 1n;
  }

  async noteExpiry(tx: Transaction, grantId: string) {
    const { rows } = await sql<{ subjectId: string; source: string }>`
      UPDATE access_grant SET expiry_noted_at = now()
       WHERE tenant_id = ${tx.tenantId}::uuid AND id = ${grantId}::uuid AND expiry_noted_at IS NULL
         AND revoked_at IS NULL AND expires_at <= now()
      RETURNING subject_id AS "subjectId", source`.execute(sqlOf(tx));
    return rows[0] ?? null;
  }
}

/** Works as `qv_worker`, who sees of each tenant only which grants have ended. */
export class PostgresExpiredGrants implements ExpiredGrants {
  readonly #db: Sql;
  constructor(options: { readonly db: Sql }) {
    this.#db = options.db;
  }

  async list(limit: number) {
    const { rows } = await sql<{ id: string; tenantId: string }>`
      SELECT id, tenant_id AS "tenantId" FROM access_grant
       WHERE source <> 'direct' AND revoked_at IS NULL AND expiry_noted_at IS NULL AND expires_at <= now()
       ORDER BY expires_at LIMIT ${sql.lit(limit)}`.execute(this.#db);
    return rows.map(({ id, tenantId }) => ({ id, tenantId: idFrom<TenantId>(tenantId) }));
  }
}
