// Files and standard streams as bytes, for commands that stream content of any size. A file named `-` is a standard
// stream. Reading and writing of files is synchronous, as in input-file.ts and for its reason.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cli } from '../cli.ts';
import { CliError, systemCode } from '../errors.ts';
import { OutputFile, type OutputFileOptions } from './output-file.ts';

const chunkBytes = 512 * 1024;
/** Sealing and opening hold views on less than the last 1.5 MiB (see `ByteSource`): three chunks, and one to be sure. */
const ringChunks = 4;
/** Between two looks at the event loop, which is where Ctrl-C is noticed. */
const turnBytes = 4 * 1024 * 1024;
const standardName = '-';

export interface ByteInput {
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Undefined for standard input and for whatever else has no size before it ends. */
  readonly size: number | undefined;
}

const unreadable = (file: string, error: unknown): CliError =>
  new CliError('CLI_FILE_UNREADABLE', `${file} cannot be read (${systemCode(error)}).`);

/** Opens at once, so that a missing file is noticed before any work. Throws CLI_FILE_UNREADABLE. */
export function openByteInput(cli: Cli, name: string): ByteInput {
  if (name === standardName) return { chunks: gathered(cli.standard.input()), size: undefined };
  const file = resolve(cli.environment.folder, name);
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (error) {
    throw unreadable(file, error);
  }
  const stats = fstatSync(handle);
  const isFile = stats.isFile();
  if (!stats.isDirectory()) return { chunks: chunksOf(file, handle, isFile), size: isFile ? stats.size : undefined };
  closeSync(handle);
  throw new CliError('CLI_FILE_UNREADABLE', `${file} is a folder.`);
}

/** Reads a file anywhere; undefined for what is no regular file. The handle is closed after `use`. */
export async function withRandomAccess<T>(
  cli: Cli,
  name: string,
  use: (access: { size: number; read(offset: number, length: number): Promise<Uint8Array> }) => Promise<T>,
): Promise<T | undefined> {
  if (name === standardName) return undefined;
  const handle = openSync(resolve(cli.environment.folder, name), 'r');
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile()) return undefined;
    const read = async (offset: number, length: number): Promise<Uint8Array> => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(handle, bytes, 0, length, offset));
    };
    return await use({ size: stats.size, read });
  } finally {
    closeSync(handle);
  }
}

/** A few buffers that take turns, because fresh memory costs more than the reading, and gathers until it is collected. */
class Ring {
  readonly #chunks = new Array<Uint8Array | undefined>(ringChunks);
  #turn = 0;

  next(): Uint8Array {
    const at = this.#turn++ % ringChunks;
    const earlier = this.#chunks[at];
    // A chunk that went through as it is was released by whoever wrote it.
    const chunk = earlier?.length === chunkBytes ? earlier : new Uint8Array(chunkBytes);
    this.#chunks[at] = chunk;
    return chunk;
  }
}

function* chunksOf(file: string, handle: number, isFile: boolean): Generator<Uint8Array> {
  const ring = new Ring();
  try {
    for (;;) {
      // What is no file, such as a pipe with a name, may give chunks of any size: nobody knows when one is done with.
      const chunk = isFile ? ring.next() : new Uint8Array(chunkBytes);
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

/** Standard input in whole chunks. Its own pieces are freed at once. */
async function* gathered(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const ring = new Ring();
  let [chunk, used] = [ring.next(), 0];
  for await (const piece of source) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + chunkBytes - used);
      chunk.set(part, used);
      at += part.length;
      used += part.length;
      if (used < chunkBytes) continue;
      yield chunk;
      [chunk, used] = [ring.next(), 0];
    }
    release(piece);
  }
  if (used > 0) yield chunk.subarray(0, used);
}

/** Where content goes: it is kept by `finish` alone. */
export interface ByteOutput {
  /** Undefined for standard output. */
  readonly file: string | undefined;
  write(bytes: Uint8Array): void | Promise<void>;
  finish(): void | Promise<void>;
  discard(): void;
}

export interface ByteOutputOptions extends OutputFileOptions {
  /** Standard output gets nothing before `finish`: what has left cannot be taken back. */
  readonly holdsBack?: boolean;
}

/** What is held back lies in memory and in no temporary file, so it has a limit. */
const heldBytesMax = 64 * 1024 * 1024;

/**
 * A file that gets its name at the end, or standard output, which cannot take back what it gave. Throws CLI_FILE_EXISTS,
 * CLI_FILE_UNWRITABLE, and CLI_WRONG_USE for a terminal, which would obey what the content says.
 */
export function openByteOutput(cli: Cli, name: string, options: ByteOutputOptions): ByteOutput {
  if (name !== standardName) {
    const path = resolve(cli.environment.folder, name);
    const file = new OutputFile(path, options);
    return {
      file: path,
      write: (bytes) => file.write(bytes),
      finish: () => file.finish(),
      discard: () => file.discard(),
    };
  }
  if (cli.output.out.isTerminal) {
    throw new CliError('CLI_WRONG_USE', 'Bytes are not written to a terminal: give -o FILE, or a pipe behind -o -.');
  }
  if (options.holdsBack === true) return heldOutput(cli);
  return { file: undefined, write: (bytes) => cli.standard.write(bytes), finish: () => {}, discard: () => {} };
}

function heldOutput(cli: Cli): ByteOutput {
  const held: Uint8Array[] = [];
  let length = 0;
  return {
    file: undefined,
    write: (bytes) => {
      length += bytes.length;
      if (length > heldBytesMax) {
        const most = `${heldBytesMax / 1_048_576} MiB`;
        throw new CliError(
          'CLI_WRONG_USE',
          `More than ${most} are not held back until the signature is checked: write to a file with -o FILE.`,
        );
      }
      held.push(bytes.slice()); // The chunk itself is freed by whoever wrote it.
    },
    finish: async () => {
      for (const bytes of held.splice(0)) await cli.standard.write(bytes);
    },
    discard: () => {
      for (const bytes of held.splice(0)) bytes.fill(0);
    },
  };
}

/** Writes everything and keeps it, or keeps nothing. The chunks are given away. Gives the number of bytes. */
export async function writeAll(output: ByteOutput, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let [bytes, turn] = [0, turnBytes];
  try {
    for await (const chunk of chunks) {
      const waiting = output.write(chunk);
      if (waiting !== undefined) await waiting;
      bytes += chunk.length;
      release(chunk);
      if (bytes < turn) continue;
      turn = bytes + turnBytes;
      await nextTurn();
    }
    await output.finish();
    return bytes;
  } catch (error) {
    output.discard();
    throw error;
  }
}

/**
 * Frees the memory of a chunk that fills its buffer. The collector would let tens of megabytes gather first, and plain
 * content would lie in them (ENV-6).
 */
function release({ buffer, length }: Uint8Array): void {
  if (length < 16 * 1024 || length !== buffer.byteLength || !(buffer instanceof ArrayBuffer)) return;
  buffer.transfer(0);
}
