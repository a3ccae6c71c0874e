import { sql } from 'kysely';
import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Sql } from '../../../platform/postgres/schema.ts';
import { databaseFailure, sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { PasswordResets } from './password-resets.ts';

/** The maker has seen the token: what a suspended or off-boarded administrator has kept must open no account of another. */
const isMakerHere = sql<boolean>`EXISTS (
  SELECT FROM subject m
   WHERE m.tenant_id = password_reset.tenant_id AND m.id = password_reset.created_by AND m.status = 'active')`;

export class PostgresPasswordResets implements PasswordResets {
  readonly #auth: Sql;
  constructor(options: { auth: Sql }) {
    this.#auth = options.auth;
  }

  async find(hash: Uint8Array): Promise<{ tenantId: TenantId; subjectId: ActorId } | null> {
    try {
      const { rows } = await sql<{ tenantId: TenantId; subjectId: ActorId; usable: boolean }>`
        SELECT tenant_id AS "tenantId", subject_id AS "subjectId", usable FROM auth_find_password_reset(${hash})`.execute(
        this.#auth,
      );
      const [found] = rows;
      return found?.usable === true ? { tenantId: found.tenantId, subjectId: found.subjectId } : null;
    } catch (error) {
      throw databaseFailure(error);
    }
  }

  async put(
    tx: Transaction,
    reset: { hash: Uint8Array; subjectId: ActorId; createdBy: ActorId; lifetimeSeconds: number },
  ): Promise<Date> {
    const db = sqlOf(tx);
    await db.deleteFrom('password_reset').where('subject_id', '=', reset.subjectId).execute();
    const { expires_at } = await db
      .insertInto('password_reset')
      .values({
        token_hash: reset.hash,
        tenant_id: tx.tenantId,
        subject_id: reset.subjectId,
        created_by: reset.createdBy,
        expires_at: sql<Date>`now() + ${reset.lifetimeSeconds} * interval '1 second'`,
      })
      .returning('expires_at')
      .executeTakeFirstOrThrow();
    return expires_at;
  }

  async consume(tx: Transaction, hash: Uint8Array): Promise<boolean> {
    const used = await sqlOf(tx)
      .deleteFrom('password_reset')
      .where('token_hash', '=', hash)
      .where('expires_at', '>', sql<Date>`now()`)
      .where(isMakerHere)
      .returning('subject_id')
      .executeTakeFirst();
    return used !== undefined;
  }
}
