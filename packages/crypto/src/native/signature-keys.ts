import { createPrivateKey, createPublicKey, generateKeyPair, hash, type SLHDSAKeyType, webcrypto } from 'node:crypto';
import type { NativeKey, SigningCurve } from './asymmetric.ts';

/*
 * Keys of the signature algorithms whose work belongs on a thread: SLH-DSA, RSA, and the halves of composites. Traps of
 * the runtime, each with a test: an SLH-DSA private key whose root does not fit its seeds is imported and signs what
 * nobody can verify, and unknown options of `sign` are ignored.
 */

export type SlhDsaType = SLHDSAKeyType;
export type MlDsaType = 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87';

function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** FIPS 205: both seeds, the public seed and the root. */
export function slhDsaPrivateKey(type: SlhDsaType, raw: Uint8Array): NativeKey {
  return createPrivateKey({ key: view(raw), format: 'raw-private', asymmetricKeyType: type });
}

export function slhDsaPublicKey(type: SlhDsaType, raw: Uint8Array): NativeKey {
  return createPublicKey({ key: view(raw), format: 'raw-public', asymmetricKeyType: type });
}

/** A fresh private key in its raw form, made on a thread. The caller zeroizes the bytes. */
export function generateSlhDsaRaw(type: SlhDsaType): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    generateKeyPair(type, (error, _publicKey, privateKey) => {
      if (error) reject(error);
      else resolve(plain(privateKey.export({ format: 'raw-private' })));
    });
  });
}

/** A fresh RSA key with the exponent 65537 as PKCS#8 DER, made on a thread. The caller zeroizes the bytes. */
export function generateRsaPkcs8(modulusBits: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    generateKeyPair('rsa', { modulusLength: modulusBits }, (error, _publicKey, privateKey) => {
      if (error) reject(error);
      else resolve(plain(privateKey.export({ format: 'der', type: 'pkcs8' })));
    });
  });
}

/** Imports an RSAPublicKey (RFC 8017), which is what a SubjectPublicKeyInfo holds for RSA. */
export function rsaPublicKey(der: Uint8Array): NativeKey {
  return createPublicKey({ key: view(der), format: 'der', type: 'pkcs1' });
}

/** The RSAPublicKey of `key`, and what must be known before it is used; undefined for a key of another type. */
export function describeRsa(
  key: NativeKey,
): { readonly der: Uint8Array; readonly modulusBits: number; readonly exponent: bigint } | undefined {
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== 'rsa' || modulusLength === undefined || publicExponent === undefined) return undefined;
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const der = publicKey.export({ format: 'der', type: 'pkcs1' });
  return { der: plain(der), modulusBits: modulusLength, exponent: publicExponent };
}

/** The scalar of a fresh key, big-endian, of the length of the field. The caller zeroizes the bytes. */
export function generateEcScalar(namedCurve: SigningCurve): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    generateKeyPair('ec', { namedCurve }, (error, _publicKey, privateKey) => {
      if (error) reject(error);
      else resolve(plain(privateKey.export({ format: 'raw-private' })));
    });
  });
}

// Messages up to this length are hashed at once, in well under a tenth of a millisecond (CRY-10).
const hashedAtOnce = 16 * 1024;

/** The scalar of a private key. The caller zeroizes the bytes. */
export function ecScalar(key: NativeKey): Uint8Array {
  return plain(key.export({ format: 'raw-private' }));
}

/** SHA-256 or SHA-512; of a long message on a thread. */
export async function hashMessage(name: 'sha256' | 'sha512', message: Uint8Array): Promise<Uint8Array> {
  if (message.length <= hashedAtOnce) return plain(hash(name, message, 'buffer'));
  const digest = await webcrypto.subtle.digest(name === 'sha256' ? 'SHA-256' : 'SHA-512', new Uint8Array(message));
  return new Uint8Array(digest);
}
