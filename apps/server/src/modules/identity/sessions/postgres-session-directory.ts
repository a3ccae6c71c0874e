import { type RawBuilder, sql } from 'kysely';
import type { Sql } from '../../../platform/postgres/schema.ts';
import { databaseFailure } from '../../../platform/postgres/unit-of-work.ts';
import type { FoundRefreshToken, FoundSession, FoundTicket, SessionDirectory } from './session-directory.ts';

/** Looks up sessions as `qv_auth`. */
export class PostgresSessionDirectory implements SessionDirectory {
  readonly #db: Sql;
  readonly #used = new Set<string>();

  constructor(options: { db: Sql }) {
    this.#db = options.db;
  }

  find(sessionId: string): Promise<FoundSession | null> {
    return this.#first<FoundSession>(sql`
      SELECT tenant_id AS "tenantId", subject_id AS "subjectId", subject_kind AS "subjectKind", usable,
             access_version AS "accessVersion", transport, authenticated_at AS "authenticatedAt", mfa_at AS "mfaAt",
             csrf_hash AS "csrfHash", must_change AS "mustChange"
        FROM auth_find_session(${sessionId})`);
  }

  findRefreshToken(hash: Uint8Array): Promise<FoundRefreshToken | null> {
    return this.#first<FoundRefreshToken>(sql`
      SELECT tenant_id AS "tenantId", subject_id AS "subjectId", session_id AS "sessionId", transport,
             csrf_hash AS "csrfHash", is_current AS "isCurrent", usable
        FROM auth_find_refresh_token(${hash})`);
  }

  findTicket(hash: Uint8Array): Promise<FoundTicket | null> {
    return this.#first<FoundTicket>(sql`
      SELECT tenant_id AS "tenantId", subject_id AS "subjectId", transport, authenticated_at AS "authenticatedAt",
             must_change AS "mustChange", usable
        FROM auth_find_ticket(${hash})`);
  }

  async #first<Row>(query: RawBuilder<unknown>): Promise<Row | null> {
    try {
      const { rows } = await query.execute(this.#db);
      return (rows[0] as Row | undefined) ?? null;
    } catch (error) {
      throw databaseFailure(error);
    }
  }

  noteUse(sessionId: string): void {
    if (this.#used.size < 100_000) this.#used.add(sessionId);
  }

  /** Writes the uses noted since the last call; the timer is the caller's. */
  async flushUses(): Promise<void> {
    if (this.#used.size === 0) return;
    const ids = [...this.#used];
    this.#used.clear();
    await sql`SELECT auth_touch_sessions(${ids}::uuid[])`.execute(this.#db);
  }
}
