import { concat, formatUuid, strictUtf8, utf8 } from '../bytes.ts';
import { need, TlogError } from '../errors.ts';

// The deterministic subset of CBOR (RFC 8949 section 4.2.1) in which events and leaves are written. It is ours and not
// a library's because the reader must refuse every second spelling of a value: that is what makes a byte string and
// its meaning one and the same. Danger: a reader that is lenient here lets two different logs tell one story.

/** What the audit log can write. Integers outside the safe range are bigint, all others number, in both directions. */
export type CborValue =
  | number
  | bigint
  | boolean
  | null
  | string
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<string, CborValue>;

/** Nesting that the writer takes: more than any leaf needs, little enough for any stack. */
const depthMax = 8;

const maxUint = (1n << 64n) - 1n;
const latin1Slice = typeof Buffer === 'undefined' ? undefined : Buffer.prototype.latin1Slice;

/** Encodes `value` in its only form. Throws TLOG_CBOR_UNSUPPORTED for floats, lone surrogates and other types. */
export function encodeCbor(value: CborValue): Uint8Array {
  const parts: Uint8Array[] = [];
  write(parts, value, 0);
  return concat(...parts);
}

function write(parts: Uint8Array[], value: CborValue, depth: number): void {
  need(depth <= depthMax, 'TLOG_CBOR_UNSUPPORTED', 'nested too deep');
  if (value === null) parts.push(Uint8Array.of(0xf6));
  else if (typeof value === 'boolean') parts.push(Uint8Array.of(value ? 0xf5 : 0xf4));
  else if (typeof value === 'number' || typeof value === 'bigint') parts.push(integer(value));
  else if (typeof value === 'string') parts.push(...text(value));
  else if (value instanceof Uint8Array) parts.push(head(2, BigInt(value.length)), value);
  else if (value instanceof Map) writeMap(parts, value, depth);
  else if (Array.isArray(value)) {
    parts.push(head(4, BigInt(value.length)));
    for (const item of value) write(parts, item, depth + 1);
  } else throw new TlogError('TLOG_CBOR_UNSUPPORTED', 'no such type in the audit log');
}

function writeMap(parts: Uint8Array[], map: ReadonlyMap<string, CborValue>, depth: number): void {
  const entries = Array.from(map, ([key, value]) => ({ key: concat(...text(key)), value }));
  entries.sort((left, right) => compareBytes(left.key, right.key)); // LEAF-3
  parts.push(head(5, BigInt(entries.length)));
  for (const entry of entries) {
    parts.push(entry.key);
    write(parts, entry.value, depth + 1);
  }
}

function integer(value: number | bigint): Uint8Array {
  if (typeof value === 'number') need(Number.isSafeInteger(value), 'TLOG_CBOR_UNSUPPORTED', 'not a safe integer');
  const wide = BigInt(value);
  const argument = wide < 0n ? -1n - wide : wide;
  need(argument <= maxUint, 'TLOG_CBOR_UNSUPPORTED', 'integer beyond 64 bits');
  return head(wide < 0n ? 1 : 0, argument);
}

function text(value: string): [Uint8Array, Uint8Array] {
  need(value.isWellFormed(), 'TLOG_CBOR_UNSUPPORTED', 'text holds a lone surrogate'); // LEAF-4
  const bytes = utf8.encode(value);
  return [head(3, BigInt(bytes.length)), bytes];
}

/** Major type and argument in the shortest form (LEAF-2). */
function head(major: number, argument: bigint): Uint8Array {
  const type = major << 5;
  if (argument < 24n) return Uint8Array.of(type | Number(argument));
  const size = argument < 0x100n ? 1 : argument < 0x1_0000n ? 2 : argument < 0x1_0000_0000n ? 4 : 8;
  const bytes = new Uint8Array(1 + size);
  bytes[0] = type | (size === 1 ? 24 : size === 2 ? 25 : size === 4 ? 26 : 27);
  for (let index = size, rest = argument; index > 0; index -= 1, rest >>= 8n) bytes[index] = Number(rest & 0xffn);
  return bytes;
}

/** Bytewise lexicographic order. */
function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/**
 * Reads values of known type one after another, in the only form that {@link encodeCbor} writes. Every method throws
 * TLOG_CBOR_INVALID for another type or another spelling. There is no "read anything": the caller states the grammar,
 * so nesting is bounded by it, and no value is built that nobody asked for.
 */
export class CborCursor {
  private at: number;
  private readonly bytes: Uint8Array;
  /** One character per byte. */
  private characters: string | undefined;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Nothing may follow (LEAF-5). */
  end(): void {
    need(this.at === this.bytes.length, 'TLOG_CBOR_INVALID', 'bytes after the value');
  }

  /** Reads over a null and says so. */
  skipNull(): boolean {
    const isNull = this.bytes[this.at] === 0xf6;
    if (isNull) this.at += 1;
    return isNull;
  }

  /** Head of an array of exactly `length` items. */
  array(length: number): void {
    need(this.argument(4) === length, 'TLOG_CBOR_INVALID', 'an array of another length');
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
      throw new TlogError('TLOG_CBOR_INVALID', 'text is not UTF-8', { cause }); // LEAF-4
    }
  }

  byteString(): Uint8Array {
    const length = this.length(2);
    const { at } = this;
    this.at = at + length;
    // A copy, and a plain one: the slice of a Buffer, which databases give, would be a view on its memory.
    return new Uint8Array(this.bytes.subarray(at, at + length));
  }

  /** A byte string of 16 bytes, as UUID text. */
  uuid(): string {
    const { at } = this;
    need(this.length(2) === 16, 'TLOG_CBOR_INVALID', 'a UUID has 16 bytes');
    this.at = at + 17;
    return formatUuid(this.bytes, at + 1);
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
    throw new TlogError('TLOG_CBOR_INVALID', 'no such type in the audit log'); // LEAF-1
  }

  /** Reads a map of at most `entriesMax` entries; `entry` reads the value of each key. */
  map(entriesMax: number, entry: (key: string) => void): void {
    const count = this.argument(5);
    need(typeof count === 'number' && count <= entriesMax, 'TLOG_CBOR_INVALID', 'too many entries');
    let previous = 0;
    let previousEnd = 0;
    for (let index = 0; index < count; index += 1) {
      const start = this.at;
      const key = this.text();
      const isOrdered = index === 0 || this.isAscending(previous, previousEnd, start, this.at);
      need(isOrdered, 'TLOG_CBOR_INVALID', 'map keys out of order or twice'); // LEAF-3
      previous = start;
      previousEnd = this.at;
      entry(key);
    }
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
  private length(major: number): number {
    const argument = this.argument(major);
    const fits = typeof argument === 'number' && argument <= this.bytes.length - this.at;
    need(fits, 'TLOG_CBOR_INVALID', 'longer than its bytes');
    return argument;
  }

  /** The head of a value of this major type, in the shortest form (LEAF-2). */
  private argument(major: number): number | bigint {
    const first = this.byte();
    const info = first & 0x1f;
    need(first >> 5 === major && info <= 27, 'TLOG_CBOR_INVALID', 'another type or an indefinite length');
    if (info < 24) return info;
    const size = 1 << (info - 24);
    const value = this.big(Math.min(size, 4));
    if (size < 8) {
      need(value >= (size === 1 ? 24 : size === 2 ? 0x100 : 0x1_0000), 'TLOG_CBOR_INVALID', 'not the shortest form');
      return value;
    }
    need(value > 0, 'TLOG_CBOR_INVALID', 'not the shortest form');
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
    if (byte === undefined) throw new TlogError('TLOG_CBOR_INVALID', 'ends too early');
    this.at += 1;
    return byte;
  }
}
