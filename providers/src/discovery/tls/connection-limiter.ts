export interface ConnectionLimits {
  /** Connections in flight to one address (INV-3a: at most 5). */
  readonly perHostMax: number;
  /** Connections in flight in all. */
  readonly totalMax: number;
}

/** Polite to one host, light on our own machine. */
export const defaultConnectionLimits: ConnectionLimits = { perHostMax: 5, totalMax: 64 };

interface Waiter {
  readonly host: string;
  readonly start: () => void;
}

/**
 * Counts connections per host and in total; whoever comes too early waits in line. Share one limiter between scans that
 * run at the same time: politeness is owed to the host, not to the scan.
 */
export class ConnectionLimiter {
  readonly #limits: ConnectionLimits;
  readonly #inFlight = new Map<string, number>();
  readonly #waiting = new Set<Waiter>();
  #total = 0;

  constructor(limits: ConnectionLimits = defaultConnectionLimits) {
    if (limits.perHostMax < 1 || limits.totalMax < 1) throw new RangeError('connection limits are at least 1');
    this.#limits = limits;
  }

  /** Runs `connect` when there is room for one more connection to `host`. */
  async run<T>(host: string, connect: () => Promise<T>): Promise<T> {
    if (this.#hasRoom(host)) this.#take(host);
    else await new Promise<void>((start) => this.#waiting.add({ host, start }));
    try {
      return await connect();
    } finally {
      this.#release(host);
    }
  }

  #hasRoom(host: string): boolean {
    return this.#total < this.#limits.totalMax && (this.#inFlight.get(host) ?? 0) < this.#limits.perHostMax;
  }

  #take(host: string): void {
    this.#total += 1;
    this.#inFlight.set(host, (this.#inFlight.get(host) ?? 0) + 1);
  }

  #release(host: string): void {
    this.#total -= 1;
    const left = (this.#inFlight.get(host) ?? 1) - 1;
    if (left === 0) this.#inFlight.delete(host);
    else this.#inFlight.set(host, left);
    for (const waiter of this.#waiting) {
      if (this.#total >= this.#limits.totalMax) return;
      if (!this.#hasRoom(waiter.host)) continue;
      this.#waiting.delete(waiter);
      this.#take(waiter.host);
      waiter.start();
    }
  }
}
