import { createHash, createHmac, hash, hkdfSync } from 'node:crypto';

// Node answers with Buffer, whose slice, toString and toJSON differ from Uint8Array. Callers get plain views on the
// same memory (the digests are not taken from Buffer's shared pool, so no view can reach a neighbour's bytes).
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

// One character per byte: an array made from the string lives in the young generation of the heap, while a Buffer is an
// allocation outside it that costs more than hashing a small leaf does. Digests of public data only: a string
// cannot be erased, so whatever derives keys takes the functions below.
function fromBinary(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}

export function nativeSha256(bytes: Uint8Array): Uint8Array {
  return fromBinary(hash('sha256', bytes, 'binary'));
}

export function nativeSha3(bytes: Uint8Array): Uint8Array {
  return fromBinary(hash('sha3-256', bytes, 'binary'));
}

export function nativeSha3Concat(parts: readonly Uint8Array[]): Uint8Array {
  const state = createHash('sha3-256');
  for (const part of parts) state.update(part);
  return plain(state.digest());
}

/** SHAKE-128 with `length` bytes of output (FIPS 202). */
export function nativeShake128(bytes: Uint8Array, length: number): Uint8Array {
  return plain(createHash('shake128', { outputLength: length }).update(bytes).digest());
}

/** SHAKE-256 with `length` bytes of output (FIPS 202). */
export function nativeShake256(bytes: Uint8Array, length: number): Uint8Array {
  return plain(createHash('shake256', { outputLength: length }).update(bytes).digest());
}

export function nativeHmacSha256(key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const state = createHmac('sha256', key);
  for (const part of parts) state.update(part);
  return plain(state.digest());
}

export function nativeSha384Concat(parts: readonly Uint8Array[]): Uint8Array {
  const state = createHash('sha384');
  for (const part of parts) state.update(part);
  return plain(state.digest());
}

/** A digest that grows with its input, for content that is not held in memory. */
export interface NativeDigest {
  update(bytes: Uint8Array): void;
  /** The end: nothing can be added afterwards. */
  digest(): Uint8Array;
}

export function nativeSha512Stream(): NativeDigest {
  const state = createHash('sha512');
  return {
    update: (bytes) => {
      state.update(bytes);
    },
    digest: () => plain(state.digest()),
  };
}

export function nativeHmacSha384(key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const state = createHmac('sha384', key);
  for (const part of parts) state.update(part);
  return plain(state.digest());
}

export function nativeHmacSha512(key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const state = createHmac('sha512', key);
  for (const part of parts) state.update(part);
  return plain(state.digest());
}

export function nativeHkdfSha384(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha384', ikm, salt, info, length));
}

export function nativeHkdfSha256(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', ikm, salt, info, length));
}
