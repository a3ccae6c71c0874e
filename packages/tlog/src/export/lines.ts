import { byteText, concat, strictUtf8, utf8 } from '../bytes.ts';
import { lineCharactersMax } from './format.ts';

// Lines are handled as *byte text*: one character per byte. A megabyte becomes text in one step, cutting it copies
// nothing, and comparing byte texts is comparing bytes, bad UTF-8 included. Only the few characters beyond ASCII of a
// view, and the first line, are ever decoded.

/** An export as it is at hand: whole, or in chunks cut anywhere. */
export type ExportSource = string | Uint8Array | Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

const chunkBytes = 1 << 20;
const lineBytesMax = lineCharactersMax * 3;
const newline = 0x0a;

/** Lines cut from one chunk. */
export interface Lines {
  /** The first line of the export, as text; null when it is not UTF-8. Absent in all but the first lines. */
  readonly first?: string | null;
  /** The lines after it, as byte text. */
  readonly rest: readonly string[];
}

/**
 * Gives the lines of an export in batches, one batch per chunk: an awaited step per line would cost more than the
 * hashes. A line longer than any can be ends the reading: what follows is missing.
 */
export async function* readLines(source: ExportSource): AsyncGenerator<Lines, void, undefined> {
  let isFirst = true;
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunksOf(source)) {
    const fresh: Uint8Array = typeof chunk === 'string' ? utf8.encode(chunk) : chunk;
    let bytes = rest.length === 0 ? fresh : concat(rest, fresh);
    let first: { readonly first?: string | null } = {};
    if (isFirst) {
      const end = bytes.indexOf(newline);
      if (end >= 0) {
        first = { first: decodeLine(bytes.subarray(0, end)) };
        bytes = bytes.subarray(end + 1);
        isFirst = false;
      }
    }
    const end = isFirst ? 0 : bytes.lastIndexOf(newline) + 1;
    rest = bytes.slice(end);
    yield { ...first, rest: end === 0 ? [] : byteText(bytes.subarray(0, end - 1)).split('\n') };
    if (rest.length > lineBytesMax) break;
  }
  if (rest.length > 0) yield isFirst ? { first: decodeLine(rest), rest: [] } : { rest: [byteText(rest)] };
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
