import type { Endpoint } from './connection.ts';

export interface ConnectionRates {
  /** New connections to one address per second, over all of its ports. */
  readonly perHostPerSecond: number;
  /** New connections in all per second. */
  readonly totalPerSecond: number;
}

export interface ConnectionLimits {
  /** Connections in flight to one address and port (INV-3a: at most 5). */
  readonly perHostMax: number;
  /** Connections in flight in all. */
  readonly totalMax: number;
  /** Token buckets of one second's worth; without them only the connections in flight count. */
  readonly rates?: ConnectionRates;
}

/** Polite to one host, light on our own machine. */
export const defaultConnectionLimits: ConnectionLimits = { perHostMax: 5, totalMax: 64 };

interface Waiter {
  readonly endpoint: Endpoint;
  /** Called with a slot taken, or without one when the wait was given up. */
  readonly start: (hasSlot: boolean) => void;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** A full bucket says no more than an absent one, so the full ones are dropped when there are this many. */
const bucketsMax = 4_096;

/**
 * Counts connections per address and port and in total, and meters how fast new ones begin; whoever comes too early waits
 * in line. Share one limiter between scans that run at the same time: politeness is owed to the host, not to the scan.
 */
export class ConnectionLimiter {
  readonly #limits: ConnectionLimits;
  readonly #nowMs: () => number;
  readonly #inFlight = new Map<string, number>();
  readonly #waiting = new Set<Waiter>();
  readonly #buckets = new Map<string, Bucket>();
  readonly #totalBucket: Bucket;
  #total = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `nowMs` is a clock that never goes back; tests bring their own. */
  constructor(limits: ConnectionLimits = defaultConnectionLimits, nowMs: () => number = () => performance.now()) {
    if (limits.perHostMax < 1 || limits.totalMax < 1) throw new RangeError('connection limits are at least 1');
    const { rates } = limits;
    if (rates !== undefined && !(rates.perHostPerSecond > 0 && rates.totalPerSecond > 0)) {
      throw new RangeError('connection rates are above 0');
    }
    this.#limits = limits;
    this.#nowMs = nowMs;
    this.#totalBucket = { tokens: burstOf(rates?.totalPerSecond ?? 1), atMs: nowMs() };
  }

  /**
   * Runs `connect` when there is room for one more connection to the endpoint. When `signal` fires first, `connect` runs
   * at once and must see by itself that there is nothing left to do.
   */
  async run<T>(endpoint: Endpoint, connect: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const hasSlot = this.#tryTake(endpoint) === 0 || (await this.#wait(endpoint, signal));
    try {
      return await connect();
    } finally {
      if (hasSlot) this.#release(endpoint);
    }
  }

  #wait(endpoint: Endpoint, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const giveUp = () => {
        this.#waiting.delete(waiter);
        resolve(false);
      };
      const waiter: Waiter = {
        endpoint,
        start: (hasSlot) => {
          signal?.removeEventListener('abort', giveUp);
          resolve(hasSlot);
        },
      };
      if (signal?.aborted === true) {
        resolve(false);
        return;
      }
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(waiter);
      this.#serve();
    });
  }

  /** Takes a slot and answers 0; else the milliseconds until tokens are there, or infinity while slots are full. */
  #tryTake(endpoint: Endpoint): number {
    const key = keyOf(endpoint);
    const inFlight = this.#inFlight.get(key) ?? 0;
    if (this.#total >= this.#limits.totalMax || inFlight >= this.#limits.perHostMax) return Number.POSITIVE_INFINITY;
    const waitMs = this.#takeTokens(endpoint.address);
    if (waitMs > 0) return waitMs;
    this.#total += 1;
    this.#inFlight.set(key, inFlight + 1);
    return 0;
  }

  #takeTokens(address: string): number {
    const { rates } = this.#limits;
    if (rates === undefined) return 0;
    const nowMs = this.#nowMs();
    const host = this.#buckets.get(address) ?? { tokens: burstOf(rates.perHostPerSecond), atMs: nowMs };
    refill(host, rates.perHostPerSecond, nowMs);
    refill(this.#totalBucket, rates.totalPerSecond, nowMs);
    const waitMs = Math.max(
      untilToken(host, rates.perHostPerSecond),
      untilToken(this.#totalBucket, rates.totalPerSecond),
    );
    if (waitMs > 0) return waitMs;
    host.tokens -= 1;
    this.#totalBucket.tokens -= 1;
    this.#buckets.set(address, host);
    if (this.#buckets.size > bucketsMax) this.#dropFullBuckets(rates.perHostPerSecond, nowMs);
    return 0;
  }

  #dropFullBuckets(rate: number, nowMs: number): void {
    for (const [address, bucket] of this.#buckets) {
      refill(bucket, rate, nowMs);
      if (bucket.tokens >= burstOf(rate)) this.#buckets.delete(address);
    }
  }

  #release(endpoint: Endpoint): void {
    const key = keyOf(endpoint);
    this.#total -= 1;
    const left = (this.#inFlight.get(key) ?? 1) - 1;
    if (left === 0) this.#inFlight.delete(key);
    else this.#inFlight.set(key, left);
    if (this.#waiting.size > 0) this.#serve();
  }

  /** Starts whoever may start now, in the order of coming, and sets the alarm for the next token. */
  #serve(): void {
    let soonestMs = Number.POSITIVE_INFINITY;
    for (const waiter of this.#waiting) {
      if (this.#total >= this.#limits.totalMax) break;
      const waitMs = this.#tryTake(waiter.endpoint);
      if (waitMs === 0) {
        this.#waiting.delete(waiter);
        waiter.start(true);
      } else soonestMs = Math.min(soonestMs, waitMs);
    }
    if (this.#timer !== undefined || soonestMs === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#serve();
    }, Math.ceil(soonestMs));
  }
}

function keyOf({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}

// One second's worth may come at once, and at least one connection.
function burstOf(rate: number): number {
  return Math.max(1, rate);
}

function refill(bucket: Bucket, rate: number, nowMs: number): void {
  bucket.tokens = Math.min(burstOf(rate), bucket.tokens + ((nowMs - bucket.atMs) / 1_000) * rate);
  bucket.atMs = nowMs;
}

function untilToken(bucket: Bucket, rate: number): number {
  return bucket.tokens >= 1 ? 0 : ((1 - bucket.tokens) / rate) * 1_000;
}
