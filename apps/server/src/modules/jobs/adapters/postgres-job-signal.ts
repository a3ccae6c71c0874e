import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../../../platform/logging/logger.ts';
import { randomFraction } from '../domain/failure.ts';
import type { JobSignal } from '../ports/job-signal.ts';

const firstPauseMs = 100;
const longestPauseMs = 10_000;
const closePauseMs = 1_000;

/**
 * LISTEN on a connection of its own, because a pooler would lose notifications; it comes back after the database was
 * away, and then hints once, since what was notified meanwhile is lost.
 */
export class PostgresJobSignal implements JobSignal {
  readonly #config: pg.ClientConfig;
  readonly #logger: Logger;
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  #pauseMs = firstPauseMs;
  #isClosed = false;

  constructor(options: { config: pg.ClientConfig; logger: Logger }) {
    this.#config = options.config;
    this.#logger = options.logger;
  }

  listen(onHint: (hint: 'new' | 'cancel') => void): void {
    void this.#connect(onHint);
  }

  async #connect(onHint: (hint: 'new' | 'cancel') => void): Promise<void> {
    const client = new pg.Client(this.#config);
    this.#client = client;
    let isLost = false;
    const lost = (error?: Error): void => {
      if (isLost || this.#isClosed) return;
      isLost = true;
      this.#logger.warn({ reason: error?.message }, 'the connection for job notifications was lost; polling goes on');
      void client.end().catch(() => undefined);
      const pause = this.#pauseMs * (0.5 + randomFraction() / 2);
      this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
      this.#timer = setTimeout(() => void this.#connect(onHint), pause);
    };
    client.on('error', lost);
    client.on('end', () => lost());
    client.on('notification', ({ payload }) => onHint(payload === 'cancel' ? 'cancel' : 'new'));
    try {
      await client.connect();
      await client.query('LISTEN qv_job');
      this.#pauseMs = firstPauseMs;
      onHint('new');
    } catch (error) {
      lost(error instanceof Error ? error : undefined);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    // A connection that is still being made may take its time to fail; a stop does not wait for that.
    await Promise.race([this.#client?.end().catch(() => undefined), sleep(closePauseMs, undefined, { ref: false })]);
  }
}
