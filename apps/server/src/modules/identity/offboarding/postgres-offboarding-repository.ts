import { type OffboardingView, offboardingSchema } from '@quantumvault/api';
import { sql } from 'kysely';
import { isoInstant } from '../../../kernel/clock.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { OffboardingRepository } from './offboarding-repository.ts';
import { adviceFor, exposingActions, type SeenCredential } from './seen-credentials.ts';

interface SeenRow {
  readonly action: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly name: string | null;
  readonly times: bigint;
  readonly lastSeenAt: Date;
}

/** Of rows that are no event: the kind is the action. */
const ownKind = (action: string): SeenCredential['kind'] =>
  action === 'device' || action === 'client-certificate' ? action : 'api-key';

export class PostgresOffboardingRepository implements OffboardingRepository {
  async seen(tx: Transaction, subjectId: string, limit: number): Promise<readonly SeenCredential[]> {
    // The list of actions stands in the text, as in the index: the planner uses a partial index for no parameter.
    const { rows } = await sql<SeenRow>`
      WITH seen AS (
             SELECT e.action, e.resource_type, e.resource_id, count(*) AS times, max(e.occurred_at) AS last_seen_at
               FROM audit_event e
              WHERE e.tenant_id = ${tx.tenantId} AND e.actor_id = ${subjectId} AND e.outcome = 'success'
                AND e.action IN ('data-key.unwrapped', 'tls-bundle.read', 'certificate.read', 'token.signed')
              GROUP BY e.action, e.resource_type, e.resource_id
             UNION ALL
             SELECT 'api-key', 'api-key', k.id::text, 1, k.created_at
               FROM api_key k
              WHERE k.tenant_id = ${tx.tenantId} AND k.created_by = ${subjectId} AND k.subject_id <> ${subjectId}
                AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
             UNION ALL
             SELECT 'device', 'device', d.id::text, 1, d.enrolled_at
               FROM device d JOIN subject s ON s.tenant_id = d.tenant_id AND s.id = d.id
              WHERE d.tenant_id = ${tx.tenantId} AND d.enrolled_by = ${subjectId} AND s.status = 'active'
             UNION ALL
             SELECT 'client-certificate', 'client-certificate', c.id::text, 1, c.created_at
               FROM client_certificate c
              WHERE c.tenant_id = ${tx.tenantId} AND c.created_by = ${subjectId} AND c.revoked_at IS NULL
           )
      SELECT s.action, s.resource_type AS "resourceType", s.resource_id AS "resourceId", s.times,
             s.last_seen_at AS "lastSeenAt",
             CASE s.resource_type WHEN 'asset' THEN (SELECT a.name FROM asset a WHERE a.id = s.resource_id::uuid)
                                  WHEN 'api-key' THEN (SELECT k.name FROM api_key k WHERE k.id = s.resource_id::uuid)
                                  WHEN 'client-certificate' THEN
                                    (SELECT c.subject_name FROM client_certificate c WHERE c.id = s.resource_id::uuid)
                                  WHEN 'device' THEN (SELECT d.display_name FROM subject d WHERE d.id = s.resource_id::uuid)
                                  END AS name
        FROM seen s ORDER BY s.last_seen_at DESC, s.resource_id LIMIT ${limit}`.execute(sqlOf(tx));
    return rows.map(({ action, times, lastSeenAt, ...row }) => {
      const kind = exposingActions[action] ?? ownKind(action);
      return { kind, ...row, times: Number(times), lastSeenAt: isoInstant(lastSeenAt), advice: adviceFor[kind] };
    });
  }

  async serviceAccountsOf(tx: Transaction, subjectId: string): Promise<readonly string[]> {
    const rows = await sqlOf(tx)
      .selectFrom('service_account')
      .innerJoin('subject', (join) =>
        join
          .onRef('subject.tenant_id', '=', 'service_account.tenant_id')
          .onRef('subject.id', '=', 'service_account.id'),
      )
      .select('service_account.id')
      .where('service_account.owner_id', '=', subjectId)
      .where('subject.status', '<>', 'offboarded')
      .orderBy('service_account.id')
      .limit(1000)
      .execute();
    return rows.map(({ id }) => id);
  }

  async insertReport(
    tx: Transaction,
    report: Omit<OffboardingView, 'offboardedAt'>,
  ): Promise<{ readonly offboardedAt: Date }> {
    const row = await sqlOf(tx)
      .insertInto('offboarding')
      .values({
        id: report.id,
        tenant_id: tx.tenantId,
        subject_id: report.userId,
        offboarded_by: report.offboardedBy,
        report: JSON.stringify(report),
      })
      .returning('offboarded_at')
      .executeTakeFirstOrThrow();
    return { offboardedAt: row.offboarded_at };
  }

  async lastReport(tx: Transaction, subjectId: string): Promise<OffboardingView | null> {
    const row = await sqlOf(tx)
      .selectFrom('offboarding')
      .select(['report', 'offboarded_at'])
      .where('tenant_id', '=', tx.tenantId)
      .where('subject_id', '=', subjectId)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return null;
    return offboardingSchema.parse({ ...Object(row.report), offboardedAt: isoInstant(row.offboarded_at) });
  }
}
