import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { CliError, systemCode } from '../errors.ts';

const bytesMax = 2_000_000_000;
const chunkBytes = 1 << 20;
const lineFeed = 0x0a;
const openingBrace = 0x7b;
/** A result has some ten thousand bytes. */
const lineBytesMax = 16 << 20;

const notAJournal = (file: string): CliError =>
  new CliError('CLI_FILE_UNREADABLE', `${file} holds something else than the lines of a scan; it was left as it is.`);

/**
 * A file of lines that is whole up to its last line feed whenever the program dies: each line is written at once. Opened
 * again it loses what a kill left behind the last line feed, and goes on there.
 */
export class JournalFile {
  readonly #file: string;
  readonly #handle: number;
  #length = 0;

  /** A new file, never over one that exists: throws CLI_FILE_EXISTS. With `isResumed` an existing one, whose lines go to `onLine`. */
  constructor(file: string, options: { readonly isResumed: boolean; readonly onLine: (line: string) => void }) {
    this.#file = file;
    try {
      this.#handle = openSync(file, options.isResumed ? constants.O_RDWR | constants.O_NOFOLLOW : 'wx', 0o600);
    } catch (error) {
      const code = systemCode(error);
      if (code === 'EEXIST')
        throw new CliError('CLI_FILE_EXISTS', `${file} exists; go on with it by --resume, or name another.`);
      throw new CliError('CLI_FILE_UNWRITABLE', `${file} cannot be opened (${code}).`);
    }
    try {
      if (options.isResumed) this.#readLines(options.onLine);
    } catch (error) {
      closeSync(this.#handle);
      throw error;
    }
  }

  #readLines(onLine: (line: string) => void): void {
    const status = fstatSync(this.#handle);
    const { size } = status;
    if (!status.isFile()) throw new CliError('CLI_FILE_UNREADABLE', `${this.#file} is no file.`);
    if (size > bytesMax) throw new CliError('CLI_FILE_UNREADABLE', `${this.#file} is too long.`);
    const chunk = new Uint8Array(chunkBytes);
    let rest = Buffer.alloc(0);
    for (let at = 0; at < size; ) {
      const read = readSync(this.#handle, chunk, 0, chunkBytes, at);
      if (read === 0) break;
      at += read;
      rest = Buffer.concat([rest, chunk.subarray(0, read)]);
      const end = rest.lastIndexOf(lineFeed);
      if (end < 0 && rest.length > lineBytesMax) throw notAJournal(this.#file);
      if (end < 0) continue;
      for (const line of rest.subarray(0, end).toString('utf8').split('\n')) onLine(line);
      this.#length += end + 1;
      rest = rest.subarray(end + 1);
    }
    // Only what a kill cut off is given up: a piece of a line of ours. A file of somebody else stays as it is.
    if (rest.length > 0 && rest[0] !== openingBrace) throw notAJournal(this.#file);
    ftruncateSync(this.#handle, this.#length);
  }

  write(line: string): void {
    const bytes = Buffer.from(`${line}\n`, 'utf8');
    try {
      for (let done = 0; done < bytes.length; ) {
        const written = writeSync(this.#handle, bytes, done, bytes.length - done, this.#length);
        done += written;
        this.#length += written;
      }
    } catch (error) {
      throw new CliError('CLI_FILE_UNWRITABLE', `${this.#file} cannot be written (${systemCode(error)}).`);
    }
  }

  close(): void {
    fsyncSync(this.#handle);
    closeSync(this.#handle);
  }
}
