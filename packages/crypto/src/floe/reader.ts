import { CryptoError, need } from '../errors.ts';
import { type FloeInput, FloeKeys, floeSizes } from './core.ts';

/** Bytes that can be read anywhere, such as a file or an object in a store. */
export interface RandomAccess {
  readonly size: number;
  /** Exactly `length` bytes from `offset` on. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

const rangeMax = 64 * 1024 * 1024;

/**
 * Reads ranges of a FLOE stream. Opening authenticates the header and then the last segment, which fixes the length
 * (ENV-5); each read authenticates the segments that it touches and gives nothing of one that fails.
 */
export class FloeReader implements Disposable {
  /** Length of the plaintext. */
  readonly length: number;
  readonly #keys: FloeKeys;
  readonly #source: RandomAccess;
  readonly #lastPosition: number;

  private constructor(keys: FloeKeys, source: RandomAccess, lastPosition: number, length: number) {
    this.#keys = keys;
    this.#source = source;
    this.#lastPosition = lastPosition;
    this.length = length;
  }

  /** Throws CRYPTO_TRUNCATED, CRYPTO_AUTHENTICATION_FAILED and CRYPTO_SUITE_UNSUPPORTED like the streaming reader. */
  static async open(input: FloeInput, source: RandomAccess): Promise<FloeReader> {
    const bodyBytes = source.size - floeSizes.header;
    if (!Number.isSafeInteger(bodyBytes) || bodyBytes < floeSizes.segmentOverhead) {
      throw new CryptoError('CRYPTO_TRUNCATED', 'the stream ends before its last segment');
    }
    const keys = FloeKeys.read(input, await source.read(0, floeSizes.header));
    try {
      const lastPosition = Math.ceil(bodyBytes / input.segmentBytes) - 1;
      const reader = new FloeReader(keys, source, lastPosition, plainLength(bodyBytes, lastPosition));
      await reader.#segment(lastPosition);
      return reader;
    } catch (error) {
      keys.dispose();
      throw error;
    }
  }

  /** The plaintext from `position` on, `length` bytes, at most 64 MiB at once. Throws CRYPTO_LIMIT outside the length. */
  async read(position: number, length: number): Promise<Uint8Array> {
    const isRange =
      Number.isSafeInteger(position) &&
      Number.isSafeInteger(length) &&
      position >= 0 &&
      length >= 0 &&
      length <= rangeMax;
    need(isRange && position + length <= this.length, 'CRYPTO_LIMIT', 'the range is not within the plaintext');
    const out = new Uint8Array(length);
    const { plainBytes } = this.#keys;
    for (let at = 0; at < length; ) {
      const segment = Math.floor((position + at) / plainBytes);
      const plaintext = await this.#segment(segment);
      const start = position + at - segment * plainBytes;
      const part = plaintext.subarray(start, start + length - at);
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  dispose(): void {
    this.#keys.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #segment(position: number): Promise<Uint8Array> {
    const { segmentBytes } = this.#keys;
    const offset = floeSizes.header + position * segmentBytes;
    const length = Math.min(segmentBytes, this.#source.size - offset);
    const segment = await this.#source.read(offset, length);
    const [plaintext] = await this.#keys.openBulk(position, position === this.#lastPosition, [segment]);
    return plaintext ?? new Uint8Array(0);
  }
}

function plainLength(bodyBytes: number, lastPosition: number): number {
  return bodyBytes - (lastPosition + 1) * floeSizes.segmentOverhead;
}
