import { EnvelopeError, need } from '../errors.ts';

const keyFileLimits = { bytes: 65_536, keys: 64 } as const;

const isWhite = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d;

/** Views on the lines, without what is white at their ends. */
function* linesOf(file: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start <= file.length; ) {
    const found = file.indexOf(0x0a, start);
    const next = found === -1 ? file.length : found;
    let [from, to] = [start, next];
    while (from < to && isWhite(file[from])) from += 1;
    while (to > from && isWhite(file[to - 1])) to -= 1;
    yield file.subarray(from, to);
    start = next + 1;
  }
}

/** QV1-63: reads each line of a key file that is neither empty nor a comment. Throws LIMIT and MALFORMED. */
export function readKeyLines<Key>(file: Uint8Array, read: (line: Uint8Array) => Key): readonly Key[] {
  need(file.length <= keyFileLimits.bytes, 'ENVELOPE_LIMIT', `a key file has at most ${keyFileLimits.bytes} bytes`);
  const keys: Key[] = [];
  for (const line of linesOf(file)) {
    if (line.length === 0 || line[0] === 0x23) continue; // '#'
    need(keys.length < keyFileLimits.keys, 'ENVELOPE_LIMIT', `a key file has at most ${keyFileLimits.keys} keys`);
    keys.push(read(line));
  }
  if (keys.length === 0) throw new EnvelopeError('ENVELOPE_MALFORMED', 'the key file has no key');
  return keys;
}

const utf8 = new TextEncoder();

/** Comments, and the text of a secret key in capitals. Nothing secret becomes a string, which could not be erased. */
export function keyFileOf(comments: readonly string[], secret: Uint8Array): Uint8Array {
  const head = utf8.encode(comments.map((comment) => `# ${comment}\n`).join(''));
  const file = new Uint8Array(head.length + secret.length + 1);
  file.set(head);
  for (const [index, character] of secret.entries()) {
    file[head.length + index] = character >= 0x61 && character <= 0x7a ? character - 0x20 : character;
  }
  file[file.length - 1] = 0x0a;
  return file;
}
