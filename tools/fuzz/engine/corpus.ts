/** The inputs worth changing: each one reached something that none before it did. */
import type { Dice } from './random.ts';

export interface Entry {
  readonly bytes: Uint8Array;
  /** What this input reached, see Coverage. */
  readonly features: readonly number[];
}

export class Corpus {
  readonly #entries: Entry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
  }

  /** Half of the time one of the youngest quarter, because what is new is least explored. */
  pick(dice: Dice): Uint8Array {
    const { length } = this.#entries;
    const young = Math.ceil(length / 4);
    const index = dice.below(2) === 0 ? length - 1 - dice.below(young) : dice.below(length);
    return this.#entries[index]?.bytes ?? new Uint8Array(0);
  }

  /** A small set of small inputs that reaches everything the corpus reaches: the seeds to keep. */
  minimal(): Uint8Array[] {
    const left = new Set(this.#entries.flatMap(({ features }) => features));
    const bySize = [...this.#entries].sort((a, b) => a.bytes.length - b.bytes.length);
    const kept: Uint8Array[] = [];
    for (const { bytes, features } of bySize) {
      const adds = features.some((feature) => left.has(feature));
      if (!adds) continue;
      kept.push(bytes);
      for (const feature of features) left.delete(feature);
    }
    return kept;
  }
}
