import { constantTimeEqual } from '@quantumvault/crypto';
import { type Transaction as KyselyTransaction, sql } from 'kysely';
import type { Actor } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/app-error.ts';
import { kernelErrors } from '../../kernel/errors.ts';
import type { EventId, NewId, TenantId } from '../../kernel/ids.ts';
import type { AuditEntry, Transaction, UnitOfWork, WriteTransaction } from '../../kernel/unit-of-work.ts';
import { isUnavailable } from './connection.ts';
import type { Schema, Sql } from './schema.ts';

/** A transaction of Kysely, in which the tenant is set. */
export type SqlTransaction = KyselyTransaction<Schema>;

/** Encodes and inserts audit events and their pending marks; the audit module provides it. */
export interface AuditAppender {
  /**
   * Called before the transaction begins: the subject's key may have to be made, and that commits by itself. Waiting for
   * a second connection while holding one would let a full pool wait for itself.
   */
  prepare(actor: Actor): Promise<PreparedAudit>;
}
export interface PreparedAudit {
  append(db: SqlTransaction, entry: AuditEntry): Promise<EventId>;
}

class PostgresTransaction implements Transaction {
  readonly tenantId: TenantId;
  readonly db: SqlTransaction;
  constructor(tenantId: TenantId, db: SqlTransaction) {
    this.tenantId = tenantId;
    this.db = db;
  }
}

class PostgresWriteTransaction extends PostgresTransaction implements WriteTransaction {
  audited = 0;
  readonly #prepared: PreparedAudit;
  readonly #newId: NewId;
  constructor(tenantId: TenantId, db: SqlTransaction, prepared: PreparedAudit, newId: NewId) {
    super(tenantId, db);
    this.#prepared = prepared;
    this.#newId = newId;
  }
  async audit(entry: AuditEntry): Promise<EventId> {
    const id = await this.#prepared.append(this.db, entry);
    this.audited += 1;
    return id;
  }
  async publish(topic: string, payload: Readonly<Record<string, unknown>>): Promise<void> {
    await this.db
      .insertInto('outbox')
      .values({ id: this.#newId(), tenant_id: this.tenantId, topic, payload: JSON.stringify(payload) })
      .execute();
  }
}

/** For repositories: the SQL inside a transaction that a use case passes on. */
export function sqlOf(tx: Transaction): SqlTransaction {
  if (!(tx instanceof PostgresTransaction)) throw new TypeError('this repository works on PostgreSQL transactions');
  return tx.db;
}

/** Maps what the driver says of a lost database; everything else passes unchanged. */
export function databaseFailure(error: unknown): unknown {
  return !(error instanceof AppError) && isUnavailable(error)
    ? kernelErrors.DATABASE_UNAVAILABLE({ cause: error })
    : error;
}

async function inTenant<T>(
  db: Sql,
  tenantId: TenantId,
  readOnly: boolean,
  work: (trx: SqlTransaction) => Promise<T>,
): Promise<T> {
  try {
    return await db
      .transaction()
      .setAccessMode(readOnly ? 'read only' : 'read write')
      .execute(async (trx) => {
        // true: for this transaction alone; the next user of the connection starts without a tenant, and so without rows.
        await sql`SELECT set_config('qv.tenant', ${tenantId}, true)`.execute(trx);
        return work(trx);
      });
  } catch (error) {
    throw databaseFailure(error);
  }
}

/** The one unit of work (ACC-1) over the role `qv_app`, which forced row-level security binds. */
export class PostgresUnitOfWork implements UnitOfWork {
  readonly #db: Sql;
  readonly #appender: AuditAppender;
  readonly #newId: NewId;
  constructor(options: { db: Sql; appender: AuditAppender; newId: NewId }) {
    this.#db = options.db;
    this.#appender = options.appender;
    this.#newId = options.newId;
  }

  read<T>(tenantId: TenantId, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return inTenant(this.#db, tenantId, true, (trx) => work(new PostgresTransaction(tenantId, trx)));
  }

  writeUnaudited<T>(
    options: { tenantId: TenantId; reason: string },
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    return inTenant(this.#db, options.tenantId, false, (trx) => work(new PostgresTransaction(options.tenantId, trx)));
  }

  async write<T>(actor: Actor, work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    const prepared = await this.#appender.prepare(actor);
    return inTenant(this.#db, actor.tenantId, false, async (trx) => {
      const tx = new PostgresWriteTransaction(actor.tenantId, trx, prepared, this.#newId);
      const given = actor.request.idempotency;
      if (given !== null) {
        const stored = await claimIdempotencyKey(trx, actor, given);
        if (stored !== null) return stored.response as T;
      }
      const result = await work(tx);
      if (tx.audited === 0) throw new Error('a change was about to commit without an audit event');
      if (given !== null) {
        await trx
          .updateTable('idempotency_key')
          .set({ response: JSON.stringify(result ?? null) })
          .where('actor_id', '=', actor.id)
          .where('key', '=', given.key)
          .execute();
      }
      return result;
    });
  }
}

/**
 * Inserts the key in the transaction of the effect. A second request with the same key waits on the unique index until
 * the first has ended: it then finds the stored answer, or, if the first failed and rolled back, does the work itself.
 */
async function claimIdempotencyKey(
  trx: SqlTransaction,
  actor: Actor,
  given: { key: string; requestHash: Uint8Array },
): Promise<{ response: unknown } | null> {
  const inserted = await trx
    .insertInto('idempotency_key')
    .values({
      tenant_id: actor.tenantId,
      actor_id: actor.id,
      key: given.key,
      request_hash: given.requestHash,
      response: null,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'actor_id', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst();
  if (inserted !== undefined) return null;
  const stored = await trx
    .selectFrom('idempotency_key')
    .select(['request_hash', 'response'])
    .where('actor_id', '=', actor.id)
    .where('key', '=', given.key)
    .executeTakeFirst();
  if (stored === undefined) return null;
  if (!constantTimeEqual(stored.request_hash, given.requestHash)) throw kernelErrors.IDEMPOTENCY_KEY_REUSED();
  return { response: stored.response };
}
