import { CryptoError } from '../errors.ts';
import { ByteQueue } from './byte-queue.ts';
import { type FloeInput, FloeKeys, floeSizes, segmentLength } from './core.ts';

/**
 * Bytes in order. A chunk is given away, so its source must not write to it again, with one exception for sources that
 * reuse memory: a chunk is done with when as many bytes as a segment has have followed it, and one chunk more is asked for.
 */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Encrypts a stream with FLOE: authenticated, key-committing, in constant memory (one segment and one chunk). Chunks of
 * the result have any size. Throws CRYPTO_KEY_INVALID and CRYPTO_LIMIT, and whatever the source throws.
 */
export async function* floeSeal(input: FloeInput, source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  using keys = FloeKeys.create(input);
  yield keys.header;
  const queue = new ByteQueue();
  let position = 0;
  for await (const chunk of source) {
    queue.push(chunk);
    // A full segment waits for one more byte, because the last segment may be full too.
    while (queue.length > keys.plainBytes) yield* await keys.sealBulk(position++, false, queue.take(keys.plainBytes));
  }
  yield* await keys.sealBulk(position, true, queue.take(queue.length));
}

/**
 * Decrypts what {@link floeSeal} wrote, with the same key, additional data and segment size. A segment's plaintext
 * comes out only when all of it is authentic, and the last one only when nothing follows it; what came before an
 * error is genuine, but the stream must not be taken as whole. Throws CRYPTO_TRUNCATED, CRYPTO_AUTHENTICATION_FAILED,
 * CRYPTO_SUITE_UNSUPPORTED for a header of other parameters, and whatever the source throws.
 */
export async function* floeOpen(input: FloeInput, source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  const { segmentBytes } = input;
  const queue = new ByteQueue();
  let keys: FloeKeys | undefined;
  let position = 0;
  try {
    for await (const chunk of source) {
      queue.push(chunk);
      if (keys === undefined) {
        if (queue.length < floeSizes.header) continue;
        keys = FloeKeys.read(input, queue.takeBytes(floeSizes.header));
      }
      while (queue.length >= segmentBytes && segmentLength(queue.peekBytes(4)) === undefined) {
        yield* await keys.openBulk(position++, false, queue.take(segmentBytes));
      }
      // Here waits a part of a segment, or the last one; nothing may follow that.
      if (queue.length > segmentBytes) {
        throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'bytes follow the last segment');
      }
    }
    if (keys === undefined) throw new CryptoError('CRYPTO_TRUNCATED', 'the stream ends within its header');
    if (queue.length < floeSizes.segmentOverhead || segmentLength(queue.peekBytes(4)) === undefined) {
      throw new CryptoError('CRYPTO_TRUNCATED', 'the stream ends before its last segment');
    }
    yield* await keys.openBulk(position, true, queue.take(queue.length));
  } finally {
    keys?.dispose();
  }
}
