/*
 * FLOE (C2SP FLOE.md, ePrint 2025/2275): a stream as segments of AES-256-GCM under keys from HKDF-Expand-SHA-384.
 *
 * The header's tag commits to key and additional data. Each segment is bound to its position and to being the last one
 * or not, and nothing else orders them: whoever opens a segment must take its position from where it lies and never
 * from the segment itself, else commitment is lost.
 */

import { nativeGcmOpenPieces, nativeGcmSealPieces } from '#native/aead';
import { type BulkKey, importBulkKey } from '#native/bulk';
import { nativeHmacSha384 } from '#native/hash';
import { CryptoError, need } from '../errors.ts';
import { constantTimeEqual, randomBytes } from '../hash.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { ByteQueue } from './byte-queue.ts';

/** Registry id of the one parameter set that the specification fixes, apart from the segment size. */
export const floeSuite = 'FLOE-AES-256-GCM-SHA-384';

/** Sizes in bytes. `segmentOverhead` = length field (4), nonce (12) and tag (16) of a segment. */
export const floeSizes = { key: 32, iv: 32, header: 74, segmentOverhead: 32, segmentMax: 16 * 1024 * 1024 } as const;

const headerTagBytes = 32;
const messageKeyBytes = 48;
const prefixBytes = 16; // length field and nonce
const tagBytes = 16;
const segmentsMax = 2 ** 40;
const nonFinal = 0xffff_ffff;
/** A key encrypts 2^20 segments. */
const rotationBits = 20;

const utf8 = new TextEncoder();
export const floePurposes = {
  headerTag: utf8.encode('HEADER_TAG:'),
  messageKey: utf8.encode('MESSAGE_KEY:'),
  segmentKey: utf8.encode('DEK:'),
} as const;

export interface FloeInput {
  /** 32 bytes. */
  readonly key: SecretBytes;
  /** Bound to the whole stream; there is no default, so that nobody forgets it. */
  readonly aad: Uint8Array;
  /** Size of an encrypted segment, 33 bytes to 16 MiB. Both sides must know it: it is no choice of the ciphertext's. */
  readonly segmentBytes: number;
  /** Only for published answers that use 2 instead of 20. */
  readonly rotationBits?: number;
}

interface SegmentKey {
  /** The first segment that it encrypts. */
  readonly run: number;
  readonly key: SecretBytes;
  /** The same key inside the runtime's cipher for streams, once that was asked for. */
  bulk: BulkKey | undefined;
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(value / 2 ** 32));
  view.setUint32(4, value % 2 ** 32);
  return bytes;
}

export function encodeParameters(segmentBytes: number): Uint8Array {
  const bytes = new Uint8Array(10); // AEAD 0, KDF 0, segment size, size of the IV
  const view = new DataView(bytes.buffer);
  view.setUint32(2, segmentBytes);
  view.setUint32(6, floeSizes.iv);
  return bytes;
}

export function needFloeInput({ key, segmentBytes }: FloeInput): void {
  need(key.length === floeSizes.key, 'CRYPTO_KEY_INVALID', 'FLOE takes a key of 32 bytes');
  const isSized =
    Number.isSafeInteger(segmentBytes) &&
    segmentBytes > floeSizes.segmentOverhead &&
    segmentBytes <= floeSizes.segmentMax;
  need(isSized, 'CRYPTO_LIMIT', `a FLOE segment has 33 to ${floeSizes.segmentMax} bytes`);
}

/** Joins small pieces such as a header. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const queue = new ByteQueue();
  for (const piece of pieces) queue.push(piece);
  return queue.takeBytes(queue.length);
}

/** What header and segments of one stream are derived from. */
export class FloeKeys implements Disposable {
  readonly segmentBytes: number;
  readonly #parameters: Uint8Array;
  readonly #iv: Uint8Array;
  readonly #aad: Uint8Array;
  readonly #messageKey: SecretBytes;
  readonly #headerTag: Uint8Array;
  readonly #period: number;
  /** The key of the run of segments that was used last: a stream changes it once in a terabyte. */
  #segmentKey: SegmentKey | undefined;

  private constructor(input: FloeInput, iv: Uint8Array) {
    needFloeInput(input);
    this.segmentBytes = input.segmentBytes;
    this.#parameters = encodeParameters(input.segmentBytes);
    this.#iv = iv.slice();
    this.#aad = input.aad.slice();
    this.#period = 2 ** (input.rotationBits ?? rotationBits);
    this.#headerTag = this.#derive(input.key, [floePurposes.headerTag], headerTagBytes);
    this.#messageKey = SecretBytes.take(this.#derive(input.key, [floePurposes.messageKey], messageKeyBytes));
  }

  /** Keys for a new stream, under a fresh random IV. */
  static create(input: FloeInput): FloeKeys {
    return new FloeKeys(input, randomBytes(floeSizes.iv));
  }

  /** Keys of an existing stream. Throws CRYPTO_AUTHENTICATION_FAILED when its header belongs to another key or data. */
  static read(input: FloeInput, header: Uint8Array): FloeKeys {
    needFloeInput(input);
    need(header.length === floeSizes.header, 'CRYPTO_MALFORMED', `a FLOE header has ${floeSizes.header} bytes`);
    const parameters = encodeParameters(input.segmentBytes);
    const isOurs = parameters.every((byte, index) => header[index] === byte);
    need(isOurs, 'CRYPTO_SUITE_UNSUPPORTED', 'the FLOE header names other parameters than expected');
    const keys = new FloeKeys(input, header.subarray(10, 10 + floeSizes.iv));
    if (!constantTimeEqual(keys.#headerTag, header.subarray(10 + floeSizes.iv))) {
      keys.dispose();
      throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'the FLOE header does not belong to this key and data');
    }
    return keys;
  }

  get header(): Uint8Array {
    return joined([this.#parameters, this.#iv, this.#headerTag]);
  }

  /** Plaintext bytes of every segment but the last. */
  get plainBytes(): number {
    return this.segmentBytes - floeSizes.segmentOverhead;
  }

  /** One encrypted segment, in pieces. Each pair of position and kind is sealed once in the life of these keys. */
  seal(position: number, isFinal: boolean, plaintext: readonly Uint8Array[]): Uint8Array[] {
    const prefix = this.#newPrefix(position, isFinal, plaintext);
    const { ciphertext, tag } = this.#segmentKeyOf(position).key.open(secretAccess, (key) =>
      nativeGcmSealPieces(key, prefix.subarray(4), segmentAad(position, isFinal), plaintext),
    );
    return [prefix, ...ciphertext, tag];
  }

  /** {@link seal} through the runtime's cipher for streams, if it has one. */
  sealBulk(position: number, isFinal: boolean, plaintext: readonly Uint8Array[]): Uint8Array[] | Promise<Uint8Array[]> {
    if (importBulkKey === undefined) return this.seal(position, isFinal, plaintext);
    const prefix = this.#newPrefix(position, isFinal, plaintext);
    const key = this.#bulkKeyOf(position, importBulkKey);
    const sealed = key.seal(prefix.subarray(4), segmentAad(position, isFinal), plaintext);
    return sealed.then((bytes) => [prefix, bytes]);
  }

  /**
   * The plaintext of the segment that lies at `position`, in pieces. Throws CRYPTO_TRUNCATED when it is too short and
   * CRYPTO_AUTHENTICATION_FAILED for everything else that is wrong with it.
   */
  open(position: number, isFinal: boolean, segment: readonly Uint8Array[]): Uint8Array[] {
    const { nonce, rest } = this.#takeApart(position, isFinal, segment);
    const ciphertext = rest.take(rest.length - tagBytes);
    const tag = rest.takeBytes(tagBytes);
    const plaintext = this.#segmentKeyOf(position).key.open(secretAccess, (key) =>
      nativeGcmOpenPieces(key, nonce, segmentAad(position, isFinal), ciphertext, tag),
    );
    return needGenuine(plaintext);
  }

  /** {@link open} through the runtime's cipher for streams, if it has one. */
  openBulk(position: number, isFinal: boolean, segment: readonly Uint8Array[]): Uint8Array[] | Promise<Uint8Array[]> {
    if (importBulkKey === undefined) return this.open(position, isFinal, segment);
    const { nonce, rest } = this.#takeApart(position, isFinal, segment);
    const key = this.#bulkKeyOf(position, importBulkKey);
    const opened = key.open(nonce, segmentAad(position, isFinal), rest.take(rest.length));
    return opened.then((plaintext) => [needGenuine(plaintext)]);
  }

  dispose(): void {
    this.#messageKey.dispose();
    this.#segmentKey?.key.dispose();
    this.#segmentKey = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Length field and a fresh nonce of the segment that is sealed next. */
  #newPrefix(position: number, isFinal: boolean, plaintext: readonly Uint8Array[]): Uint8Array {
    const length = plaintext.reduce((sum, piece) => sum + piece.length, 0);
    const fits = isFinal ? length <= this.plainBytes : length === this.plainBytes;
    need(fits, 'CRYPTO_LIMIT', 'a FLOE segment holds its whole size, and only the last one less');
    needPosition(position, isFinal);
    const prefix = new Uint8Array(prefixBytes);
    new DataView(prefix.buffer).setUint32(0, isFinal ? length + floeSizes.segmentOverhead : nonFinal);
    prefix.set(randomBytes(12), 4);
    return prefix;
  }

  /** Checks kind and length of a segment; `rest` is ciphertext and tag. */
  #takeApart(
    position: number,
    isFinal: boolean,
    segment: readonly Uint8Array[],
  ): { readonly nonce: Uint8Array; readonly rest: ByteQueue } {
    const rest = new ByteQueue();
    for (const piece of segment) rest.push(piece);
    const { length } = rest;
    need(length >= floeSizes.segmentOverhead, 'CRYPTO_TRUNCATED', 'the last segment is cut off');
    need(length <= this.segmentBytes, 'CRYPTO_AUTHENTICATION_FAILED', 'the segment is longer than a segment');
    if (!isFinal) need(length === this.segmentBytes, 'CRYPTO_TRUNCATED', 'a segment is cut off');
    needPosition(position, isFinal);
    const prefix = rest.takeBytes(prefixBytes);
    const claimed = segmentLength(prefix);
    if (isFinal && claimed !== undefined) need(length >= claimed, 'CRYPTO_TRUNCATED', 'the last segment is cut off');
    const isKind = isFinal ? claimed === length : claimed === undefined;
    need(isKind, 'CRYPTO_AUTHENTICATION_FAILED', 'the segment is not of the kind or length it must be');
    return { nonce: prefix.subarray(4), rest };
  }

  #segmentKeyOf(position: number): SegmentKey {
    const run = position - (position % this.#period);
    if (this.#segmentKey?.run !== run) {
      this.#segmentKey?.key.dispose();
      const key = this.#derive(this.#messageKey, [floePurposes.segmentKey, u64(run)], floeSizes.key);
      this.#segmentKey = { run, key: SecretBytes.take(key), bulk: undefined };
    }
    return this.#segmentKey;
  }

  #bulkKeyOf(position: number, importKey: (key: Uint8Array) => BulkKey): BulkKey {
    const segmentKey = this.#segmentKeyOf(position);
    segmentKey.bulk ??= segmentKey.key.open(secretAccess, importKey);
    return segmentKey.bulk;
  }

  // FLOE_KDF. HKDF-Expand of at most one block is one HMAC over the info and the counter 1 (RFC 5869 section 2.3).
  #derive(key: SecretBytes, purpose: readonly Uint8Array[], length: number): Uint8Array {
    const block = key.open(secretAccess, (raw) =>
      nativeHmacSha384(raw, [this.#parameters, this.#iv, ...purpose, this.#aad, Uint8Array.of(1)]),
    );
    const wanted = block.slice(0, length);
    block.fill(0);
    return wanted;
  }
}

function needGenuine<T>(plaintext: T | undefined): T {
  if (plaintext === undefined) {
    throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'a segment does not open with this key at its position');
  }
  return plaintext;
}

function needPosition(position: number, isFinal: boolean): void {
  const most = isFinal ? segmentsMax - 1 : segmentsMax - 2;
  const isPosition = Number.isSafeInteger(position) && position >= 0 && position <= most;
  need(isPosition, 'CRYPTO_LIMIT', 'a FLOE stream has at most 2^40 segments');
}

function segmentAad(position: number, isFinal: boolean): Uint8Array {
  const aad = new Uint8Array(9);
  aad.set(u64(position));
  aad[8] = isFinal ? 1 : 0;
  return aad;
}

/** The length that a last segment claims for itself; undefined says that the segment is not the last. */
export function segmentLength(prefix: Uint8Array): number | undefined {
  const claimed = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength).getUint32(0);
  return claimed === nonFinal ? undefined : claimed;
}
