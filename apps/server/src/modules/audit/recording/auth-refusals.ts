import { hmacSha256, SecretBytes } from '@quantumvault/crypto';
import type { SealedField } from '@quantumvault/tlog';
import { sql } from 'kysely';
import type { Clock } from '../../../kernel/clock.ts';
import { isoInstant } from '../../../kernel/clock.ts';
import { type EventId, type NewId, platformTenantId } from '../../../kernel/ids.ts';
import type { Logger } from '../../../platform/logging/logger.ts';
import type { Sql } from '../../../platform/postgres/schema.ts';
import type { SubjectKey, SubjectKeys } from '../../keys/index.ts';
import { commitEvent } from '../domain/committed-event.ts';
import { sealField } from './audit-appender.ts';
import { insertEvents, rowOf } from './insert-event.ts';
import { RefusalCounter } from './refusal-counter.ts';

/** Whom the addresses of refused requests belong to: nobody known. Destroying this subject's key erases them all. */
export const unauthenticatedSubject = '00000000-0000-0000-0000-000000000002';
/** Nobody is known: the actor of a refusal before authentication (LEAF-6). */
const nobody = '00000000-0000-0000-0000-000000000000';

const flushIntervalMs = 1_000;
const closeIntervalMs = 5_000;
const closeBatch = 100;
const noAddress = new Uint8Array(32);

interface RefusalRow {
  readonly minute: Date;
  readonly source_key: string | null;
  readonly source_suite: string | null;
  readonly source: Uint8Array | null;
  readonly refusals: bigint;
}

/**
 * Refusals before authentication (AUD-1): counted per address and minute, so that a flood cannot fill the disk: it
 * yields at most 1,001 events a minute and process, however many requests and addresses it has. Counts reach the database every second and become one `auth.refused` event when
 * their minute is over. What was counted in the second before a `kill -9` is lost; everything else is not.
 */
export class AuthRefusals {
  readonly #db: Sql;
  readonly #subjectKeys: () => SubjectKeys;
  readonly #clock: Clock;
  readonly #newId: NewId;
  readonly #logger: Logger;
  readonly #counter = new RefusalCounter();
  // Of this process alone: two processes that refuse one address in one minute write two events, each with its count.
  readonly #digestKey = SecretBytes.random(32);
  readonly #timers: NodeJS.Timeout[] = [];
  #running: Promise<void> = Promise.resolve();
  #hasFailed = false;

  /** `db` is the role `qv_audit`. */
  constructor(options: {
    db: Sql;
    subjectKeys: () => SubjectKeys;
    clock: Clock;
    newId: NewId;
    logger: Logger;
  }) {
    this.#db = options.db;
    this.#subjectKeys = options.subjectKeys;
    this.#clock = options.clock;
    this.#newId = options.newId;
    this.#logger = options.logger;
  }

  /** Counts a refusal; touches memory only. */
  count(sourceAddress: string | null): void {
    this.#counter.count(sourceAddress, this.#clock.now().getTime());
  }

  start(): void {
    this.#timers.push(
      setInterval(() => this.#enqueue(() => this.flush()), flushIntervalMs).unref(),
      setInterval(() => this.#enqueue(() => this.closeMinutes()), closeIntervalMs).unref(),
    );
  }

  /** Writes what is counted; the next process turns the last minute into events. */
  async stop(): Promise<void> {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    this.#enqueue(() => this.flush());
    await this.#running;
  }

  /** Adds the counts to the database's minute. */
  async flush(): Promise<void> {
    const counts = this.#counter.take();
    if (counts.size === 0) return;
    try {
      const key = await this.#subjectKeys().forSubject(platformTenantId, unauthenticatedSubject);
      await this.#add(key, counts);
    } catch (error) {
      this.#counter.putBack(counts);
      throw error;
    }
  }

  async #add(key: SubjectKey, counts: ReadonlyMap<string | null, number>): Promise<void> {
    const rows = [...counts].map(([address, refusals]) => ({
      addressHash: address === null ? noAddress : hmacSha256(this.#digestKey, Buffer.from(address, 'utf8')),
      source: address === null ? null : sealField(key, 'source', address),
      refusals,
    }));
    // Sorted, so that two processes take the rows' locks in one order.
    rows.sort((left, right) => Buffer.compare(left.addressHash, right.addressHash));
    await sql`
      INSERT INTO auth_refusal_count (minute, address_hash, source_key, source_suite, source, refusals)
      SELECT date_trunc('minute', now()), * FROM unnest(
        ${rows.map((row) => row.addressHash)}::bytea[], ${rows.map((row) => row.source?.subjectKey ?? null)}::uuid[],
        ${rows.map((row) => row.source?.suite ?? null)}::text[], ${rows.map((row) => row.source?.bytes ?? null)}::bytea[],
        ${rows.map((row) => row.refusals)}::bigint[])
      ON CONFLICT (minute, address_hash) DO UPDATE SET refusals = auth_refusal_count.refusals + excluded.refusals`.execute(
      this.#db,
    );
  }

  /**
   * Turns the minutes that are over, by the database's clock, into events. A row is deleted in the transaction that
   * inserts its event, so each is written once, whichever process comes first.
   */
  async closeMinutes(): Promise<void> {
    while ((await this.#closeSome()) === closeBatch);
  }

  #closeSome(): Promise<number> {
    return this.#db.transaction().execute(async (trx) => {
      // Five seconds of grace: a count taken at the end of its minute is written in the first second of the next.
      const { rows } = await sql<RefusalRow>`
        DELETE FROM auth_refusal_count WHERE (minute, address_hash) IN (
          SELECT minute, address_hash FROM auth_refusal_count
           WHERE minute < date_trunc('minute', now() - interval '5 seconds')
           ORDER BY minute, address_hash LIMIT ${closeBatch} FOR UPDATE SKIP LOCKED)
        RETURNING minute, source_key, source_suite, source, refusals`.execute(trx);
      await insertEvents(
        trx,
        rows.map((row) => rowOf(this.#eventOf(row))),
      );
      return rows.length;
    });
  }

  #eventOf(row: RefusalRow) {
    return commitEvent(
      {
        action: 'auth.refused',
        resource: { type: 'installation', id: '' },
        outcome: 'refused',
        details: { minute: isoInstant(row.minute), refusals: Number(row.refusals), oneAddress: row.source !== null },
      },
      {
        id: this.#newId<EventId>(),
        tenantId: platformTenantId,
        occurredAt: this.#clock.now(),
        actor: { kind: 'unknown', id: nobody },
        session: null,
        source: sourceOf(row),
        reasonText: null,
        requestId: null,
      },
    );
  }

  /** One after another; a failure is reported once, until a later run succeeds. */
  #enqueue(work: () => Promise<void>): void {
    this.#running = this.#running.then(work).then(
      () => {
        this.#hasFailed = false;
      },
      (err: unknown) => {
        if (!this.#hasFailed) this.#logger.warn({ err }, 'refusals before authentication could not be written yet');
        this.#hasFailed = true;
      },
    );
  }
}

function sourceOf(row: RefusalRow): SealedField | null {
  if (row.source === null || row.source_key === null || row.source_suite === null) return null;
  return { subjectKey: row.source_key, suite: row.source_suite, bytes: row.source };
}
