import { concat, strictUtf8, utf8 } from '../bytes.ts';
import { lineCharactersMax } from './format.ts';

/** An export as it is at hand: whole, or in chunks cut anywhere. */
export type ExportSource = string | Uint8Array | Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

const chunkBytes = 1 << 20;
const lineBytesMax = lineCharactersMax * 3;
const newline = 0x0a;

/**
 * Gives the lines of an export in batches, one batch per chunk: an awaited step per line would cost more than the
 * hashes. A line that is not UTF-8 is null. A line longer than any can be ends the reading: what follows is missing.
 */
export async function* readLines(source: ExportSource): AsyncGenerator<(string | null)[], void, undefined> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunksOf(source)) {
    const bytes: Uint8Array = typeof chunk === 'string' ? utf8.encode(chunk) : chunk;
    const lines: (string | null)[] = [];
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      const line = bytes.subarray(start, end);
      lines.push(decodeLine(rest.length === 0 ? line : concat(rest, line)));
      rest = new Uint8Array(0);
      start = end + 1;
    }
    rest = concat(rest, bytes.subarray(start));
    if (rest.length > lineBytesMax) {
      yield [...lines, null];
      return;
    }
    yield lines;
  }
  if (rest.length > 0) yield [decodeLine(rest)];
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
