import { type ApprovableOperationName, approvableOperationSchema } from '@quantumvault/api';
import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Row } from '../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { ApprovalPolicy, StoredPolicy } from '../domain/demand.ts';
import type { ApprovalPolicies } from '../ports/approval-policies.ts';

const policyOf = (row: Row<'approval_policy'>): StoredPolicy => ({
  operation: approvableOperationSchema.parse(row.operation),
  quorum: row.quorum,
  approverRole: row.approver_role,
  expiresInSeconds: row.expires_in_seconds,
  signatureRequired: row.signature_required,
  reasonRequired: row.reason_required,
  approverNetworks: row.approver_networks,
  updatedBy: row.updated_by,
  updatedAt: row.updated_at,
  version: row.version,
});

export class PostgresApprovalPolicies implements ApprovalPolicies {
  async find(tx: Transaction, operation: ApprovableOperationName): Promise<StoredPolicy | null> {
    const row = await sqlOf(tx)
      .selectFrom('approval_policy')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      .where('operation', '=', operation)
      .executeTakeFirst();
    return row === undefined ? null : policyOf(row);
  }

  async all(tx: Transaction): Promise<readonly StoredPolicy[]> {
    const query = sqlOf(tx).selectFrom('approval_policy').selectAll().where('tenant_id', '=', tx.tenantId);
    return (await query.orderBy('operation').execute()).map(policyOf);
  }

  async lock(tx: Transaction): Promise<void> {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('approval_policy ' || ${tx.tenantId}, 0))`.execute(
      sqlOf(tx),
    );
  }

  async set(
    tx: Transaction,
    operation: ApprovableOperationName,
    policy: ApprovalPolicy & { readonly updatedBy: string },
  ): Promise<StoredPolicy> {
    const values = {
      quorum: policy.quorum,
      approver_role: policy.approverRole,
      expires_in_seconds: policy.expiresInSeconds,
      signature_required: policy.signatureRequired,
      reason_required: policy.reasonRequired,
      approver_networks: [...policy.approverNetworks],
      updated_by: policy.updatedBy,
    };
    const row = await sqlOf(tx)
      .insertInto('approval_policy')
      .values({ tenant_id: tx.tenantId, operation, ...values })
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'operation']).doUpdateSet({
          ...values,
          updated_at: sql`now()`,
          version: sql`approval_policy.version + 1`,
        }),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
    return policyOf(row);
  }

  async remove(tx: Transaction, operation: ApprovableOperationName): Promise<boolean> {
    const removed = await sqlOf(tx)
      .deleteFrom('approval_policy')
      .where('tenant_id', '=', tx.tenantId)
      .where('operation', '=', operation)
      .executeTakeFirst();
    return removed.numDeletedRows === 1n;
  }
}
