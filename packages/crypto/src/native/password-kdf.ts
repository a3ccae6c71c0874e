import { pbkdf2, scrypt } from 'node:crypto';

export interface NativeScryptInput {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelism: number;
  readonly length: number;
}

export type NativePbkdf2Hash = 'sha256' | 'sha512';

export interface NativePbkdf2Input {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly hash: NativePbkdf2Hash;
  readonly iterations: number;
  readonly length: number;
}

function settle(resolve: (key: Uint8Array) => void, reject: (error: Error) => void) {
  return (error: Error | null, key: Buffer): void => {
    if (error) reject(error);
    else resolve(new Uint8Array(key.buffer, key.byteOffset, key.byteLength));
  };
}

/** scrypt (RFC 7914) on a thread of the runtime's pool. The caller checks limits first. */
export function nativeScrypt(input: NativeScryptInput): Promise<Uint8Array> {
  const { password, salt, cost, blockSize, parallelism, length } = input;
  // OpenSSL refuses at its own default of 32 MiB; this is exactly what RFC 7914 needs, and some for the small buffers.
  const maxmem = 128 * blockSize * (cost + parallelism + 4);
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, { N: cost, r: blockSize, p: parallelism, maxmem }, settle(resolve, reject));
  });
}

/** PBKDF2-HMAC (RFC 8018) on a thread of the runtime's pool. The caller checks limits first. */
export function nativePbkdf2({ password, salt, hash, iterations, length }: NativePbkdf2Input): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    pbkdf2(password, salt, iterations, length, hash, settle(resolve, reject));
  });
}
