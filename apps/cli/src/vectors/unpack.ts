import { gunzipSync } from 'node:zlib';

/** What a file may unpack to, or all members of an archive. The largest published set has two megabytes. */
export const unpackedMax: number = 64 * 1024 * 1024;

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;

/** The bytes without gzip around them. Throws ERR_BUFFER_TOO_LARGE, before it is unpacked, for what is more than `max`. */
export function withoutGzip(bytes: Uint8Array, max: number): Uint8Array {
  return isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: Math.max(1, max) }) : bytes;
}

/** What may still be unpacked from one archive. An entry that is read again is paid once, because nothing of it is kept. */
export class UnpackBudget {
  #left = unpackedMax;
  readonly #paid = new Map<object, number>();

  /** The content of a member, of which `read` gives at most the bytes that it is told. */
  unpack(member: object, read: (max: number) => Uint8Array): Uint8Array {
    const paid = this.#paid.get(member) ?? 0;
    const max = this.#left + paid;
    const packed = read(max);
    let content: Uint8Array;
    try {
      content = withoutGzip(packed, max - packed.length);
    } catch (error) {
      // A bomb has been unpacked up to the bound: thousands of them would be so, each in turn, if it were free.
      if (error instanceof RangeError) this.#left = 0;
      throw error;
    }
    const price = packed.length + (content === packed ? 0 : content.length);
    this.#left = Math.max(0, max - price);
    this.#paid.set(member, price);
    return content;
  }
}
