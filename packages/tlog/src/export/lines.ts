import { concat, strictUtf8, utf8 } from '../bytes.ts';
import { lineCharactersMax } from './format.ts';

/** An export as it is at hand: whole, or in chunks cut anywhere. */
export type ExportSource = string | Uint8Array | Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

const chunkBytes = 1 << 20;
const lineBytesMax = lineCharactersMax * 3;
const newline = 0x0a;

const none = new Uint8Array(0);

/** Lines cut from one chunk. */
export interface Lines {
  /** The first line of the export, as text; null when it is not UTF-8. Absent in all but the first lines. */
  readonly first?: string | null;
  /** The bytes of the lines after it, each with its newline; only the very last line may lack it. */
  readonly rest: Uint8Array;
}

/**
 * Gives the lines of an export in batches, one or two per chunk, mostly without copying them: a batch is good until the
 * next is asked for. A line longer than any can be ends the reading: what follows is missing.
 */
export async function* readLines(source: ExportSource): AsyncGenerator<Lines, void, undefined> {
  let isFirst = true;
  let begun: Uint8Array = none;
  for await (const chunk of chunksOf(source)) {
    let bytes: Uint8Array = typeof chunk === 'string' ? utf8.encode(chunk) : chunk;
    if (begun.length > 0) {
      // The line that the chunk before began.
      const end = bytes.indexOf(newline) + 1;
      begun = concat(begun, end === 0 ? bytes : bytes.subarray(0, end));
      bytes = end === 0 ? none : bytes.subarray(end);
      if (end > 0) {
        yield isFirst ? { first: decodeLine(begun.subarray(0, -1)), rest: none } : { rest: begun };
        isFirst = false;
        begun = none;
      }
    } else if (isFirst) {
      const end = bytes.indexOf(newline) + 1;
      if (end > 0) yield { first: decodeLine(bytes.subarray(0, end - 1)), rest: none };
      if (end > 0) isFirst = false;
      bytes = bytes.subarray(end);
    }
    const end = isFirst ? 0 : bytes.lastIndexOf(newline) + 1;
    if (end > 0) yield { rest: bytes.subarray(0, end) };
    if (end < bytes.length) begun = bytes.slice(end);
    if (begun.length > lineBytesMax) break;
  }
  if (begun.length > 0) yield isFirst ? { first: decodeLine(begun), rest: none } : { rest: begun };
}

function decodeLine(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}

function chunksOf(source: ExportSource): Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string> {
  if (typeof source === 'string') return [source];
  return source instanceof Uint8Array ? slices(source) : source;
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}
