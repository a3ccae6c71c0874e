import { CborError, need } from './errors.ts';

/** What can be written. Integers outside the safe range are bigint, all others number, in both directions. */
export type CborValue =
  | number
  | bigint
  | boolean
  | null
  | string
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<string, CborValue>;

/** Nesting that the writer takes: more than any of our formats needs, little enough for any stack. */
const depthMax = 8;

const utf8 = new TextEncoder();
const maxUint = (1n << 64n) - 1n;

/** Encodes `value` in its only form. Throws CBOR_UNSUPPORTED for floats, lone surrogates and other types. */
export function encodeCbor(value: CborValue): Uint8Array {
  const parts: Uint8Array[] = [];
  write(parts, value, 0);
  return concat(...parts);
}

function write(parts: Uint8Array[], value: CborValue, depth: number): void {
  need(depth <= depthMax, 'CBOR_UNSUPPORTED', 'nested too deep');
  if (value === null) parts.push(Uint8Array.of(0xf6));
  else if (typeof value === 'boolean') parts.push(Uint8Array.of(value ? 0xf5 : 0xf4));
  else if (typeof value === 'number' || typeof value === 'bigint') parts.push(integer(value));
  else if (typeof value === 'string') parts.push(...text(value));
  else if (value instanceof Uint8Array) parts.push(head(2, BigInt(value.length)), value);
  else if (value instanceof Map) writeMap(parts, value, depth);
  else if (Array.isArray(value)) {
    parts.push(head(4, BigInt(value.length)));
    for (const item of value) write(parts, item, depth + 1);
  } else throw new CborError('CBOR_UNSUPPORTED', 'no such type in this CBOR');
}

function writeMap(parts: Uint8Array[], map: ReadonlyMap<string, CborValue>, depth: number): void {
  const entries = Array.from(map, ([key, value]) => ({ key: concat(...text(key)), value }));
  entries.sort((left, right) => compareBytes(left.key, right.key));
  parts.push(head(5, BigInt(entries.length)));
  for (const entry of entries) {
    parts.push(entry.key);
    write(parts, entry.value, depth + 1);
  }
}

function integer(value: number | bigint): Uint8Array {
  if (typeof value === 'number') need(Number.isSafeInteger(value), 'CBOR_UNSUPPORTED', 'not a safe integer');
  const wide = BigInt(value);
  const argument = wide < 0n ? -1n - wide : wide;
  need(argument <= maxUint, 'CBOR_UNSUPPORTED', 'integer beyond 64 bits');
  return head(wide < 0n ? 1 : 0, argument);
}

function text(value: string): [Uint8Array, Uint8Array] {
  need(value.isWellFormed(), 'CBOR_UNSUPPORTED', 'text holds a lone surrogate');
  const bytes = utf8.encode(value);
  return [head(3, BigInt(bytes.length)), bytes];
}

/** Major type and argument in the shortest form. */
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

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
