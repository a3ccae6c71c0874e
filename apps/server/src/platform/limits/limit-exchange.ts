import { sql } from 'kysely';
import type { Sql } from '../postgres/schema.ts';
import type { SharedTokens, UsedTokens } from './token-buckets.ts';

export interface Exchanged {
  readonly tokens: readonly SharedTokens[];
  /** Processes that were heard of lately, this one included. */
  readonly processes: number;
}

export interface ExchangeOptions {
  /** As `qv_auth`, which may call the function and touch no table. */
  readonly db: Sql;
  readonly processId: string;
  /** Buckets read at most; what was spent last comes first. */
  readonly readMax: number;
}

/**
 * Tells the other processes what was let through here, and learns what they let through: one call, once a second, never
 * within a request (ACC-10). The rows hold a hash of whom they are about, in a table that a crash of the database empties.
 */
export class LimitExchange {
  readonly #options: ExchangeOptions;
  /** By the database's clock; empty: everything that is there. */
  #readUntil: string | null = null;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  async exchange(used: readonly UsedTokens[]): Promise<Exchanged> {
    const { db, processId, readMax } = this.#options;
    // One order for all processes: rows that two of them change at once are locked in the same order.
    const told = [...used].sort((a, b) => (a.sharedId < b.sharedId ? -1 : 1));
    const column = <T>(pick: (one: UsedTokens) => T): T[] => told.map(pick);
    const { rows } = await sql<{ id: string | null; tokens: number; processes: number; until: string }>`
      SELECT id, tokens, processes, until FROM limits_exchange(
        ${processId}::uuid, ${column(({ sharedId }) => sharedId)}::text[], ${column((one) => one.used)}::int[],
        ${column(({ policy }) => policy.quota)}::float8[], ${column(({ policy }) => policy.windowSeconds)}::float8[],
        ${this.#readUntil}::timestamptz, ${readMax}::int)`.execute(db);
    const [first] = rows;
    if (first === undefined) throw new Error('the exchange of limits gave no answer');
    this.#readUntil = first.until;
    return {
      processes: first.processes,
      tokens: rows.flatMap(({ id, tokens }) => (id === null ? [] : [{ sharedId: id, tokens }])),
    };
  }

  /** Takes this process out of the count, so that the others need not wait until it is forgotten. */
  async leave(): Promise<void> {
    await sql`SELECT limits_leave(${this.#options.processId}::uuid)`.execute(this.#options.db);
  }
}
