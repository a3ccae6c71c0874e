import { CryptoError, need } from './errors.ts';

/**
 * `argon2` is for password hashing, which holds much memory; `slow` for what takes tens of milliseconds and more (signing
 * with SLH-DSA, making RSA keys), so that it never stands in the way of the rest; `worker` for the one thread that does cryptography in JavaScript; `native` for all
 * other asynchronous calls.
 */
export type PoolLane = 'argon2' | 'native' | 'slow' | 'worker';

export interface CryptoPoolOptions {
  /** Calls at once that are not Argon2; the size of the runtime's thread pool is a good value. */
  readonly nativeConcurrency: number;
  /** Argon2 calls at once. Two by default: each holds 19 to 128 MiB. */
  readonly argon2Concurrency: number;
  /** Slow calls at once. */
  readonly slowConcurrency: number;
  /** Calls that may wait per lane; one more is refused with CRYPTO_POOL_FULL. */
  readonly queueMax: number;
}

export interface LaneSnapshot {
  readonly active: number;
  readonly waiting: number;
  /** The most that ever ran at once. */
  readonly peak: number;
  readonly refused: number;
}

interface Lane {
  readonly concurrency: number;
  readonly waiting: (() => void)[];
  active: number;
  peak: number;
  refused: number;
}

// Four threads is the runtime's own default; the launcher gives the server eight, one more than all lanes take. Two Argon2 of level `maximum` hold 256 MiB together. One slow call at once, so
// that even of four threads one is left for quick calls, files and names. A queue of 256 logins waits about ten seconds
// at level `standard`: longer than anyone stays.
const defaults: CryptoPoolOptions = {
  nativeConcurrency: 4,
  argon2Concurrency: 2,
  slowConcurrency: 1,
  queueMax: 256,
};

/**
 * A bounded semaphore in front of slow native calls (CRY-10), in order of arrival. All callers of a process share
 * {@link cryptoPool}; a pool of one's own is for tests.
 */
export class CryptoPool {
  readonly #lanes: Readonly<Record<PoolLane, Lane>>;
  readonly #queueMax: number;

  constructor(options: Partial<CryptoPoolOptions> = {}) {
    const { nativeConcurrency, argon2Concurrency, slowConcurrency, queueMax } = { ...defaults, ...options };
    for (const [value, min] of [
      [nativeConcurrency, 1],
      [argon2Concurrency, 1],
      [slowConcurrency, 1],
      [queueMax, 0],
    ] as const) {
      need(Number.isSafeInteger(value) && value >= min, 'CRYPTO_LIMIT', 'a pool is sized in whole numbers');
    }
    const lane = (concurrency: number): Lane => ({ concurrency, waiting: [], active: 0, peak: 0, refused: 0 });
    this.#lanes = {
      argon2: lane(argon2Concurrency),
      native: lane(nativeConcurrency),
      slow: lane(slowConcurrency),
      worker: lane(1),
    };
    this.#queueMax = queueMax;
  }

  /** Runs `task` as soon as its lane has room. Rejects with CRYPTO_POOL_FULL when the queue is full, else as `task` does. */
  async run<T>(laneName: PoolLane, task: () => Promise<T>): Promise<T> {
    const lane = this.#lanes[laneName];
    await this.#enter(lane);
    try {
      return await task();
    } finally {
      this.#leave(lane);
    }
  }

  /** Counts for metrics. */
  snapshot(): Readonly<Record<PoolLane, LaneSnapshot>> {
    const count = ({ active, waiting, peak, refused }: Lane): LaneSnapshot => ({
      active,
      waiting: waiting.length,
      peak,
      refused,
    });
    const { argon2, native, slow, worker } = this.#lanes;
    return { argon2: count(argon2), native: count(native), slow: count(slow), worker: count(worker) };
  }

  #enter(lane: Lane): Promise<void> | undefined {
    if (lane.active < lane.concurrency) {
      lane.active++;
      lane.peak = Math.max(lane.peak, lane.active);
      return undefined;
    }
    if (lane.waiting.length >= this.#queueMax) {
      lane.refused++;
      throw new CryptoError('CRYPTO_POOL_FULL', 'too many cryptographic operations are waiting');
    }
    return new Promise((resolve) => {
      lane.waiting.push(resolve);
    });
  }

  // A leaver hands its place to the first that waits, so `active` never dips and nobody can slip in between.
  #leave(lane: Lane): void {
    const next = lane.waiting.shift();
    if (next === undefined) lane.active--;
    else next();
  }
}

/** The pool of this process. */
export const cryptoPool: CryptoPool = new CryptoPool();
