/** A small generator (xorshift32 behind a multiplication), so that a run can be repeated from its seed. No secret comes from it. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    // Zero is the one state that never moves.
    this.#state = (Math.imul(seed, 0x9e37_79b1) ^ 0x5bd1_e995) >>> 0 || 1;
    for (let warm = 0; warm < 8; warm += 1) this.below(2);
  }

  /** A whole number from 0 to `bound` - 1; `bound` is at most 2^31. */
  below(bound: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return Math.floor(((Math.imul(state, 0x2545_f491) >>> 0) / 2 ** 32) * bound);
  }

  /** One of the values; undefined only when there are none. */
  of<T>(values: readonly T[]): T | undefined {
    return values[this.below(values.length)];
  }
}
