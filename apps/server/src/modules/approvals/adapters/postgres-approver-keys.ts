import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Row } from '../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { ApproverKey } from '../domain/approver-key.ts';
import type { ApproverKeys } from '../ports/approver-keys.ts';

const keyOf = (row: Row<'approver_key'>): ApproverKey => ({
  id: row.id,
  subjectId: row.subject_id,
  signer: row.signer,
  algorithm: row.algorithm,
  fingerprint: new Uint8Array(row.fingerprint),
  createdAt: row.created_at,
  withdrawnAt: row.withdrawn_at,
});

export class PostgresApproverKeys implements ApproverKeys {
  async of(tx: Transaction, subjectId: string): Promise<readonly ApproverKey[]> {
    const query = sqlOf(tx).selectFrom('approver_key').selectAll().where('tenant_id', '=', tx.tenantId);
    return (await query.where('subject_id', '=', subjectId).orderBy('id').execute()).map(keyOf);
  }

  async find(tx: Transaction, ids: readonly string[]): Promise<readonly ApproverKey[]> {
    if (ids.length === 0) return [];
    const query = sqlOf(tx).selectFrom('approver_key').selectAll().where('tenant_id', '=', tx.tenantId);
    return (await query.where('id', 'in', [...ids]).execute()).map(keyOf);
  }

  async insert(tx: Transaction, key: Omit<ApproverKey, 'createdAt' | 'withdrawnAt'>): Promise<ApproverKey | null> {
    const row = await sqlOf(tx)
      .insertInto('approver_key')
      .values({
        tenant_id: tx.tenantId,
        id: key.id,
        subject_id: key.subjectId,
        signer: key.signer,
        algorithm: key.algorithm,
        fingerprint: Buffer.from(key.fingerprint),
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'fingerprint']).doNothing())
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : keyOf(row);
  }

  async withdraw(tx: Transaction, key: { readonly id: string; readonly subjectId: string }): Promise<boolean> {
    const withdrawn = await sqlOf(tx)
      .updateTable('approver_key')
      .set({ withdrawn_at: sql<Date>`now()` })
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', key.id)
      .where('subject_id', '=', key.subjectId)
      .where('withdrawn_at', 'is', null)
      .executeTakeFirst();
    return withdrawn.numUpdatedRows === 1n;
  }
}
