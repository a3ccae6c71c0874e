import { defaultSecuritySettings } from '@quantumvault/api';
import { type RawBuilder, sql } from 'kysely';
import { platformTenantId } from '../../../kernel/ids.ts';
import type { Sql } from '../../../platform/postgres/schema.ts';
import { databaseFailure } from '../../../platform/postgres/unit-of-work.ts';
import type { DueLockNotice, FoundSignIn, SignInDirectory, SignInNames } from './sign-in-directory.ts';

/** In the place of an id that is absent, so that it takes as long to carry and to read as one that is there (ACC-11). */
const nobodysId: string = platformTenantId;

const nobody: FoundSignIn = { tenantId: null, subjectId: null, passwordHash: null, usable: false, isLocked: false };

/** As `qv_auth`, which may call these functions and read no table. */
export class PostgresSignInDirectory implements SignInDirectory {
  readonly #db: Sql;
  constructor(options: { db: Sql }) {
    this.#db = options.db;
  }

  async find(wanted: SignInNames & { email: string; organizationId: string | null }): Promise<FoundSignIn> {
    const [found = nobody] = await this.#rows<FoundSignIn>(sql`
      SELECT tenant_id AS "tenantId", subject_id AS "subjectId", password_hash AS "passwordHash", usable, is_locked AS "isLocked"
        FROM auth_find_sign_in(${wanted.email}, ${wanted.organizationId}::uuid, ${wanted.identity}, ${wanted.address})`);
    return found.subjectId === nobodysId ? { ...found, tenantId: null, subjectId: null } : found;
  }

  async note(
    outcome: SignInNames & { succeeded: boolean; tenantId: string | null; subjectId: string | null },
  ): Promise<void> {
    const { failuresMax, lockSeconds, lockSecondsMax } = defaultSecuritySettings.lockout;
    await this.#rows(sql`
      SELECT auth_note_sign_in(${outcome.succeeded}, ${outcome.identity}, ${outcome.address}, ${outcome.tenantId ?? nobodysId}::uuid,
                               ${outcome.subjectId ?? nobodysId}::uuid, ${failuresMax}, ${lockSeconds}, ${lockSecondsMax})`);
  }

  async unlock(account: { identity: Uint8Array; tenantId: string; subjectId: string }): Promise<boolean> {
    const [row] = await this.#rows<{ wasLocked: boolean }>(
      sql`SELECT auth_unlock_sign_in(${account.identity}, ${account.tenantId}, ${account.subjectId}) AS "wasLocked"`,
    );
    return row?.wasLocked === true;
  }

  dueLockNotices(): Promise<readonly DueLockNotice[]> {
    return this.#rows<DueLockNotice>(sql`
      SELECT key, tenant_id AS "tenantId", subject_id AS "subjectId", locks, locked_until AS "lockedUntil"
        FROM auth_due_lock_notices()`);
  }

  async lockNoticeGiven(key: Uint8Array): Promise<void> {
    await this.#rows(sql`SELECT auth_lock_notice_given(${key})`);
  }

  async prune(): Promise<void> {
    await this.#rows(sql`SELECT auth_prune_sign_in()`);
  }

  async #rows<Row>(query: RawBuilder<unknown>): Promise<readonly Row[]> {
    try {
      return (await query.execute(this.#db)).rows as readonly Row[];
    } catch (error) {
      throw databaseFailure(error);
    }
  }
}
