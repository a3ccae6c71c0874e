import { sql } from 'kysely';
import type { Logger } from '../logging/logger.ts';
import type { Sql } from '../postgres/schema.ts';

export interface OutboxMessage {
  readonly id: string;
  readonly tenantId: string;
  readonly topic: string;
  readonly payload: unknown;
  readonly createdAt: Date;
}

/** Where messages go. It may get one twice (at least once) and recognises it by its id; it throws to be asked again. */
export interface EventSink {
  readonly name: string;
  deliver(messages: readonly OutboxMessage[]): Promise<void>;
}

/** The embedded default: one log line a message. Kafka and webhooks are further sinks behind the same port. */
export function logSink(logger: Logger): EventSink {
  return {
    name: 'log',
    deliver: async (messages) => {
      for (const { id, topic, tenantId, payload } of messages)
        logger.info({ eventId: id, topic, tenantId, payload }, 'event');
    },
  };
}

export interface OutboxRelayOptions {
  /** As `qv_worker`, which reads and deletes messages of all tenants and writes none. */
  readonly db: Sql;
  readonly sinks: readonly EventSink[];
  readonly logger: Logger;
  readonly pollIntervalMs: number;
}

const batchMax = 200;

/** Delivers what transactions have put into the outbox, then deletes it; and forgets old idempotency keys. */
export class OutboxRelay {
  readonly #options: OutboxRelayOptions;
  #timer: NodeJS.Timeout | null = null;
  #prune: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), this.#options.pollIntervalMs);
    this.#prune = setInterval(
      () =>
        void this.pruneIdempotencyKeys().catch((err: unknown) =>
          this.#options.logger.warn({ err }, 'old idempotency keys were not removed'),
        ),
      3_600_000,
    );
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#prune !== null) clearInterval(this.#prune);
    await this.#running;
  }

  #tick(): void {
    this.#running ??= this.drain()
      .catch((err: unknown) =>
        this.#options.logger.warn({ err }, 'the outbox could not be delivered; it is tried again'),
      )
      .finally(() => {
        this.#running = null;
      });
  }

  /** Delivers until the outbox is empty. A batch is deleted only when every sink has taken it. */
  async drain(): Promise<void> {
    while ((await this.#deliverBatch()) === batchMax);
  }

  #deliverBatch(): Promise<number> {
    return this.#options.db.transaction().execute(async (trx) => {
      const rows = await sql<OutboxMessage>`
        DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY created_at, id LIMIT ${batchMax} FOR UPDATE SKIP LOCKED)
        RETURNING id, tenant_id AS "tenantId", topic, payload, created_at AS "createdAt"`.execute(trx);
      const messages = [...rows.rows].sort(
        (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1),
      );
      if (messages.length > 0) for (const sink of this.#options.sinks) await sink.deliver(messages);
      return messages.length;
    });
  }

  /** A key is remembered for a day: longer than any client repeats a request. */
  async pruneIdempotencyKeys(): Promise<void> {
    await sql`DELETE FROM idempotency_key WHERE created_at < now() - interval '24 hours'`.execute(this.#options.db);
  }
}
