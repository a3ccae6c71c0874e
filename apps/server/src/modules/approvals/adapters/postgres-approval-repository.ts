import { approvableOperationSchema } from '@quantumvault/api';
import { type ExpressionBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Row, Schema } from '../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { ApprovalRequest, ApprovalStatus, Vote } from '../domain/approval.ts';
import { highestQuorum } from '../domain/demand.ts';
import type { StoredFacts } from '../domain/facts.ts';
import type { PlanFields } from '../domain/operations.ts';
import type { ApprovalRepository, NewRequest, RequestFilter } from '../ports/approval-repository.ts';

const demandSchema = z.strictObject({
  thresholds: z.array(z.strictObject({ quorum: z.number().int(), approverRole: z.string().nullable() })).min(1),
  expiresInSeconds: z.number().int(),
  signatureRequired: z.boolean(),
  reasonRequired: z.boolean(),
  approverNetworks: z.array(z.array(z.string())),
});

function requestOf(row: Row<'approval_request'>): ApprovalRequest {
  return {
    id: row.id,
    operation: approvableOperationSchema.parse(row.operation),
    resource: { type: row.resource_type, id: row.resource_id },
    plan: row.plan as PlanFields,
    planHash: new Uint8Array(row.plan_hash),
    requester: { kind: row.requester_kind, id: row.requester_id },
    requesterBehind: row.requester_behind,
    reason: row.reason,
    demand: demandSchema.parse(row.requirement),
    status: row.status,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    approvedAt: row.approved_at,
    endedAt: row.ended_at,
    changedAt: row.changed_at,
    resultId: row.result_id,
  };
}

const open: ApprovalStatus[] = ['pending', 'approved'];

/** The condition for a status as people see it. */
function hasStatus(build: ExpressionBuilder<Schema, 'approval_request'>, status: ApprovalStatus) {
  const isOver = sql<boolean>`approval_request.expires_at <= now()`;
  const stored = build('approval_request.status', '=', status);
  if (status === 'expired')
    return build.or([stored, build.and([build('approval_request.status', 'in', open), isOver])]);
  return open.includes(status) ? build.and([stored, build.not(isOver)]) : stored;
}

export class PostgresApprovalRepository implements ApprovalRepository {
  async now(tx: Transaction): Promise<Date> {
    const { rows } = await sql<{ now: Date }>`SELECT now() AS now`.execute(sqlOf(tx));
    const [row] = rows;
    if (row === undefined) throw new Error('the database did not tell the time');
    return row.now;
  }

  async insert(tx: Transaction, request: NewRequest): Promise<ApprovalRequest | null> {
    const { demand } = request;
    const row = await sqlOf(tx)
      .insertInto('approval_request')
      .values({
        tenant_id: tx.tenantId,
        id: request.id,
        operation: request.operation,
        resource_type: request.resource.type,
        resource_id: request.resource.id,
        plan: JSON.stringify(request.plan),
        plan_hash: Buffer.from(request.planHash),
        requester_kind: request.requester.kind,
        requester_id: request.requester.id,
        requester_behind: [...request.requesterBehind],
        reason: request.reason,
        requirement: JSON.stringify(demand),
        quorum: highestQuorum(demand),
        expires_at: sql<Date>`now() + make_interval(secs => ${demand.expiresInSeconds})`,
      })
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'requester_id', 'plan_hash']).where('status', 'in', open).doNothing(),
      )
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : requestOf(row);
  }

  async find(tx: Transaction, id: string): Promise<ApprovalRequest | null> {
    const row = await sqlOf(tx).selectFrom('approval_request').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : requestOf(row);
  }

  async findForUpdate(tx: Transaction, id: string): Promise<ApprovalRequest | null> {
    const query = sqlOf(tx).selectFrom('approval_request').selectAll().where('id', '=', id).forUpdate();
    const row = await query.executeTakeFirst();
    return row === undefined ? null : requestOf(row);
  }

  async findOpen(
    tx: Transaction,
    wanted: { requesterId: string; planHash: Uint8Array },
  ): Promise<ApprovalRequest | null> {
    const row = await sqlOf(tx)
      .selectFrom('approval_request')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      .where('requester_id', '=', wanted.requesterId)
      .where('plan_hash', '=', Buffer.from(wanted.planHash))
      .where('status', 'in', open)
      .executeTakeFirst();
    return row === undefined ? null : requestOf(row);
  }

  async countOpen(tx: Transaction, requesterId: string): Promise<number> {
    const row = await sqlOf(tx)
      .selectFrom('approval_request')
      .select((build) => build.fn.countAll<bigint>().as('count'))
      .where('tenant_id', '=', tx.tenantId)
      .where('requester_id', '=', requesterId)
      .where('status', 'in', open)
      .where('expires_at', '>', sql<Date>`now()`)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  async list(tx: Transaction, filter: RequestFilter): Promise<readonly ApprovalRequest[]> {
    const { status, requesterId, decidedBy, openFor, concerning, order, before } = filter;
    const votedBy = (subjectId: string) =>
      sql<boolean>`EXISTS (SELECT FROM approval_vote v WHERE v.tenant_id = approval_request.tenant_id
                            AND v.request_id = approval_request.id AND v.approver_id = ${subjectId})`;
    let query = sqlOf(tx).selectFrom('approval_request').selectAll().where('tenant_id', '=', tx.tenantId);
    if (status !== undefined) query = query.where((build) => hasStatus(build, status));
    if (requesterId !== undefined) query = query.where('requester_id', '=', requesterId);
    if (decidedBy !== undefined) query = query.where(votedBy(decidedBy));
    if (openFor !== undefined)
      query = query
        .where((build) => hasStatus(build, 'pending'))
        .where('requester_id', '<>', openFor)
        .where((build) => build.not(votedBy(openFor)));
    if (concerning !== undefined)
      query = query.where((build) => build.or([build('requester_id', '=', concerning), votedBy(concerning)]));
    if (order === 'changed') query = query.orderBy('changed_at', 'desc');
    if (before !== null)
      query = query.where(
        order === 'asked'
          ? sql<boolean>`id < ${before.id}`
          : sql<boolean>`(changed_at, id) < (${before.changedAt}, ${before.id})`,
      );
    return (await query.orderBy('id', 'desc').limit(filter.limit).execute()).map(requestOf);
  }

  async move(
    tx: Transaction,
    { id, planHash }: Pick<ApprovalRequest, 'id' | 'planHash'>,
    { from, to, by }: { from: ApprovalStatus; to: ApprovalStatus; by: string | null },
  ): Promise<boolean> {
    const isEnd = !open.includes(to);
    let query = sqlOf(tx)
      .updateTable('approval_request')
      .set({
        status: to,
        ...(to === 'approved' ? { approved_at: sql<Date>`now()` } : {}),
        ...(to === 'pending' ? { approved_at: null } : {}),
        ...(isEnd ? { ended_at: sql<Date>`now()`, ended_by: by } : {}),
      })
      .where('id', '=', id)
      .where('status', '=', from)
      .where('plan_hash', '=', Buffer.from(planHash));
    if (to === 'approved' || to === 'executed') query = query.where('expires_at', '>', sql<Date>`now()`);
    const moved = (await query.executeTakeFirst()).numUpdatedRows === 1n;
    // From where somebody asked or voted is of no use any more.
    if (moved && isEnd) await sqlOf(tx).deleteFrom('approval_facts').where('request_id', '=', id).execute();
    return moved;
  }

  async setResult(tx: Transaction, id: string, resultId: string): Promise<void> {
    await sqlOf(tx).updateTable('approval_request').set({ result_id: resultId }).where('id', '=', id).execute();
  }

  async votes(tx: Transaction, requestId: string): Promise<readonly Vote[]> {
    const rows = await sqlOf(tx)
      .selectFrom('approval_vote')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      .where('request_id', '=', requestId)
      .orderBy('created_at')
      .orderBy('approver_id')
      .execute();
    return rows.map((row) => ({
      approverId: row.approver_id,
      decision: row.decision,
      reason: row.reason,
      signature: row.signature === null ? null : new Uint8Array(row.signature),
      keyId: row.key_id,
      createdAt: row.created_at,
    }));
  }

  async insertVote(
    tx: Transaction,
    { id, planHash }: Pick<ApprovalRequest, 'id' | 'planHash'>,
    vote: Omit<Vote, 'createdAt'>,
  ): Promise<void> {
    await sqlOf(tx)
      .insertInto('approval_vote')
      .values({
        tenant_id: tx.tenantId,
        request_id: id,
        approver_id: vote.approverId,
        decision: vote.decision,
        plan_hash: Buffer.from(planHash),
        reason: vote.reason,
        key_id: vote.keyId,
        signature: vote.signature === null ? null : Buffer.from(vote.signature),
      })
      .execute();
    // The database puts the time itself.
    await sqlOf(tx)
      .updateTable('approval_request')
      .set({ changed_at: sql<Date>`DEFAULT` })
      .where('id', '=', id)
      .execute();
  }

  async keepFacts(tx: Transaction, of: { requestId: string; subjectId: string }, facts: StoredFacts): Promise<void> {
    await sqlOf(tx)
      .insertInto('approval_facts')
      .values({
        tenant_id: tx.tenantId,
        request_id: of.requestId,
        subject_id: of.subjectId,
        facts: JSON.stringify(facts),
      })
      .execute();
  }

  async facts(tx: Transaction, requestId: string): Promise<ReadonlyMap<string, unknown>> {
    const rows = await sqlOf(tx)
      .selectFrom('approval_facts')
      .select(['subject_id', 'facts'])
      .where('tenant_id', '=', tx.tenantId)
      .where('request_id', '=', requestId)
      .execute();
    return new Map(rows.map((row) => [row.subject_id, row.facts]));
  }
}
