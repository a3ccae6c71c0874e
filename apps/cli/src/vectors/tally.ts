/** What became of one file of vectors. */
export interface FileReport {
  readonly file: string;
  readonly source: string;
  readonly cases: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why cases were skipped, each with how many, and which cases failed. */
  readonly reasons: readonly string[];
}

/** Skips a case: thrown by name, so that it cannot be mistaken for an answer. */
export class Skip extends Error {
  override readonly name = 'Skip';
}

const failuresNamedMax = 20;

/** Counts the cases of one file. A case that throws anything but a {@link Skip} has failed. */
export class Tally {
  #passed = 0;
  readonly #failures: string[] = [];
  readonly #skipped = new Map<string, number>();

  async run(name: string | number, test: () => boolean | Promise<boolean>): Promise<void> {
    try {
      if (await test()) this.#passed += 1;
      else this.#failures.push(`case ${name} failed`);
    } catch (error) {
      if (error instanceof Skip) this.skip(error.message);
      else this.#failures.push(`case ${name} failed: ${error instanceof Error ? error.name : 'unknown error'}`);
    }
  }

  skip(reason: string, count = 1): void {
    if (count > 0) this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + count);
  }

  report(file: string, source: string): FileReport {
    const skipped = [...this.#skipped.values()].reduce((sum, count) => sum + count, 0);
    const failed = this.#failures.length;
    const skips = [...this.#skipped].map(([reason, count]) => `${count} skipped: ${reason}`);
    const reasons = [...this.#failures.slice(0, failuresNamedMax), ...skips];
    return { file, source, cases: this.#passed + failed + skipped, passed: this.#passed, failed, skipped, reasons };
  }
}
