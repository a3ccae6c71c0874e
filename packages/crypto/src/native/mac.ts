import * as runtime from 'node:crypto';
import { createHmac, hkdfSync } from 'node:crypto';

interface Mac {
  update(data: Uint8Array): Mac;
  final(): Buffer;
}

interface KmacOptions {
  readonly outputLength: number;
  readonly customization: Uint8Array;
}

// The runtime has `createMac` since 26.9; its type declarations do not have it yet.
const { createMac } = runtime as unknown as {
  createMac(algorithm: 'KMAC-256', key: Uint8Array, options: KmacOptions): Mac;
};

function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** For one-time codes alone (RFC 4226): HMAC does not lean on the collisions of SHA-1, and the apps people have know nothing else. */
export function nativeHmacSha1(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return plain(createHmac('sha1', key).update(bytes).digest());
}

export function nativeHmacSha512(key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const state = createHmac('sha512', key);
  for (const part of parts) state.update(part);
  return plain(state.digest());
}

export function nativeHkdfSha512(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha512', ikm, salt, info, length));
}

/** KMAC256 of NIST SP 800-185, not the XOF: the length is part of what is authenticated. */
export function nativeKmac256(
  key: Uint8Array,
  bytes: Uint8Array,
  customization: Uint8Array,
  outputLength: number,
): Uint8Array {
  return plain(createMac('KMAC-256', key, { outputLength, customization }).update(bytes).final());
}
