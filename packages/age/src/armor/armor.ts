/*
 * The ASCII armor of age: strict PEM (RFC 7468, figure 3) with the label `AGE ENCRYPTED FILE`. Lines have 64 characters of
 * canonical base64, the last one is not longer and padded; nothing but white space stands around the block. A reader that
 * forgives more would make armored files malleable.
 */
import type { ByteSource } from '@quantumvault/crypto';
import { AgeError, need } from '../errors.ts';
import { asciiBytes, asciiText, joined } from '../text/ascii.ts';
import { decodeBase64, encodeBase64 } from '../text/base64.ts';

const beginLine = '-----BEGIN AGE ENCRYPTED FILE-----';
const endLine = '-----END AGE ENCRYPTED FILE-----';
const columns = 64;
const lineBytes = 48;
const whiteSpaceMax = 1_024;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const dash = 0x2d;

const malformed = (message: string): AgeError => new AgeError('AGE_ARMOR_MALFORMED', message);
const isWhite = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/** Puts a stream into armor, in constant memory. */
export async function* sealArmor(source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  yield asciiBytes(`${beginLine}\n`);
  let left: Uint8Array = new Uint8Array(0);
  for await (const chunk of source) {
    const bytes = joined([left, chunk]);
    const whole = bytes.length - (bytes.length % lineBytes);
    yield linesOf(bytes.subarray(0, whole));
    left = bytes.slice(whole);
  }
  yield linesOf(left);
  yield asciiBytes(`${endLine}\n`);
}

function linesOf(bytes: Uint8Array): Uint8Array {
  const text = encodeBase64(bytes, { isPadded: true });
  const lines = new Uint8Array(text.length + Math.ceil(text.length / columns));
  for (let from = 0, to = 0; from < text.length; from += columns) {
    const line = text.subarray(from, from + columns);
    lines.set(line, to);
    to += line.length;
    lines[to++] = lineFeed;
  }
  return lines;
}

/** The bytes inside an armor, in constant memory. Throws AGE_ARMOR_MALFORMED, and whatever the source throws. */
export async function* openArmor(source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new ArmorReader();
  for await (const chunk of source) {
    const bytes = reader.push(chunk);
    if (bytes.length > 0) yield bytes;
  }
  yield reader.end();
}

type State = 'before' | 'body' | 'last' | 'after';

/** Takes an armored file in pieces of any size and gives what is inside. */
class ArmorReader {
  #state: State = 'before';
  #whiteSpace = 0;
  /** The beginning of a line whose end has not come. */
  #partial: Uint8Array = new Uint8Array(0);

  push(chunk: Uint8Array): Uint8Array {
    const text = this.#partial.length === 0 ? chunk : joined([this.#partial, chunk]);
    const decoded: Uint8Array[] = [];
    let at = 0;
    while (this.#state !== 'after') {
      const end = text.indexOf(lineFeed, at);
      if (end === -1) break;
      const line = text[end - 1] === carriageReturn && end > at ? text.subarray(at, end - 1) : text.subarray(at, end);
      at = end + 1;
      const bytes = this.#line(line);
      if (bytes !== undefined) decoded.push(bytes);
    }
    if (this.#state === 'after') {
      this.#skipWhite(text.subarray(at));
      at = text.length;
    }
    // A copy, which the slice of a Buffer would not be: a source may use its memory again.
    this.#partial = new Uint8Array(text.subarray(at));
    need(this.#partial.length <= whiteSpaceMax, 'AGE_ARMOR_MALFORMED', 'a line of the armor is too long');
    return joined(decoded);
  }

  end(): Uint8Array {
    // The line feed behind the last line may be missing.
    const rest = this.#partial.length > 0 ? this.push(Uint8Array.of(lineFeed)) : new Uint8Array(0);
    need(this.#state === 'after', 'AGE_ARMOR_MALFORMED', 'the armor has no end line');
    return rest;
  }

  #line(line: Uint8Array): Uint8Array | undefined {
    if (this.#state === 'before') {
      if (line.every(isWhite)) {
        this.#skipWhite(line);
        this.#skipWhite(Uint8Array.of(lineFeed));
        return undefined;
      }
      need(isText(line, beginLine), 'AGE_ARMOR_MALFORMED', 'the armor does not begin with its begin line');
      this.#state = 'body';
      this.#whiteSpace = 0;
      return undefined;
    }
    if (isText(line, endLine)) {
      this.#state = 'after';
      return undefined;
    }
    need(this.#state === 'body', 'AGE_ARMOR_MALFORMED', 'the end line must follow the last line of the armor');
    need(line.length > 0 && line.length <= columns, 'AGE_ARMOR_MALFORMED', 'a line of the armor is empty or too long');
    const bytes = decodeBase64(line, { isPadded: true });
    if (bytes === undefined) throw malformed('the armor is not canonical base64 with padding');
    if (bytes.length < lineBytes) this.#state = 'last';
    return bytes;
  }

  #skipWhite(bytes: Uint8Array): void {
    need(bytes.every(isWhite), 'AGE_ARMOR_MALFORMED', 'something stands outside the armor');
    this.#whiteSpace += bytes.length;
    need(this.#whiteSpace <= whiteSpaceMax, 'AGE_ARMOR_MALFORMED', 'too much white space stands outside the armor');
  }
}

function isText(line: Uint8Array, text: string): boolean {
  return line.length === text.length && asciiText(line) === text;
}

/**
 * Tells an armored file from a binary one by its first byte that is no white space, and gives the whole stream on. A
 * binary file begins with a letter.
 */
export async function* openAnyArmor(
  source: ByteSource,
  onForm: (form: 'armored' | 'binary') => void = () => {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new ArmorReader();
  const held: Uint8Array[] = [];
  let [heldBytes, form]: [number, 'unknown' | 'armored' | 'binary'] = [0, 'unknown'];
  for await (const chunk of source) {
    if (form === 'unknown') {
      held.push(new Uint8Array(chunk));
      heldBytes += chunk.length;
      const first = chunk.find((byte) => !isWhite(byte));
      if (first === undefined && heldBytes <= whiteSpaceMax) continue;
      form = first === dash ? 'armored' : 'binary';
      onForm(form);
      const bytes = joined(held);
      yield form === 'armored' ? reader.push(bytes) : bytes;
    } else {
      yield form === 'armored' ? reader.push(chunk) : chunk;
    }
  }
  if (form === 'armored') yield reader.end();
}
