/**
 * Changes an input a little: bits, bytes, numbers and lengths, pieces that go, come twice, move, or come from another
 * input, and words that the parser's source compares with.
 */
import { Dice } from './random.ts';

/** Bytes that many formats give a meaning at a limit: heads of CBOR and DER, signs, the last of ASCII. */
const tellingBytes = [
  0x00, 0x01, 0x02, 0x05, 0x0a, 0x17, 0x18, 0x1b, 0x1f, 0x20, 0x2d, 0x30, 0x3d, 0x40, 0x5f, 0x60, 0x7f, 0x80, 0x81,
  0x82, 0x84, 0x9f, 0xa0, 0xbf, 0xf6, 0xfe, 0xff,
];
const tellingNumbers = [0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x7fff_ffff, 0xffff_ffff];
const wordsMax = 4096;

const utf8 = new TextEncoder();

/** Words for the mutator out of a source's literals. */
export function dictionaryOf(literals: Iterable<string | number>): Uint8Array[] {
  const words: Uint8Array[] = [];
  for (const literal of literals) {
    if (typeof literal === 'string') {
      const word = utf8.encode(literal);
      if (word.length >= 2 && word.length <= 64) words.push(word);
      const oid = literal.length <= 64 && /^[0-2](?:\.\d+){2,}$/.test(literal) ? oidBytes(literal) : undefined;
      if (oid !== undefined) words.push(oid);
    } else if (Number.isInteger(literal) && literal > 0xff && literal <= 0xffff_ffff) {
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setUint32(0, literal);
      words.push(literal <= 0xffff ? bytes.subarray(2) : bytes);
    }
  }
  return words.slice(0, wordsMax);
}

/** An object identifier as DER has it, so that the fuzzer need not guess the base-128 form of those we know. */
function oidBytes(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const content = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left % 128) + 128);
    return digits;
  });
  return Uint8Array.of(0x06, content.length, ...content);
}

export class Mutator {
  readonly #dice: Dice;
  readonly #words: readonly Uint8Array[];
  readonly #buffer: Uint8Array;
  readonly #view: DataView;
  #length = 0;

  /** The kinds of change, equally likely; `at` lies within the input. */
  readonly #changes: readonly ((at: number, other: Uint8Array) => void)[] = [
    (at) => this.#set(at, this.#byte(at) ^ (1 << this.#dice.below(8))),
    (at) => this.#set(at, this.#byte(at) ^ (1 << this.#dice.below(8))),
    (at) => this.#set(at, this.#dice.below(256)),
    (at) => this.#set(at, this.#dice.of(tellingBytes) ?? 0),
    (at) => this.#set(at, this.#byte(at) + this.#dice.below(33) - 16),
    (at) => this.#writeNumber(at, this.#dice.of(tellingNumbers) ?? 0),
    // A length that fits what follows, or nearly.
    (at) => this.#writeNumber(at, Math.max(0, this.#length - at - this.#dice.below(6))),
    (at) => this.#remove(at, this.#size(this.#length - at)),
    (at) => this.#insert(this.#buffer.slice(at, at + this.#size(this.#length - at))),
    (at) => this.#overwrite(at, this.#piece(this.#buffer.slice(0, this.#length))),
    (at) => {
      this.#length = at;
    },
    () => this.#insert(this.#randomBytes(1 + this.#dice.below(8))),
    () => this.#insert(this.#word()),
    (at) => this.#overwrite(at, this.#word()),
    (_at, other) => this.#insert(this.#piece(other)),
    (at, other) => this.#continueWith(at, other),
  ];

  constructor(dice: Dice, words: readonly Uint8Array[], bytesMax: number) {
    this.#dice = dice;
    this.#words = words;
    this.#buffer = new Uint8Array(bytesMax);
    this.#view = new DataView(this.#buffer.buffer);
  }

  /** A changed copy of `bytes`; `other` is a second input to take pieces from. */
  mutate(bytes: Uint8Array, other: Uint8Array): Uint8Array {
    this.#length = Math.min(bytes.length, this.#buffer.length);
    this.#buffer.set(bytes.subarray(0, this.#length));
    for (let changes = 1 << this.#dice.below(4); changes > 0; changes -= 1) this.#change(other);
    return this.#buffer.slice(0, this.#length);
  }

  #change(other: Uint8Array): void {
    if (this.#length === 0) this.#insert(this.#randomBytes(8));
    else this.#dice.of(this.#changes)?.(this.#dice.below(this.#length), other);
  }

  /** Mostly small: a small change is more likely to keep the rest of a structure whole. */
  #size(most: number): number {
    return 1 + this.#dice.below(Math.min(most, 1 << this.#dice.below(9)));
  }

  #byte(at: number): number {
    return this.#buffer[at] ?? 0;
  }

  #set(at: number, value: number): void {
    this.#buffer[at] = value;
  }

  #word(): Uint8Array {
    return this.#dice.of(this.#words) ?? this.#randomBytes(2);
  }

  /** A part of `bytes`; nothing of nothing. */
  #piece(bytes: Uint8Array): Uint8Array {
    const from = this.#dice.below(bytes.length);
    return bytes.subarray(from, from + this.#size(bytes.length - from));
  }

  #randomBytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#dice.below(256));
  }

  /** Big-endian, in one, two or four bytes. */
  #writeNumber(at: number, value: number): void {
    const room = this.#length - at;
    const width = this.#dice.below(3);
    if (width === 2 && room >= 4) this.#view.setUint32(at, value);
    else if (width === 1 && room >= 2) this.#view.setUint16(at, value & 0xffff);
    else this.#buffer[at] = value;
  }

  #remove(at: number, count: number): void {
    this.#buffer.copyWithin(at, at + count, this.#length);
    this.#length -= Math.min(count, this.#length - at);
  }

  #insert(piece: Uint8Array): void {
    const at = this.#dice.below(this.#length + 1);
    const fits = piece.subarray(0, this.#buffer.length - this.#length);
    this.#buffer.copyWithin(at + fits.length, at, this.#length);
    this.#buffer.set(fits, at);
    this.#length += fits.length;
  }

  #overwrite(at: number, piece: Uint8Array): void {
    const fits = piece.subarray(0, this.#buffer.length - at);
    this.#buffer.set(fits, at);
    this.#length = Math.max(this.#length, at + fits.length);
  }

  /** Goes on with the other input from the same place on. */
  #continueWith(at: number, other: Uint8Array): void {
    this.#length = at;
    this.#overwrite(at, other.subarray(Math.min(at, other.length)));
  }
}
