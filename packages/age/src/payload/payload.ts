/*
 * The payload of an age file: STREAM with ChaCha20-Poly1305 in chunks of 64 KiB (C2SP age.md, "Payload"). The nonce of a chunk
 * is its number and whether it is the last one, so that chunks can be neither moved, left out nor added.
 */
import { aeadOpen, aeadSealWithNonce, ByteQueue, type ByteSource, type SecretBytes } from '@quantumvault/crypto';
import { AgeError, isAuthenticationFailure, need } from '../errors.ts';

const suite = 'ChaCha20-Poly1305';
export const chunkBytes = 65_536;
const tagBytes = 16;
const sealedBytes = chunkBytes + tagBytes;
const noData = new Uint8Array(0);

/** Eleven bytes of number, big-endian, and one that marks the last chunk. Sixteen exabytes come before the number ends. */
function nonceOf(position: number, isLast: boolean): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(3, BigInt(position));
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** Encrypts a stream under a key used for nothing else, in constant memory: one chunk of age and one of the source. */
export async function* sealPayload(key: SecretBytes, source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  const queue = new ByteQueue();
  let position = 0;
  const seal = (plaintext: Uint8Array, isLast: boolean): Uint8Array =>
    aeadSealWithNonce({ suite, key, nonce: nonceOf(position++, isLast), aad: noData, plaintext });
  for await (const chunk of source) {
    queue.push(chunk);
    // A full chunk waits for one more byte, because the last one may be full but not empty.
    while (queue.length > chunkBytes) yield seal(queue.takeBytes(chunkBytes), false);
  }
  yield seal(queue.takeBytes(queue.length), true);
}

/**
 * Decrypts what {@link sealPayload} wrote. Each chunk that comes out is authentic and in its place; the content is whole
 * only when the stream ends without an error. Throws AGE_PAYLOAD_INVALID, and whatever the source throws.
 */
export async function* openPayload(key: SecretBytes, source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  const queue = new ByteQueue();
  let position = 0;
  let isEnded = false;

  const open = (sealed: Uint8Array, isLast: boolean): Uint8Array | undefined => {
    try {
      return aeadOpen({ suite, key, nonce: nonceOf(position, isLast), aad: noData, sealed });
    } catch (error) {
      if (isAuthenticationFailure(error)) return undefined;
      throw error;
    }
  };
  const take = (): Uint8Array => {
    const sealed = queue.takeBytes(Math.min(queue.length, sealedBytes));
    const isFull = sealed.length === sealedBytes;
    // Only a full chunk may be one of the middle, and a full one may also be the last.
    let plaintext = isFull ? open(sealed, false) : undefined;
    isEnded = plaintext === undefined;
    plaintext ??= open(sealed, true);
    if (plaintext === undefined) throw invalid('a chunk of the content is not genuine');
    position += 1;
    return plaintext;
  };

  for await (const chunk of source) {
    queue.push(chunk);
    while (!isEnded && queue.length >= sealedBytes) yield take();
    need(!isEnded || queue.length === 0, 'AGE_PAYLOAD_INVALID', 'bytes follow the last chunk');
  }
  if (isEnded) return;
  need(queue.length >= tagBytes, 'AGE_PAYLOAD_INVALID', 'the content ends before its last chunk');
  // One content has one encryption: the last chunk is empty only when the whole content is.
  need(queue.length > tagBytes || position === 0, 'AGE_PAYLOAD_INVALID', 'the last chunk is empty');
  yield take();
}

const invalid = (message: string): AgeError => new AgeError('AGE_PAYLOAD_INVALID', message);
