import { join } from 'node:path';
import { CheckpointStoreError, type CheckpointSummary } from '@quantumvault/ports';
import { parseCheckpoint } from '@quantumvault/tlog';
import { type DurableFiles, namesIn, type PendingFile, readIfThere } from './durable-files.ts';

// Every checkpoint, numbered from 1 without gaps: `history/000/000/000/001`. The number is what two publishers compete
// for. Sizes grow with the numbers, so a size is found by bisection.

const checkpointBytesMax = 256 * 1024;
const digits = 12;

export interface HeldCheckpoint extends CheckpointSummary {
  readonly number: number;
  readonly origin: string;
}

export class CheckpointHistory {
  private readonly folder: string;
  private readonly files: DurableFiles;
  private lastNumber = 0;

  constructor(folder: string, files: DurableFiles) {
    this.folder = folder;
    this.files = files;
  }

  /** The newest checkpoint, also when another process published it a moment ago. */
  async newest(): Promise<HeldCheckpoint | null> {
    let number = this.lastNumber > 0 ? this.lastNumber : await this.highestNumber();
    if (number === 0) return null;
    let newest = await this.read(number);
    if (newest === null) throw damaged(`checkpoint ${number} is gone`);
    for (;;) {
      const next = await this.read(number + 1);
      if (next === null) break;
      newest = next;
      number += 1;
    }
    this.lastNumber = number;
    return newest;
  }

  /** Prepares the checkpoint that may become `number`. */
  prepare(number: number, bytes: Uint8Array): Promise<PendingFile> {
    return this.files.prepare(this.path(number), bytes);
  }

  /** The first checkpoint of at least this size, or null. */
  async atLeast(size: bigint): Promise<HeldCheckpoint | null> {
    const newest = await this.newest();
    if (newest === null || newest.size < size) return null;
    let [low, found] = [1, newest];
    while (low < found.number) {
      const middle = Math.floor((low + found.number) / 2);
      const checkpoint = await this.mustRead(middle);
      if (checkpoint.size >= size) found = checkpoint;
      else low = middle + 1;
    }
    return found;
  }

  async mustRead(number: number): Promise<HeldCheckpoint> {
    const checkpoint = await this.read(number);
    if (checkpoint === null) throw damaged(`checkpoint ${number} is gone`);
    return checkpoint;
  }

  private async read(number: number): Promise<HeldCheckpoint | null> {
    const bytes = await readIfThere(this.path(number), checkpointBytesMax);
    return bytes === null ? null : { number, ...readCheckpointText(bytes, `checkpoint ${number}`) };
  }

  private path(number: number): string {
    const groups = String(number).padStart(digits, '0').match(/\d{3}/g) ?? [];
    return join(this.folder, ...groups);
  }

  /** Walks down the highest names. */
  private async highestNumber(): Promise<number> {
    let folder = this.folder;
    let text = '';
    for (let depth = 0; depth < digits / 3; depth += 1) {
      const names = (await namesIn(folder)).filter((name) => /^\d{3}$/.test(name)).sort();
      // A folder made just before its first checkpoint is empty: the one before it holds the highest.
      const last = depth < digits / 3 - 1 ? await this.lastFilled(folder, names) : names.at(-1);
      if (last === undefined) return 0;
      text += last;
      folder = join(folder, last);
    }
    return Number(text);
  }

  private async lastFilled(folder: string, names: readonly string[]): Promise<string | undefined> {
    for (const name of names.toReversed()) {
      if (await this.holdsFile(join(folder, name))) return name;
    }
    return undefined;
  }

  private async holdsFile(path: string): Promise<boolean> {
    const names = await namesIn(path).catch(() => null);
    if (names === null) return true; // not a folder: a checkpoint
    for (const name of names) if (await this.holdsFile(join(path, name))) return true;
    return false;
  }
}

/** Reads a checkpoint that the store holds. Throws CHECKPOINT_STORE_DAMAGED. */
export function readCheckpointText(bytes: Uint8Array, what: string): CheckpointSummary & { readonly origin: string } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const { origin, size } = parseCheckpoint(text);
    return { origin, size, text };
  } catch (cause) {
    throw damaged(`${what} is not a checkpoint`, cause);
  }
}

export function damaged(message: string, cause?: unknown): CheckpointStoreError {
  return new CheckpointStoreError('CHECKPOINT_STORE_DAMAGED', message, cause === undefined ? {} : { cause });
}
