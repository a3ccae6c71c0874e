import { InventoryError } from '../errors.ts';

/**
 * Reads big-endian TLS presentation-language values (RFC 8446 section 3) from a fixed buffer.
 * Every read checks its length first: a lying length is an error, never a short or shared read.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): number {
    return this.#unsigned(1);
  }

  u16(): number {
    return this.#unsigned(2);
  }

  u24(): number {
    return this.#unsigned(3);
  }

  bytes(length: number): Uint8Array {
    if (length > this.remaining) {
      throw malformed(`a field of ${length} bytes does not fit into the ${this.remaining} that are left`);
    }
    const start = this.#offset;
    this.#offset += length;
    return this.#bytes.subarray(start, this.#offset);
  }

  /** A vector with a length prefix of the given width; `minimum` and `maximum` are the standard's bounds in bytes. */
  vector(width: 1 | 2 | 3, minimum = 0, maximum = 0xff_ff_ff): Uint8Array {
    const length = this.#unsigned(width);
    if (length < minimum || length > maximum) {
      throw malformed(`a vector of ${length} bytes is outside ${minimum}..${maximum}`);
    }
    return this.bytes(length);
  }

  /** Throws unless everything was read: trailing bytes are as wrong as missing ones. */
  end(): void {
    if (this.remaining !== 0) throw malformed(`${this.remaining} bytes follow the end of the structure`);
  }

  #unsigned(width: number): number {
    if (width > this.remaining) {
      throw malformed(`a field of ${width} bytes does not fit into the ${this.remaining} that are left`);
    }
    let value = 0;
    for (let index = 0; index < width; index++) value = value * 256 + (this.#bytes[this.#offset++] ?? 0);
    return value;
  }
}

/**
 * Writes TLS presentation-language values; vectors get their length from what is written inside them. One buffer grows
 * with the message, because a scan writes a thousand of them a second.
 */
export class ByteWriter {
  #bytes = new Uint8Array(512);
  #length = 0;

  u8(value: number): this {
    return this.#unsigned(value, 1);
  }

  u16(value: number): this {
    return this.#unsigned(value, 2);
  }

  u24(value: number): this {
    return this.#unsigned(value, 3);
  }

  bytes(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  vector(width: 1 | 2 | 3, fill: (inner: ByteWriter) => void): this {
    this.#reserve(width);
    const start = this.#length;
    this.#length += width;
    fill(this);
    this.#writeAt(start, this.#length - start - width, width);
    return this;
  }

  toBytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #unsigned(value: number, width: number): this {
    this.#reserve(width);
    this.#writeAt(this.#length, value, width);
    this.#length += width;
    return this;
  }

  #writeAt(offset: number, value: number, width: number): void {
    if (!Number.isInteger(value) || value < 0 || value >= 256 ** width) {
      throw new InventoryError('INVENTORY_INPUT_INVALID', `${value} does not fit into ${width} unsigned bytes`);
    }
    let rest = value;
    for (let index = width - 1; index >= 0; index--) {
      this.#bytes[offset + index] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  #reserve(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length), 0);
    this.#bytes = grown;
  }
}

export function malformed(message: string): InventoryError {
  return new InventoryError('INVENTORY_TLS_MALFORMED', `The TLS message is malformed: ${message}.`);
}
