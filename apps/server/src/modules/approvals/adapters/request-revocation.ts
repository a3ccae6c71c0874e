import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';

/** What an off-boarding takes away of approvals (ACC-12): open requests end. Votes stay and do not count any more. */
export const requestRevocation = {
  of: 'approvals' as const,
  revoke: async (tx: Transaction, subjectId: string): Promise<number> => {
    const { rows } = await sql<{ id: string }>`
      UPDATE approval_request SET status = 'cancelled', ended_at = now()
       WHERE tenant_id = ${tx.tenantId} AND requester_id = ${subjectId} AND status IN ('pending', 'approved')
      RETURNING id`.execute(sqlOf(tx));
    await sql`UPDATE approver_key SET withdrawn_at = now()
               WHERE tenant_id = ${tx.tenantId} AND subject_id = ${subjectId} AND withdrawn_at IS NULL`.execute(
      sqlOf(tx),
    );
    const ended = rows.map(({ id }) => id);
    await sql`DELETE FROM approval_facts WHERE tenant_id = ${tx.tenantId} AND request_id = ANY (${ended}::uuid[])`.execute(
      sqlOf(tx),
    );
    return rows.length;
  },
};
