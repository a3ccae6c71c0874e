import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { CliError, systemCode } from '../errors.ts';

const chunkBytes = 1 << 20;

const unreadable = (file: string, error: unknown): CliError =>
  new CliError('CLI_FILE_UNREADABLE', `${file} cannot be read (${systemCode(error)}).`);

/** A small text file that the person named. Throws CLI_FILE_UNREADABLE. */
export function readTextFile(file: string, bytesMax = 1_000_000): string {
  try {
    if (statSync(file).size > bytesMax) throw new CliError('CLI_FILE_UNREADABLE', `${file} is too long.`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(file, error);
  }
}

/**
 * A file in big chunks. Reading is synchronous on purpose: a command that only verifies has nothing else to do, and the
 * steps through the event loop cost more than the reads. Opens at once, so that a missing file is noticed first. A chunk
 * is good until the next one but one is read: two buffers take turns, because fresh memory costs as much as the reading.
 */
export function readChunks(file: string): Iterable<Uint8Array> {
  let handle: number;
  try {
    handle = openSync(file, 'r');
    if (!fstatSync(handle).isDirectory()) return chunksOf(file, handle);
  } catch (error) {
    throw unreadable(file, error);
  }
  closeSync(handle);
  throw new CliError('CLI_FILE_UNREADABLE', `${file} is a folder.`);
}

function* chunksOf(file: string, handle: number): Generator<Uint8Array> {
  const [even, odd] = [new Uint8Array(chunkBytes), new Uint8Array(chunkBytes)];
  try {
    for (let turn = 0; ; turn += 1) {
      const chunk = turn % 2 === 0 ? even : odd;
      let length: number;
      try {
        length = readSync(handle, chunk, 0, chunkBytes, null);
      } catch (error) {
        throw unreadable(file, error);
      }
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } finally {
    closeSync(handle);
  }
}

/** A folder that the person named. Throws CLI_FILE_UNREADABLE. */
export function needFolder(folder: string): void {
  let isFolder: boolean | undefined;
  try {
    isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory();
  } catch (error) {
    throw unreadable(folder, error);
  }
  if (isFolder === undefined) throw new CliError('CLI_FILE_UNREADABLE', `There is no folder ${folder}.`);
  if (!isFolder) throw new CliError('CLI_FILE_UNREADABLE', `${folder} is not a folder.`);
}
