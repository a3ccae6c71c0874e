import type { CheckpointStore } from '@quantumvault/ports';
import type { CheckpointSigners } from '@quantumvault/tlog';
import { sql } from 'kysely';
import pg from 'pg';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { Logger } from '../../../platform/logging/logger.ts';
import type { Metrics } from '../../../platform/metrics/metrics.ts';
import type { Databases } from '../../../platform/postgres/databases.ts';
import type { LogSigningKeys } from '../../keys/index.ts';
import { auditErrors } from '../domain/errors.ts';
import type { WholeLogReader } from '../ports/log-reader.ts';
import { LeaderSession, type LeaderTiming } from './leader-session.ts';
import { LogDamage } from './log-damage.ts';
import { LogTables } from './log-tables.ts';
import type { SequencerStep } from './outside-log.ts';

export interface SequencerTiming extends LeaderTiming {
  /** Longest time between two looks for work; a nudge comes earlier. */
  readonly pollMs: number;
  /** Time from a nudge to the look: the transaction that nudged still has to commit. */
  readonly nudgeMs: number;
  readonly lockRetryMs: number;
  readonly failureRetryMs: number;
  /** A log that is refused is looked at again after this time: it may have been put right. */
  readonly haltedRetryMs: number;
  readonly headCheckMs: number;
  readonly patrolMs: number;
  readonly drainMs: number;
}

/** Figures that keep commit to published under 200 ms (AUD-4) and an idle process idle. */
export const sequencerTimingDefault: SequencerTiming = {
  batch: 1_000,
  headDelayMs: 1_000,
  compareAtStart: 8_192,
  patrolLeaves: 256,
  pollMs: 75,
  nudgeMs: 10,
  lockRetryMs: 500,
  failureRetryMs: 1_000,
  haltedRetryMs: 10_000,
  headCheckMs: 250,
  patrolMs: 2_000,
  drainMs: 10_000,
};

export interface SequencerState {
  /**
   * `waiting`: another process leads. `failing`: database or outside store cannot be reached. `halted`: the log is not
   * the one that was published; nothing is written until it is again.
   */
  readonly name: 'stopped' | 'waiting' | 'recovering' | 'leading' | 'failing' | 'halted';
  readonly message: string;
}

export interface SequencerOptions {
  readonly databases: Databases;
  readonly reader: WholeLogReader;
  readonly openStore: () => Promise<CheckpointStore>;
  readonly keys: LogSigningKeys;
  readonly installationId: string;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'auditChainValid'>;
  readonly timing?: Partial<SequencerTiming>;
  /** For tests: called at each step, and dies there by throwing. */
  readonly onStep?: (step: SequencerStep) => void | Promise<void>;
}

export const logOrigin = (installationId: string): string => `quantumvault/${installationId}`;

/**
 * The log's one writer (AUD-4). Every worker process has one; the one that holds the advisory lock on its own connection
 * leads, the others wait for the lock. It alone gives events their place, signs checkpoints and writes them outside.
 */
export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #signers: CheckpointSigners;
  readonly #timing: SequencerTiming;
  #state: SequencerState = { name: 'stopped', message: 'not started' };
  #session: LeaderSession | null = null;
  #running: Promise<void> | null = null;
  #isStopping = false;
  #wake: (() => void) | null = null;
  #nudging: NodeJS.Timeout | null = null;
  #chainValid: boolean | null = null;

  constructor(options: SequencerOptions) {
    const { ed25519, mlDsa44 } = options.keys;
    this.#options = options;
    this.#timing = { ...sequencerTimingDefault, ...options.timing };
    this.#signers = {
      ed25519: { publicKey: ed25519.publicKey, sign: (message) => ed25519.sign(message) },
      mlDsa44: { publicKey: mlDsa44.publicKey, sign: (message) => mlDsa44.signAsync(message) },
    };
  }

  get state(): SequencerState {
    return this.#state;
  }

  /** What the last comparison with the outside store found; null before the first. */
  get chainValid(): boolean | null {
    return this.#chainValid;
  }

  /** For the health page: `unavailable` while the log is refused or cannot be written. */
  health(): { readonly status: 'ok' | 'degraded' | 'unavailable'; readonly message: string } {
    const { name, message } = this.#state;
    if (name === 'halted' || name === 'failing' || name === 'stopped') return { status: 'unavailable', message };
    const refused = this.#session?.refusedEvents ?? 0;
    if (refused > 0) return { status: 'degraded', message: `${refused} rows of audit_event get no leaf; see the log` };
    return { status: 'ok', message };
  }

  start(): void {
    this.#isStopping = false;
    this.#running ??= this.#run();
  }

  /** Publishes what is pending if it leads, then lets go of the lock. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wake?.();
    await this.#running;
    this.#running = null;
    this.#state = { name: 'stopped', message: 'stopped' };
  }

  /** Says that an event is about to be committed in this process. */
  nudge(): void {
    this.#nudging ??= setTimeout(() => {
      this.#nudging = null;
      this.#wake?.();
    }, this.#timing.nudgeMs).unref();
  }

  /**
   * Waits until a checkpoint is published over an event, or over every event committed so far. Works in any process.
   * Gives the size of the published log; throws `AUDIT_NOT_PUBLISHED` after the time given.
   */
  async waitForPublished(target: { readonly eventId: string } | 'all', timeoutMs = 5_000): Promise<bigint> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const published = await this.#publishedSizeOver(target);
      if (published !== null) return published;
      if (performance.now() >= deadline) throw auditErrors.AUDIT_NOT_PUBLISHED({ retryAfterSeconds: 1 });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #publishedSizeOver(target: { readonly eventId: string } | 'all'): Promise<bigint | null> {
    const eventId = target === 'all' ? null : target.eventId;
    const { rows } = await sql<{ published: bigint; wanted: bigint | null; pending: boolean }>`
      SELECT coalesce((SELECT max(size) FROM audit_checkpoint), 0) AS published,
             CASE WHEN ${eventId}::uuid IS NULL THEN (SELECT size FROM audit_head)
                  ELSE (SELECT log_index + 1 FROM audit_leaf WHERE event_id = ${eventId}::uuid) END AS wanted,
             ${eventId}::uuid IS NULL AND EXISTS (SELECT 1 FROM audit_pending) AS pending`.execute(
      this.#options.databases.sequencer,
    );
    const row = rows[0];
    if (row === undefined || row.wanted === null || row.pending || row.published < row.wanted) return null;
    return row.published;
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      try {
        await this.#lead();
      } catch (error) {
        this.#session = null;
        await this.#pause(this.#report(error));
      }
    }
  }

  /** Says once what is wrong and gives the time until the next attempt. */
  #report(error: unknown): number {
    const { logger, metrics } = this.#options;
    const before = this.#state;
    if (error instanceof LogDamage) {
      this.#state = { name: 'halted', message: `${error.reason}: ${error.message}` };
      this.#chainValid = false;
      metrics.auditChainValid(false);
      if (before.message !== this.#state.message)
        logger.error(
          { reason: error.reason, logIndex: error.logIndex?.toString() ?? null, err: error.cause },
          `the audit log is refused and nothing is written to it: ${error.message}`,
        );
      return this.#timing.haltedRetryMs;
    }
    this.#state = { name: 'failing', message: 'the audit log cannot be written now; events stay pending' };
    if (before.name !== 'failing')
      logger.error({ err: error }, 'the sequencer of the audit log failed; it tries again');
    return this.#timing.failureRetryMs;
  }

  async #lead(): Promise<void> {
    const { databases, logger, metrics } = this.#options;
    const client = new pg.Client(databases.direct('qv_sequencer'));
    // Without a listener a lost connection would end the process; the next statement fails and says so.
    client.on('error', () => this.#wake?.());
    await client.connect();
    try {
      const tables = new LogTables(client);
      while (!(await tables.tryLock())) {
        this.#state = { name: 'waiting', message: 'another process writes the log' };
        await this.#pause(this.#timing.lockRetryMs);
        if (this.#isStopping) return;
      }
      if (this.#state.name !== 'halted')
        this.#state = { name: 'recovering', message: 'comparing with the outside store' };
      this.#session = await LeaderSession.recover({
        ...this.#options,
        tables,
        signers: this.#signers,
        origin: logOrigin(this.#options.installationId),
        timing: this.#timing,
        onStep: this.#options.onStep ?? (() => {}),
      });
      this.#state = { name: 'leading', message: 'this process writes the log' };
      this.#chainValid = true;
      metrics.auditChainValid(true);
      logger.info({ size: String(this.#session.published?.size ?? 0n) }, 'this process writes the audit log');
      await this.#work(this.#session);
    } finally {
      this.#session = null;
      await closeClient(client);
    }
  }

  async #work(session: LeaderSession): Promise<void> {
    const { pollMs, headCheckMs, patrolMs, drainMs } = this.#timing;
    let headsAt = 0;
    let patrolAt = performance.now() + patrolMs;
    while (!this.#isStopping) {
      const now = performance.now();
      const withHeads = now >= headsAt;
      if (withHeads) headsAt = now + headCheckMs;
      const outcome = await session.cycle({ withHeads });
      if (outcome === 'more') continue;
      if (now >= patrolAt) {
        await session.patrol();
        patrolAt = now + patrolMs;
      }
      await this.#pause(pollMs);
    }
    const deadline = performance.now() + drainMs;
    while (performance.now() < deadline && (await session.cycle({ withHeads: false })) !== 'idle');
  }

  /** Sleeps, or less when nudged or stopped. */
  async #pause(ms: number): Promise<void> {
    if (this.#isStopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}

/** Ends the connection, and with it the lock; a dead network must not hold up the stop. */
async function closeClient(client: pg.Client): Promise<void> {
  await Promise.race([
    client.end().catch(() => {}),
    new Promise<void>((resolve) => setTimeout(resolve, 2_000).unref()),
  ]);
}
