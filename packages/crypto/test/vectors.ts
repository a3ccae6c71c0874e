import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const repository = join(import.meta.dirname, '..', '..', '..');

/** Vectors that belong to the repository: absence is an error. */
export function vectors<T>(path: string): T {
  return JSON.parse(readFileSync(join(repository, 'tests', 'vectors', path), 'utf8'));
}

/** Larger vectors kept beside the repository, as `path` or `path.gz`; undefined when they are not there. */
export function sharedVectors<T>(path: string): T | undefined {
  const base = join(repository, '..', 'shared', 'vectors', path);
  if (existsSync(base)) return JSON.parse(readFileSync(base, 'utf8'));
  if (existsSync(`${base}.gz`)) return JSON.parse(gunzipSync(readFileSync(`${base}.gz`)).toString('utf8'));
  return undefined;
}

export function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Counts what ran and why the rest did not, and prints it: a set that silently runs nothing would prove nothing. */
export class Tally {
  readonly #name: string;
  readonly #skipped = new Map<string, number>();
  #run = 0;

  constructor(name: string) {
    this.#name = name;
  }

  ran(): void {
    this.#run++;
  }

  skip(reason: string): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
  }

  /** Prints the line and answers the number of cases run. */
  report(): number {
    const reasons = [...this.#skipped].map(([reason, count]) => `${count} ${reason}`).join('; ');
    const skipped = [...this.#skipped.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `[vectors] ${this.#name}: ${this.#run} run, ${skipped} skipped${reasons === '' ? '' : ` (${reasons})`}`,
    );
    return this.#run;
  }
}
