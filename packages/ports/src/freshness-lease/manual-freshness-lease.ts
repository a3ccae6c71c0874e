import type { FreshnessLease } from './freshness-lease.ts';

/** A lease that is renewed by hand, over any monotonic clock: for tests, and under a watcher of notifications. */
export class ManualFreshnessLease implements FreshnessLease {
  readonly #now: () => number;
  #confirmedAt = Number.NEGATIVE_INFINITY;
  #generation = 0;

  /** `now` in milliseconds; it never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get generation(): number {
    return this.#generation;
  }

  ageMilliseconds(): number {
    return this.#now() - this.#confirmedAt;
  }

  /** The database has confirmed at this instant that nothing is missing. */
  renew(): void {
    this.#confirmedAt = this.#now();
  }

  /** The link was interrupted: notifications may have been lost. */
  interrupt(): void {
    this.#confirmedAt = Number.NEGATIVE_INFINITY;
    this.#generation += 1;
  }
}
