import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { Revocation } from './offboarding-repository.ts';

/** How many rows a change has touched. */
async function changed(tx: Transaction, statement: ReturnType<typeof sql>): Promise<number> {
  return Number((await statement.execute(sqlOf(tx))).numAffectedRows ?? 0n);
}

/** What this module keeps of a subject. Approvals come from the module that keeps those. */
export const postgresRevocations: readonly Revocation[] = [
  {
    of: 'sessions',
    revoke: async (tx, id) => {
      await sql`DELETE FROM sign_in_ticket WHERE subject_id = ${id}`.execute(sqlOf(tx));
      // Also those that the subject has made for others, and may have kept.
      await sql`DELETE FROM password_reset WHERE subject_id = ${id} OR created_by = ${id}`.execute(sqlOf(tx));
      return changed(
        tx,
        sql`UPDATE session SET revoked_at = now(), revoked_reason = 'subject-ended'
             WHERE subject_id = ${id} AND revoked_at IS NULL`,
      );
    },
  },
  {
    // Whoever comes back is the same subject: an old passkey must open nothing then.
    of: 'factors',
    revoke: async (tx, id) => {
      await sql`DELETE FROM recovery_code WHERE subject_id = ${id}`.execute(sqlOf(tx));
      const totp = await changed(tx, sql`DELETE FROM totp_factor WHERE subject_id = ${id}`);
      return totp + (await changed(tx, sql`DELETE FROM passkey WHERE subject_id = ${id}`));
    },
  },
  {
    of: 'apiKeys',
    revoke: async (tx, id) => {
      // A service account's; people have none.
      await sql`UPDATE client_certificate SET revoked_at = now() WHERE subject_id = ${id} AND revoked_at IS NULL`.execute(
        sqlOf(tx),
      );
      // Tokens for machines that the subject has made and no machine has used: they would be good again after a return.
      await sql`UPDATE device_enrollment SET cancelled_at = now()
                 WHERE created_by = ${id} AND used_at IS NULL AND cancelled_at IS NULL`.execute(sqlOf(tx));
      return changed(tx, sql`UPDATE api_key SET revoked_at = now() WHERE subject_id = ${id} AND revoked_at IS NULL`);
    },
  },
  {
    of: 'grants',
    revoke: (tx, id) =>
      changed(tx, sql`UPDATE access_grant SET revoked_at = now() WHERE subject_id = ${id} AND revoked_at IS NULL`),
  },
  {
    // Those that wait for the subject, and those that the subject has sent: whoever was invited can be invited by another.
    of: 'invitations',
    revoke: async (tx, id) => {
      await sql`
        UPDATE access_grant g SET revoked_at = now()
          FROM invitation i
         WHERE i.tenant_id = g.tenant_id AND i.subject_id = g.subject_id AND i.invited_by = ${id}
           AND i.accepted_at IS NULL AND i.cancelled_at IS NULL AND g.revoked_at IS NULL`.execute(sqlOf(tx));
      await sql`
        UPDATE subject s SET status = 'offboarded', version = s.version + 1
          FROM invitation i
         WHERE i.tenant_id = s.tenant_id AND i.subject_id = s.id AND i.invited_by = ${id}
           AND i.accepted_at IS NULL AND i.cancelled_at IS NULL AND s.status = 'invited'`.execute(sqlOf(tx));
      return changed(
        tx,
        sql`UPDATE invitation SET cancelled_at = now()
             WHERE (subject_id = ${id} OR invited_by = ${id}) AND accepted_at IS NULL AND cancelled_at IS NULL`,
      );
    },
  },
];
