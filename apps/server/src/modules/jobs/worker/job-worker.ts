import type { Logger } from '../../../platform/logging/logger.ts';
import type { Claim } from '../domain/job.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { JobSignal } from '../ports/job-signal.ts';
import { Interruption } from './interruption.ts';
import type { ClaimRunner } from './run-claim.ts';

export interface JobWorkerOptions {
  readonly queue: JobQueue;
  readonly runner: Pick<ClaimRunner, 'run'>;
  readonly signal: JobSignal;
  readonly logger: Logger;
  /** Jobs at once in this process. */
  readonly parallel: number;
  /** Most jobs claimed in one statement; also never more than two for each that may run at once are held. */
  readonly batch: number;
  readonly pollIntervalMs: number;
  readonly leaseSeconds: number;
}

interface Held {
  readonly claim: Claim;
  readonly abort: AbortController;
  done: Promise<void> | null;
}

// After the handlers were told to stop, this long for them to let go.
const abortGraceMs = 2_000;

/**
 * Claims jobs in batches and works on some at once. Woken by notification, and by polling in case one is lost. All
 * leases of this process are extended in one statement, three times per lease.
 */
export class JobWorker {
  readonly #options: JobWorkerOptions;
  readonly #held = new Map<string, Held>();
  /** Claimed and not begun, in the order of the claim. */
  #waiting: Held[] = [];
  #running = 0;
  #isStopping = false;
  #claiming: Promise<void> | null = null;
  #wasHinted = false;
  #hasProgressed = false;
  #poll: NodeJS.Timeout | null = null;
  #beat: NodeJS.Timeout | null = null;
  #isBeating = false;

  constructor(options: JobWorkerOptions) {
    this.#options = options;
  }

  start(): void {
    const { signal, pollIntervalMs, leaseSeconds } = this.#options;
    this.#isStopping = false;
    signal.listen((hint) => (hint === 'cancel' ? void this.#heartbeat() : this.#wake()));
    this.#poll = setInterval(() => void this.#tick(), pollIntervalMs);
    this.#beat = setInterval(() => void this.#heartbeat(), (leaseSeconds * 1000) / 3);
    this.#wake();
  }

  /**
   * Stops in order: claims nothing more, gives back what it has not begun, waits for what runs, then interrupts it.
   * What has not let go even then is taken over when its lease ends.
   */
  async stop(options: { timeoutMs: number }): Promise<void> {
    this.#isStopping = true;
    if (this.#poll !== null) clearInterval(this.#poll);
    await this.#options.signal.close();
    await this.#claiming;
    await this.#giveBackWaiting();
    await this.#settled(options.timeoutMs);
    for (const held of this.#held.values()) held.abort.abort(new Interruption('stopping'));
    await this.#settled(abortGraceMs);
    if (this.#beat !== null) clearInterval(this.#beat);
  }

  /** Jobs that this process works on now. */
  get running(): number {
    return this.#running;
  }

  #wake(): void {
    this.#wasHinted = true;
    void this.#claim();
  }

  #claim(): Promise<void> {
    this.#claiming ??= this.#claimWhileFree().finally(() => {
      this.#claiming = null;
    });
    return this.#claiming;
  }

  async #claimWhileFree(): Promise<void> {
    try {
      // Claims while slots are free: waiting jobs never pile up behind busy slots.
      while (
        !this.#isStopping &&
        this.#wasHinted &&
        this.#waiting.length === 0 &&
        this.#running < this.#options.parallel
      ) {
        this.#wasHinted = false;
        const claims = await this.#options.queue.claim({
          limit: Math.min(this.#options.batch, 2 * this.#options.parallel - this.#running),
          leaseSeconds: this.#options.leaseSeconds,
        });
        if (claims.length > 0) {
          this.#wasHinted = true;
          this.#hasProgressed = true;
        }
        for (const claim of claims) {
          const held: Held = { claim, abort: new AbortController(), done: null };
          this.#held.set(claim.token, held);
          this.#waiting.push(held);
        }
        if (this.#isStopping) await this.#giveBackWaiting();
        this.#beginWaiting();
      }
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'no jobs could be claimed; trying again');
    }
  }

  #beginWaiting(): void {
    while (!this.#isStopping && this.#running < this.#options.parallel) {
      const held = this.#waiting.shift();
      if (held === undefined) return;
      this.#running += 1;
      held.done = this.#options.runner.run(held.claim, held.abort.signal).finally(() => {
        this.#running -= 1;
        this.#held.delete(held.claim.token);
        this.#hasProgressed = true;
        this.#beginWaiting();
        // The queue may hold more than the last claim took.
        if (this.#waiting.length === 0) void this.#claim();
      });
    }
  }

  async #tick(): Promise<void> {
    // Slots that were busy all the time since the last look may stay so for long: let others have what waits here.
    if (!this.#hasProgressed && this.#waiting.length > 0) await this.#giveBackWaiting();
    this.#hasProgressed = false;
    this.#wake();
  }

  async #giveBackWaiting(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const held of waiting) this.#held.delete(held.claim.token);
    if (waiting.length === 0) return;
    await this.#options.queue
      .release(
        waiting.map(({ claim }) => claim),
        0,
      )
      .catch((error: unknown) =>
        this.#options.logger.warn({ err: error, count: waiting.length }, 'jobs were not given back; their leases end'),
      );
  }

  async #heartbeat(): Promise<void> {
    if (this.#isBeating || this.#held.size === 0) return;
    this.#isBeating = true;
    const beaten = [...this.#held.values()];
    try {
      const alive = await this.#options.queue.heartbeat(
        beaten.map(({ claim }) => claim),
        this.#options.leaseSeconds,
      );
      const byId = new Map(alive.map((entry) => [entry.id, entry]));
      for (const held of beaten) {
        const entry = byId.get(held.claim.id);
        // A job that has just ended is missing here too; then nobody listens to this signal any more.
        if (entry === undefined) this.#drop(held);
        else if (entry.cancelRequested) held.abort.abort(new Interruption('cancelled'));
      }
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'the leases of running jobs could not be extended');
    } finally {
      this.#isBeating = false;
    }
  }

  #drop(held: Held): void {
    held.abort.abort(new Interruption('lease-lost'));
    const index = this.#waiting.indexOf(held);
    if (index === -1) return;
    this.#waiting.splice(index, 1);
    this.#held.delete(held.claim.token);
  }

  async #settled(timeoutMs: number): Promise<void> {
    const running = [...this.#held.values()].flatMap(({ done }) => (done === null ? [] : [done]));
    if (running.length === 0) return;
    const { promise: timedOut, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeoutMs);
    await Promise.race([Promise.all(running), timedOut]);
    clearTimeout(timer);
  }
}
