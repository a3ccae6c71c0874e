import { sql } from 'kysely';
import type { ActorId } from '../../../../kernel/ids.ts';
import type { Transaction } from '../../../../kernel/unit-of-work.ts';
import type { Row } from '../../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../../platform/postgres/unit-of-work.ts';
import type { WrappedSecret } from '../../../keys/index.ts';
import type { AttemptLimits, FactorRepository, StoredTotp } from '../ports/factor-repository.ts';

const enrolmentMinutes = 10;
const enrolmentAttemptsMax = 5;
const enrolmentEnd = sql<Date>`created_at + ${sql.lit(enrolmentMinutes)} * interval '1 minute'`;

const totpOf = (row: Row<'totp_factor'>): StoredTotp => ({
  id: row.id,
  secret: { suite: row.suite, bytes: row.wrapped, kekVersion: row.kek_version },
  lastStep: row.last_step,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
});

export class PostgresFactorRepository implements FactorRepository {
  async activeTotp(tx: Transaction, subjectId: ActorId): Promise<StoredTotp | null> {
    const row = await sqlOf(tx)
      .selectFrom('totp_factor')
      .selectAll()
      .where('subject_id', '=', subjectId)
      .where('state', '=', 'active')
      .executeTakeFirst();
    return row === undefined ? null : totpOf(row);
  }

  async startTotp(tx: Transaction, subjectId: ActorId, totp: { id: string; secret: WrappedSecret }): Promise<Date> {
    const key = { tenant_id: tx.tenantId, subject_id: subjectId, state: 'pending' } as const;
    const { suite, bytes, kekVersion } = totp.secret;
    const values = { id: totp.id, suite, wrapped: bytes, kek_version: kekVersion };
    const row = await sqlOf(tx)
      .insertInto('totp_factor')
      .values({ ...key, ...values })
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'subject_id', 'state'])
          .doUpdateSet({ ...values, attempts: 0, created_at: sql`now()` }),
      )
      .returning(enrolmentEnd.as('ends_at'))
      .executeTakeFirstOrThrow();
    return row.ends_at;
  }

  async tryPendingTotp(tx: Transaction, subjectId: ActorId): Promise<StoredTotp | null> {
    const row = await sqlOf(tx)
      .updateTable('totp_factor')
      .set((build) => ({ attempts: build('attempts', '+', 1) }))
      .where('subject_id', '=', subjectId)
      .where('state', '=', 'pending')
      .where('attempts', '<', enrolmentAttemptsMax)
      .where(sql<boolean>`${enrolmentEnd} > now()`)
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : totpOf(row);
  }

  async activateTotp(tx: Transaction, subjectId: ActorId, totp: { id: string; step: bigint }): Promise<boolean> {
    await this.removeTotp(tx, subjectId);
    const result = await sqlOf(tx)
      .updateTable('totp_factor')
      .set({ state: 'active', last_step: totp.step, created_at: sql`now()` })
      .where('subject_id', '=', subjectId)
      .where('state', '=', 'pending')
      .where('id', '=', totp.id)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  async useTotpStep(tx: Transaction, subjectId: ActorId, totp: { id: string; step: bigint }): Promise<boolean> {
    const result = await sqlOf(tx)
      .updateTable('totp_factor')
      .set({ last_step: totp.step, last_used_at: sql`now()` })
      .where('subject_id', '=', subjectId)
      .where('state', '=', 'active')
      .where('id', '=', totp.id)
      .where('last_step', '<', totp.step)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  async removeTotp(tx: Transaction, subjectId: ActorId): Promise<boolean> {
    const result = await sqlOf(tx)
      .deleteFrom('totp_factor')
      .where('subject_id', '=', subjectId)
      .where('state', '=', 'active')
      .executeTakeFirst();
    return result.numDeletedRows === 1n;
  }

  async replaceRecoveryCodes(tx: Transaction, subjectId: ActorId, hashes: readonly Uint8Array[]): Promise<void> {
    await this.removeRecoveryCodes(tx, subjectId);
    await sqlOf(tx)
      .insertInto('recovery_code')
      .values(hashes.map((code_hash) => ({ tenant_id: tx.tenantId, subject_id: subjectId, code_hash })))
      .execute();
  }

  async useRecoveryCode(tx: Transaction, subjectId: ActorId, hash: Uint8Array): Promise<boolean> {
    const result = await sqlOf(tx)
      .updateTable('recovery_code')
      .set({ used_at: sql`now()` })
      .where('subject_id', '=', subjectId)
      .where('code_hash', '=', hash)
      .where('used_at', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  async recoveryCodesLeft(tx: Transaction, subjectId: ActorId): Promise<number> {
    const row = await sqlOf(tx)
      .selectFrom('recovery_code')
      .select((build) => build.fn.countAll<bigint>().as('count'))
      .where('subject_id', '=', subjectId)
      .where('used_at', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  async removeRecoveryCodes(tx: Transaction, subjectId: ActorId): Promise<void> {
    await sqlOf(tx).deleteFrom('recovery_code').where('subject_id', '=', subjectId).execute();
  }

  async lockAttempts(tx: Transaction, subjectId: ActorId): Promise<Date | null> {
    // The row's lock holds until the transaction ends: a hundred requests at once are tried one after another.
    const row = await sqlOf(tx)
      .insertInto('second_factor_failure')
      .values({ tenant_id: tx.tenantId, subject_id: subjectId })
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'subject_id'])
          .doUpdateSet((build) => ({ failures: build.ref('second_factor_failure.failures') })),
      )
      .returning(sql<Date | null>`CASE WHEN locked_until > now() THEN locked_until END`.as('locked_until'))
      .executeTakeFirstOrThrow();
    return row.locked_until;
  }

  async countFailure(tx: Transaction, subjectId: ActorId, limits: AttemptLimits): Promise<Date | null> {
    const { rows } = await sql<{ locked_until: Date | null }>`
      UPDATE second_factor_failure SET
        failures = CASE WHEN failures + 1 >= ${limits.failuresMax} THEN 0 ELSE failures + 1 END,
        locks = CASE WHEN failures + 1 >= ${limits.failuresMax} THEN least(locks + 1, 30) ELSE locks END,
        locked_until = CASE WHEN failures + 1 >= ${limits.failuresMax}
          THEN now() + least(${limits.lockSeconds} * 2::float8 ^ locks, ${limits.lockSecondsMax}) * interval '1 second' END
      WHERE subject_id = ${subjectId} RETURNING locked_until`.execute(sqlOf(tx));
    return rows[0]?.locked_until ?? null;
  }

  async forgetFailures(tx: Transaction, subjectId: ActorId): Promise<void> {
    await sqlOf(tx).deleteFrom('second_factor_failure').where('subject_id', '=', subjectId).execute();
  }
}
