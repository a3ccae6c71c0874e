import { sql } from 'kysely';
import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { EndReason, MustChange } from './session.ts';
import type { NewSession, SessionStore, StoredSession } from './session-store.ts';

const idleEnd = sql<Date>`last_used_at + idle_seconds * interval '1 second'`;
const isLive = sql<boolean>`(revoked_at IS NULL AND ends_at > now() AND ${idleEnd} > now())`;

export class PostgresSessionStore implements SessionStore {
  async lockSubject(tx: Transaction, subjectId: ActorId): Promise<void> {
    await sql`SELECT 1 FROM subject WHERE tenant_id = ${tx.tenantId} AND id = ${subjectId} FOR NO KEY UPDATE`.execute(
      sqlOf(tx),
    );
  }

  async insert(tx: Transaction, session: NewSession): Promise<Date> {
    const { ends_at } = await sqlOf(tx)
      .insertInto('session')
      .values({
        id: session.id,
        tenant_id: tx.tenantId,
        subject_id: session.subjectId,
        transport: session.transport,
        idle_seconds: session.idleSeconds,
        ends_at: sql<Date>`now() + ${session.lifetimeSeconds} * interval '1 second'`,
        authenticated_at: session.authenticatedAt,
        mfa_at: session.mfaAt,
        csrf_hash: session.csrfHash,
        must_change: session.mustChange,
        address_key_id: session.address?.keyId ?? null,
        address_suite: session.address?.suite ?? null,
        address: session.address?.bytes ?? null,
        user_agent: session.userAgent,
      })
      .returning('ends_at')
      .executeTakeFirstOrThrow();
    return ends_at;
  }

  async insertRefreshToken(
    tx: Transaction,
    token: { readonly sessionId: string; readonly hash: Uint8Array; readonly generation: number },
  ): Promise<void> {
    await sqlOf(tx)
      .insertInto('refresh_token')
      .values({
        token_hash: token.hash,
        tenant_id: tx.tenantId,
        session_id: token.sessionId,
        generation: token.generation,
      })
      .execute();
  }

  async replaceRefreshToken(
    tx: Transaction,
    {
      sessionId,
      current,
      next,
    }: { readonly sessionId: string; readonly current: Uint8Array; readonly next: Uint8Array },
  ): Promise<{ readonly endsAt: Date; readonly mustChange: MustChange | null } | null> {
    // One statement after another: the unique index on the current token allows no two at any moment.
    const replaced = await sqlOf(tx)
      .updateTable('refresh_token')
      .set({ replaced_at: sql`now()` })
      .where('session_id', '=', sessionId)
      .where('token_hash', '=', current)
      .where('replaced_at', 'is', null)
      .returning('generation')
      .executeTakeFirst();
    if (replaced === undefined) return null;
    const session = await sqlOf(tx)
      .updateTable('session')
      .set({ last_used_at: sql`now()` })
      .where('id', '=', sessionId)
      .where(isLive)
      .returning(['ends_at', 'must_change'])
      .executeTakeFirst();
    if (session === undefined) return null;
    await this.insertRefreshToken(tx, { sessionId, hash: next, generation: replaced.generation + 1 });
    return { endsAt: session.ends_at, mustChange: session.must_change };
  }

  async live(tx: Transaction, subjectId: ActorId): Promise<readonly StoredSession[]> {
    const rows = await sqlOf(tx)
      .selectFrom('session')
      .selectAll()
      .select(idleEnd.as('idle_ends_at'))
      .where('subject_id', '=', subjectId)
      .where(isLive)
      .orderBy('id', 'desc')
      .limit(1000)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      subjectId: row.subject_id,
      transport: row.transport,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
      idleEndsAt: row.idle_ends_at,
      endsAt: row.ends_at,
      authenticatedAt: row.authenticated_at,
      mfaAt: row.mfa_at,
      address:
        row.address_key_id === null || row.address_suite === null || row.address === null
          ? null
          : { keyId: row.address_key_id, suite: row.address_suite, bytes: row.address },
      userAgent: row.user_agent,
    }));
  }

  async end(
    tx: Transaction,
    { subjectId, ids, reason }: { subjectId: ActorId; ids: readonly string[] | null; reason: EndReason },
  ): Promise<readonly string[]> {
    const rows = await sqlOf(tx)
      .updateTable('session')
      .set({ revoked_at: sql`now()`, revoked_reason: reason })
      .where('subject_id', '=', subjectId)
      .where(isLive)
      .$if(ids !== null, (query) => query.where('id', 'in', [...(ids ?? [])]))
      .returning('id')
      .execute();
    return rows.map(({ id }) => id);
  }
}
