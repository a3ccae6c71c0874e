/** What became of one file of vectors; an archive is one file. */
export interface FileReport {
  readonly file: string;
  readonly source: string;
  readonly cases: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Which cases failed, and why cases were skipped, each with how many. */
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
  #failed = 0;
  readonly #failures: string[] = [];
  readonly #skipped = new Map<string, number>();
  /** What stands before the names of cases: the member of the archive. */
  #prefix = '';

  /** Names the member of an archive whose cases follow. */
  within(member: string): void {
    this.#prefix = `${member}: `;
  }

  async run(name: string | number, test: () => boolean | Promise<boolean>): Promise<void> {
    try {
      if (await test()) this.#passed += 1;
      else this.#fail(`case ${name} failed`);
    } catch (error) {
      if (error instanceof Skip) this.skip(error.message);
      else this.#fail(`case ${name} failed: ${error instanceof Error ? error.name : 'unknown error'}`);
    }
  }

  skip(reason: string, count = 1): void {
    if (count > 0) this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + count);
  }

  report(file: string, source: string): FileReport {
    const skipped = [...this.#skipped.values()].reduce((sum, count) => sum + count, 0);
    const failed = this.#failed;
    const skips = [...this.#skipped].map(([reason, count]) => `${count} skipped: ${reason}`);
    const unnamed = failed - this.#failures.length;
    const more = unnamed > 0 ? [`${unnamed} more failed`] : [];
    const reasons = [...this.#failures, ...more, ...skips];
    return { file, source, cases: this.#passed + failed + skipped, passed: this.#passed, failed, skipped, reasons };
  }

  #fail(what: string): void {
    this.#failed += 1;
    if (this.#failures.length < failuresNamedMax) this.#failures.push(`${this.#prefix}${what}`);
  }
}
