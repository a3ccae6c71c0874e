import { need } from './errors.ts';

/*
 * The little of DER (X.690) that key files need: definite lengths, shortest form, no more than five bytes of header.
 * Whole structures are read strictly, so that one key has one encoding. Errors never quote the content.
 */

export const derTag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  /** Context tag, primitive. */
  implicit: (number: number): number => 0x80 + number,
  /** Context tag, constructed. */
  explicit: (number: number): number => 0xa0 + number,
} as const;

/** Tag and length in front of `length` bytes of content. */
export function derHeader(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(tag, 0x80 + bytes.length, ...bytes);
}

/** One array of all parts; the copies that it makes of secrets are this one alone. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(new ArrayBuffer(parts.reduce((sum, part) => sum + part.length, 0)));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** A value with its header. */
export function derValue(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concat([derHeader(tag, length), ...parts]);
}

/** An object identifier of dotted numbers. */
export function derOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(0x80 + (left % 128));
    return groups;
  });
  return derValue(derTag.oid, Uint8Array.from(bytes));
}

/** Reads values one after another from the content of a structure. All throw CRYPTO_MALFORMED. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The tag of the next value, or undefined at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** The content of the next value, which must have this tag. A view, not a copy. */
  read(tag: number): Uint8Array {
    return this.#next(tag).content;
  }

  /** The next value with its header. */
  readWhole(tag: number): Uint8Array {
    return this.#next(tag).whole;
  }

  end(): void {
    need(this.isAtEnd, 'CRYPTO_MALFORMED', 'there are bytes after the end of a DER structure');
  }

  #next(tag: number): { readonly content: Uint8Array; readonly whole: Uint8Array } {
    need(this.peek() === tag, 'CRYPTO_MALFORMED', 'a DER value of another type was expected');
    const begin = this.#at;
    const first = this.#byte(begin + 1);
    let length = first;
    let start = begin + 2;
    if (first >= 0x80) {
      const count = first - 0x80;
      need(count >= 1 && count <= 3, 'CRYPTO_MALFORMED', 'a DER length is indefinite or too long');
      length = 0;
      for (let index = 0; index < count; index++) length = length * 256 + this.#byte(start + index);
      start += count;
      const shortest = length >= 0x80 && length >= 256 ** (count - 1);
      need(shortest, 'CRYPTO_MALFORMED', 'a DER length is not in its shortest form');
    }
    const end = start + length;
    need(end <= this.#bytes.length, 'CRYPTO_MALFORMED', 'a DER value is cut short');
    this.#at = end;
    return { content: this.#bytes.subarray(start, end), whole: this.#bytes.subarray(begin, end) };
  }

  #byte(at: number): number {
    const byte = this.#bytes[at];
    need(byte !== undefined, 'CRYPTO_MALFORMED', 'a DER value is cut short');
    return byte;
  }
}
