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
    const field = this.bytes(width);
    let value = 0;
    for (const byte of field) value = value * 256 + byte;
    return value;
  }
}

/** Writes TLS presentation-language values; vectors get their length from what is written inside them. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];
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
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  vector(width: 1 | 2 | 3, fill: (inner: ByteWriter) => void): this {
    const inner = new ByteWriter();
    fill(inner);
    const body = inner.toBytes();
    return this.#unsigned(body.length, width).bytes(body);
  }

  toBytes(): Uint8Array {
    const out = new Uint8Array(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      out.set(part, offset);
      offset += part.length;
    }
    return out;
  }

  #unsigned(value: number, width: number): this {
    if (!Number.isInteger(value) || value < 0 || value >= 256 ** width) {
      throw new InventoryError('INVENTORY_INPUT_INVALID', `${value} does not fit into ${width} unsigned bytes`);
    }
    const field = new Uint8Array(width);
    let rest = value;
    for (let index = width - 1; index >= 0; index--) {
      field[index] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return this.bytes(field);
  }
}

export function malformed(message: string): InventoryError {
  return new InventoryError('INVENTORY_TLS_MALFORMED', `The TLS message is malformed: ${message}.`);
}
