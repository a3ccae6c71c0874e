/** What has been reached so far: for each counter the magnitudes that it has had, as libFuzzer and AFL keep it. */
import type { LoadedCode } from './load-hooks.ts';

/** One bit for each magnitude: 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128 and more. */
const magnitudes = Uint8Array.from({ length: 256 }, (_, count) => {
  if (count < 4) return count === 3 ? 4 : count;
  if (count < 32) return count < 8 ? 8 : count < 16 ? 16 : 32;
  return count < 128 ? 64 : 128;
});

export class Coverage {
  readonly #code: LoadedCode;
  readonly #words: Uint32Array;
  readonly #seen: Uint8Array;
  /** Counters that were ever above zero. */
  edges = 0;
  /** Pairs of counter and magnitude. */
  features = 0;

  constructor(code: LoadedCode) {
    this.#code = code;
    this.#words = new Uint32Array(code.map.buffer);
    this.#seen = new Uint8Array(code.map.length);
  }

  /** Counters of the loaded code. */
  get edgesMax(): number {
    return this.#code.counters;
  }

  begin(): void {
    this.#words.fill(0, 0, (this.#code.counters + 3) >> 2);
  }

  /** What the last execution reached; `isNew` when some of it was not reached before. */
  take(): boolean {
    const { map, counters } = this.#code;
    const words = (counters + 3) >> 2;
    let isNew = false;
    for (let word = 0; word < words; word += 1) {
      if (this.#words[word] === 0) continue;
      for (let at = word * 4; at < word * 4 + 4; at += 1) {
        const bit = magnitudes[map[at] ?? 0] ?? 0;
        const seen = this.#seen[at] ?? 0;
        if ((bit & ~seen) === 0) continue;
        if (seen === 0) this.edges += 1;
        this.#seen[at] = seen | bit;
        this.features += 1;
        isNew = true;
      }
    }
    return isNew;
  }

  /** The pairs of counter and magnitude of the last execution, as numbers. */
  featuresOfLast(): number[] {
    const { map, counters } = this.#code;
    const found: number[] = [];
    for (let at = 0; at < counters; at += 1) {
      const bit = magnitudes[map[at] ?? 0] ?? 0;
      if (bit !== 0) found.push(at * 256 + bit);
    }
    return found;
  }
}
