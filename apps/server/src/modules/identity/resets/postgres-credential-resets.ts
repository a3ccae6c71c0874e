import { sql } from 'kysely';
import type { ActorId, NewId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import { type CredentialReset, type CredentialResets, resetCountsDays } from './credential-resets.ts';

const since = sql<Date>`now() - ${resetCountsDays} * interval '1 day'`;

export class PostgresCredentialResets implements CredentialResets {
  readonly #newId: NewId;
  constructor(options: { newId: NewId }) {
    this.#newId = options.newId;
  }

  async hold(tx: Transaction, subjectId: ActorId): Promise<void> {
    await sql`SELECT 1 FROM subject WHERE tenant_id = ${tx.tenantId} AND id = ${subjectId} FOR NO KEY UPDATE`.execute(
      sqlOf(tx),
    );
  }

  async hasBySameHands(tx: Transaction, { subjectId, kind, createdBy }: CredentialReset): Promise<boolean> {
    const { rows } = await sql`
      SELECT FROM credential_reset
       WHERE tenant_id = ${tx.tenantId} AND subject_id = ${subjectId} AND kind = ${kind} AND created_at > ${since}
         AND (created_by = ${createdBy}
              OR EXISTS (SELECT FROM subject WHERE tenant_id = ${tx.tenantId} AND id IN (created_by, ${createdBy}) AND kind <> 'user'))
       LIMIT 1`.execute(sqlOf(tx));
    return rows.length > 0;
  }

  async record(tx: Transaction, { subjectId, kind, createdBy }: CredentialReset): Promise<void> {
    const db = sqlOf(tx);
    const tenantId = tx.tenantId;
    await db
      .deleteFrom('credential_reset')
      .where('tenant_id', '=', tenantId)
      .where('subject_id', '=', subjectId)
      .where('created_at', '<=', since)
      .execute();
    await db
      .insertInto('credential_reset')
      .values({ tenant_id: tenantId, id: this.#newId(), subject_id: subjectId, kind, created_by: createdBy })
      .execute();
    await sql`
      INSERT INTO access_notice (id, tenant_id, subject_id, kind, resource_id)
      VALUES (${this.#newId<string>()}, ${tenantId}, ${subjectId}, ${`${kind}-reset`}, ${createdBy})`.execute(db);
  }
}
