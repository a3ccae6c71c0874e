import { constantTimeEqual } from '@quantumvault/crypto';
import { sql } from 'kysely';
import type { Actor } from '../../kernel/actor.ts';
import { kernelErrors } from '../../kernel/errors.ts';
import type { NewId, TenantId } from '../../kernel/ids.ts';
import { systemActor } from '../../kernel/system-actor.ts';
import type { IntoTenant, Transaction, UnitOfWork, WriteGroup, WriteTransaction } from '../../kernel/unit-of-work.ts';
import { quotaEvent } from './quota-refusal.ts';
import type { NewRow, Sql } from './schema.ts';
import {
  type AuditAppender,
  databaseFailure,
  type EncodedAudit,
  NothingRecorded,
  PostgresTransaction,
  PostgresWriteGroup,
  PostgresWriteTransaction,
  type PreparedAudit,
  type SqlTransaction,
  unaudited,
} from './write-transaction.ts';

export {
  type AuditAppender,
  databaseFailure,
  type EncodedAudit,
  type PreparedAudit,
  type SqlTransaction,
} from './write-transaction.ts';

/** For repositories: the SQL inside a transaction that a use case passes on. */
export function sqlOf(tx: Transaction): SqlTransaction {
  if (!(tx instanceof PostgresTransaction)) throw new TypeError('this repository works on PostgreSQL transactions');
  return tx.db;
}

const setTenant = (trx: SqlTransaction, tenantId: TenantId) =>
  sql`SELECT set_config('qv.tenant', ${tenantId}, true)`.execute(trx);

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
        await setTenant(trx, tenantId);
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

  write<T>(actor: Actor, work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    return this.#write(actor, (tx) => work(tx));
  }

  writeInto<T>(actor: Actor, work: (tx: WriteTransaction, into: IntoTenant) => Promise<T>): Promise<T> {
    return this.#write(actor, (tx, trx) =>
      work(tx, (tenantId, inside) => this.#into({ actor, trx, tenantId }, inside)),
    );
  }

  async #into<T>(
    { actor, trx, tenantId }: { readonly actor: Actor; readonly trx: SqlTransaction; readonly tenantId: TenantId },
    work: (tx: WriteTransaction) => Promise<T>,
  ): Promise<T> {
    const installation = systemActor(tenantId);
    const request = { ...installation.request, id: actor.request.id };
    // The installation has no key of its own, so this needs none of an organization that is just being made.
    const prepared = await this.#appender.prepare({ ...installation, request });
    await setTenant(trx, tenantId);
    try {
      const tx = new PostgresWriteTransaction(tenantId, trx, prepared, this.#newId);
      const result = await work(tx);
      if (tx.events.length === 0) throw new Error(unaudited);
      await this.#insert(trx, tx);
      return result;
    } finally {
      // Also after a failure: a caller who catches it must not go on in the other tenant. In a transaction that the
      // failure has aborted nothing can be said any more, and nothing needs to be.
      await setTenant(trx, actor.tenantId).catch(() => {});
    }
  }

  async #write<T>(actor: Actor, work: (tx: WriteTransaction, trx: SqlTransaction) => Promise<T>): Promise<T> {
    const prepared = await this.#appender.prepare(actor);
    const done = inTenant(this.#db, actor.tenantId, false, async (trx) => {
      const tx = new PostgresWriteTransaction(actor.tenantId, trx, prepared, this.#newId);
      const given = actor.request.idempotency;
      if (given !== null) {
        const stored = await claimIdempotencyKey(trx, actor, given);
        if (stored !== null) return stored.response as T;
      }
      const result = await work(tx, trx);
      if (tx.events.length === 0) throw new Error(unaudited);
      await this.#insert(trx, tx);
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
    return done.catch(async (failure: unknown) => {
      await this.#recordQuota(actor, failure);
      throw failure;
    });
  }

  /** A refusal is durable before its answer (AUD-1); the transaction that was refused is gone with all that it recorded. */
  async #recordQuota(actor: Actor, failure: unknown): Promise<void> {
    const event = quotaEvent(failure, actor.tenantId);
    if (event === null) return;
    const request = { ...actor.request, idempotency: null };
    await this.write({ ...actor, request }, (tx) => tx.audit(event));
  }

  async writeGroup<T>(actors: readonly Actor[], work: (group: WriteGroup) => Promise<T>): Promise<T> {
    try {
      return await this.#writeGroup(actors, work);
    } catch (failure) {
      const [first] = actors;
      if (first === undefined || quotaEvent(failure, first.tenantId) === null) throw failure;
      // At its end, others had taken what was left of a quota meanwhile. Nothing of the group is there; now that theirs has
      // committed, each of its writes learns by itself whether there is room for it.
      return this.#writeGroup(actors, work);
    }
  }

  async #writeGroup<T>(actors: readonly Actor[], work: (group: WriteGroup) => Promise<T>): Promise<T> {
    const [first] = actors;
    if (first === undefined) throw new TypeError('a group of writes has actors');
    if (actors.some((actor) => actor.tenantId !== first.tenantId || actor.request.idempotency !== null))
      throw new TypeError('a group of writes is of one tenant and carries no Idempotency-Key');
    const prepared = new Map<Actor, PreparedAudit>();
    for (const actor of actors) prepared.set(actor, await this.#appender.prepare(actor));
    const { tenantId } = first;
    try {
      return await inTenant(this.#db, tenantId, false, async (trx) => {
        const group = new PostgresWriteGroup({ tenantId, trx, prepared, newId: this.#newId });
        const result = await work(group);
        if (group.events.length === 0) throw new NothingRecorded(result);
        await this.#insert(trx, group);
        return result;
      });
    } catch (error) {
      if (error instanceof NothingRecorded) return error.result as T;
      throw error;
    }
  }

  async #insert(
    trx: SqlTransaction,
    { events, messages }: { events: readonly EncodedAudit[]; messages: readonly NewRow<'outbox'>[] },
  ): Promise<void> {
    await this.#appender.insert(trx, events);
    if (messages.length === 0) return;
    const column = (name: 'id' | 'tenant_id' | 'topic' | 'payload') => messages.map((message) => message[name]);
    await sql`
      INSERT INTO outbox (id, tenant_id, topic, payload)
      SELECT * FROM unnest(${column('id')}::uuid[], ${column('tenant_id')}::uuid[], ${column('topic')}::text[],
                           ${column('payload')}::jsonb[])`.execute(trx);
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
