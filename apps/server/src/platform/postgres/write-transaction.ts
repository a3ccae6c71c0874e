import { type Transaction as KyselyTransaction, sql } from 'kysely';
import type { Actor } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/app-error.ts';
import { kernelErrors } from '../../kernel/errors.ts';
import { type EventId, idFrom, type NewId, type TenantId } from '../../kernel/ids.ts';
import type { AuditEntry, Transaction, WriteGroup, WriteTransaction } from '../../kernel/unit-of-work.ts';
import { isUnavailable } from './connection.ts';
import { quotaEvent, quotaRefusal } from './quota-refusal.ts';
import type { NewRow, Schema } from './schema.ts';

/** A transaction of Kysely, in which the tenant is set. */
export type SqlTransaction = KyselyTransaction<Schema>;

/** Encodes and inserts audit events and their pending marks; the audit module provides it. */
export interface AuditAppender {
  /**
   * Called before the transaction begins: the subject's key may have to be made, and that commits by itself. Waiting for
   * a second connection while holding one would let a full pool wait for itself.
   */
  prepare(actor: Actor): Promise<PreparedAudit>;
  /** Inserts what was encoded, in one statement and in the transaction of the effects. */
  insert(db: SqlTransaction, events: readonly EncodedAudit[]): Promise<void>;
}
export interface PreparedAudit {
  /** Throws when the event must not be: then the effect must not be either. */
  encode(entry: AuditEntry): EncodedAudit;
}
export type EncodedAudit = NewRow<'audit_event'>;

export class PostgresTransaction implements Transaction {
  readonly tenantId: TenantId;
  readonly db: SqlTransaction;
  constructor(tenantId: TenantId, db: SqlTransaction) {
    this.tenantId = tenantId;
    this.db = db;
  }
}

/**
 * Events and messages are encoded at once and inserted together at the end of the work: one statement however many they
 * are, and none of a part that was undone.
 */
export class PostgresWriteTransaction extends PostgresTransaction implements WriteTransaction {
  readonly events: EncodedAudit[] = [];
  readonly messages: NewRow<'outbox'>[] = [];
  readonly #prepared: PreparedAudit;
  readonly #newId: NewId;
  constructor(tenantId: TenantId, db: SqlTransaction, prepared: PreparedAudit, newId: NewId) {
    super(tenantId, db);
    this.#prepared = prepared;
    this.#newId = newId;
  }
  async audit(entry: AuditEntry): Promise<EventId> {
    const encoded = this.#prepared.encode(entry);
    this.events.push(encoded);
    return idFrom(encoded.id);
  }
  async publish(topic: string, payload: Readonly<Record<string, unknown>>): Promise<void> {
    this.messages.push({ id: this.#newId(), tenant_id: this.tenantId, topic, payload: JSON.stringify(payload) });
  }
}

/** Maps what the driver says of a lost database, and a trigger of a quota; everything else passes unchanged. */
export function databaseFailure(error: unknown): unknown {
  const refusal = quotaRefusal(error);
  if (refusal !== null) return refusal;
  return !(error instanceof AppError) && isUnavailable(error)
    ? kernelErrors.DATABASE_UNAVAILABLE({ cause: error })
    : error;
}

export const unaudited = 'a change was about to commit without an audit event';

/** Takes a result out of a transaction that is rolled back because it has nothing to say. */
export class NothingRecorded extends Error {
  readonly result: unknown;
  constructor(result: unknown) {
    super(unaudited);
    this.result = result;
  }
}

export class PostgresWriteGroup implements WriteGroup {
  readonly tx: Transaction;
  readonly events: EncodedAudit[] = [];
  readonly messages: NewRow<'outbox'>[] = [];
  readonly #trx: SqlTransaction;
  readonly #prepared: ReadonlyMap<Actor, PreparedAudit>;
  readonly #newId: NewId;
  /** A savepoint of ours is there: nothing after it, or all of a write that succeeded. */
  #savepoint: 'none' | 'clean' | 'used' = 'none';

  constructor(options: {
    tenantId: TenantId;
    trx: SqlTransaction;
    prepared: ReadonlyMap<Actor, PreparedAudit>;
    newId: NewId;
  }) {
    this.tx = new PostgresTransaction(options.tenantId, options.trx);
    this.#trx = options.trx;
    this.#prepared = options.prepared;
    this.#newId = options.newId;
  }

  audit(actor: Actor, entry: AuditEntry): EventId {
    const encoded = this.#preparedOf(actor).encode(entry);
    this.events.push(encoded);
    return idFrom(encoded.id);
  }

  async write<T>(actor: Actor, work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    const trx = this.#trx;
    // Two statements without values travel together: one round trip for each write of the group.
    if (this.#savepoint === 'none') await sql`SAVEPOINT qv_part`.execute(trx);
    if (this.#savepoint === 'used') await sql`RELEASE SAVEPOINT qv_part; SAVEPOINT qv_part`.execute(trx);
    this.#savepoint = 'used';
    const part = new PostgresWriteTransaction(this.tx.tenantId, trx, this.#preparedOf(actor), this.#newId);
    try {
      const result = await work(part);
      if (part.events.length === 0) throw new Error(unaudited);
      this.events.push(...part.events);
      this.messages.push(...part.messages);
      return result;
    } catch (error) {
      await sql`ROLLBACK TO SAVEPOINT qv_part`.execute(trx);
      this.#savepoint = 'clean';
      const failure = databaseFailure(error);
      const refused = quotaEvent(failure, this.tx.tenantId);
      if (refused !== null) this.audit(actor, refused);
      throw failure;
    }
  }

  #preparedOf(actor: Actor): PreparedAudit {
    const prepared = this.#prepared.get(actor);
    if (prepared === undefined) throw new TypeError('an actor that was not named when the group began');
    return prepared;
  }
}
