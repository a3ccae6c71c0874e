/** Addresses that are counted by themselves in one minute; all further ones share one count. */
export const addressesPerMinuteMax = 1_000;

/** The one count of all addresses beyond the bound, and of requests without an address. */
export const unnamedAddress = null;

/**
 * Counts refusals per address in constant memory (AUD-1): however many addresses a flood comes from, a minute yields at
 * most `addressesPerMinuteMax` + 1 counts.
 */
export class RefusalCounter {
  #counts = new Map<string | null, number>();
  #minute = -1;
  #seen = new Set<string>();

  count(address: string | null, nowMs: number): void {
    const minute = Math.floor(nowMs / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#seen = new Set();
    }
    this.#add(this.#nameOf(address), 1);
  }

  /** Takes what was counted since the last call. */
  take(): ReadonlyMap<string | null, number> {
    const taken = this.#counts;
    this.#counts = new Map();
    return taken;
  }

  /** Gives back what could not be written; the bound holds for it too. */
  putBack(counts: ReadonlyMap<string | null, number>): void {
    for (const [address, refusals] of counts) this.#add(this.#nameOf(address), refusals);
  }

  #nameOf(address: string | null): string | null {
    if (address === null || this.#seen.has(address)) return address;
    if (this.#seen.size >= addressesPerMinuteMax) return unnamedAddress;
    this.#seen.add(address);
    return address;
  }

  #add(address: string | null, refusals: number): void {
    this.#counts.set(address, (this.#counts.get(address) ?? 0) + refusals);
  }
}
