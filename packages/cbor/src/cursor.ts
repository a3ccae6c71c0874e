import { CborError, type CborErrorCode } from './errors.ts';

/** Refuses bad UTF-8 and keeps a leading U+FEFF as the character it is. */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin1Slice = typeof Buffer === 'undefined' ? undefined : Buffer.prototype.latin1Slice;

/**
 * Reads values of known type one after another, in the only form that {@link encodeCbor} writes. Every method throws
 * CBOR_INVALID for another type or another spelling. There is no "read anything": the caller states the grammar,
 * so nesting is bounded by it, and no value is built that nobody asked for.
 */
export class CborCursor {
  protected at: number;
  protected readonly bytes: Uint8Array;
  /** One character per byte. */
  private characters: string | undefined;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Nothing may follow. */
  end(): void {
    this.need(this.at === this.bytes.length, 'bytes after the value');
  }

  /** Reads over a null and says so. */
  skipNull(): boolean {
    const isNull = this.bytes[this.at] === 0xf6;
    if (isNull) this.at += 1;
    return isNull;
  }

  /** Head of an array of exactly `length` items. */
  array(length: number): void {
    this.need(this.argument(4) === length, 'an array of another length');
  }

  /** Reads an array of at most `itemsMax` items, one after another. */
  items(itemsMax: number, item: (index: number) => void): void {
    const count = this.argument(4);
    this.need(typeof count === 'number' && count <= itemsMax, 'too many items');
    for (let index = 0; index < Number(count); index += 1) item(index);
  }

  uint(): number | bigint {
    return this.argument(0);
  }

  text(): string {
    const length = this.length(3);
    const { bytes, at } = this;
    this.at = at + length;
    let high = 0;
    for (let index = at; index < at + length; index += 1) high |= bytes[index] ?? 0xff;
    // ASCII, the usual case, is cut out of one string made of all bytes: ten texts per event cost as much as one.
    if (high < 0x80 && latin1Slice !== undefined) {
      const characters = this.characters ?? latin1Slice.call(bytes);
      this.characters = characters;
      return characters.slice(at, at + length);
    }
    try {
      return strictUtf8.decode(bytes.subarray(at, at + length));
    } catch (cause) {
      throw this.fail('text is not UTF-8', { cause });
    }
  }

  byteString(): Uint8Array {
    const length = this.length(2);
    const { at } = this;
    this.at = at + length;
    // A copy, and a plain one: the slice of a Buffer, which databases give, would be a view on its memory.
    return new Uint8Array(this.bytes.subarray(at, at + length));
  }

  /** Text, integer, boolean, null or byte string. */
  scalar(): string | number | bigint | boolean | null | Uint8Array {
    const first = this.bytes[this.at] ?? 0xff;
    switch (first >> 5) {
      case 0:
        return this.argument(0);
      case 1: {
        const argument = this.argument(1);
        const negative = typeof argument === 'number' ? -1 - argument : -1n - argument;
        // -2^53 is outside the safe range: written as a bigint, it must also be read as one.
        return typeof negative === 'number' && !Number.isSafeInteger(negative) ? BigInt(negative) : negative;
      }
      case 2:
        return this.byteString();
      case 3:
        return this.text();
    }
    this.at += 1;
    if (first === 0xf4) return false;
    if (first === 0xf5) return true;
    if (first === 0xf6) return null;
    throw this.fail('no such type here');
  }

  /** Reads a map of at most `entriesMax` entries; `entry` reads the value of each key. */
  map(entriesMax: number, entry: (key: string) => void): void {
    const count = this.argument(5);
    this.need(typeof count === 'number' && count <= entriesMax, 'too many entries');
    let previous = 0;
    let previousEnd = 0;
    for (let index = 0; index < count; index += 1) {
      const start = this.at;
      const key = this.text();
      const isOrdered = index === 0 || this.isAscending(previous, previousEnd, start, this.at);
      this.need(isOrdered, 'map keys out of order or twice');
      previous = start;
      previousEnd = this.at;
      entry(key);
    }
  }

  /** The error to throw; formats with codes of their own override it. */
  protected fail(message: string, options?: ErrorOptions): Error {
    const code: CborErrorCode = 'CBOR_INVALID';
    return new CborError(code, message, options);
  }

  protected need(condition: boolean, message: string): asserts condition {
    if (!condition) throw this.fail(message);
  }

  /** Compares two encoded keys where they lie. */
  private isAscending(start: number, end: number, nextStart: number, nextEnd: number): boolean {
    const { bytes } = this;
    for (let at = 0; start + at < end && nextStart + at < nextEnd; at += 1) {
      const difference = (bytes[nextStart + at] ?? 0) - (bytes[start + at] ?? 0);
      if (difference !== 0) return difference > 0;
    }
    return nextEnd - nextStart > end - start;
  }

  /** A length is also bounded by what is left, so a forged one cannot make the reader allocate. */
  protected length(major: number): number {
    const argument = this.argument(major);
    const fits = typeof argument === 'number' && argument <= this.bytes.length - this.at;
    this.need(fits, 'longer than its bytes');
    return argument;
  }

  /** The head of a value of this major type, in the shortest form. */
  private argument(major: number): number | bigint {
    const first = this.byte();
    const info = first & 0x1f;
    this.need(first >> 5 === major && info <= 27, 'another type or an indefinite length');
    if (info < 24) return info;
    const size = 1 << (info - 24);
    const value = this.big(Math.min(size, 4));
    if (size < 8) {
      this.need(value >= (size === 1 ? 24 : size === 2 ? 0x100 : 0x1_0000), 'not the shortest form');
      return value;
    }
    this.need(value > 0, 'not the shortest form');
    const low = this.big(4);
    return value <= 0x1f_ffff ? value * 0x1_0000_0000 + low : (BigInt(value) << 32n) | BigInt(low);
  }

  /** A big-endian unsigned integer of `size` bytes, at most 4. */
  private big(size: number): number {
    let value = 0;
    for (let index = 0; index < size; index += 1) value = value * 256 + this.byte();
    return value;
  }

  private byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw this.fail('ends too early');
    this.at += 1;
    return byte;
  }
}
