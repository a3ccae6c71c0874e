import { createPublicKey, decapsulate, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A private key for one key agreement, held by OpenSSL, with its public half in the raw form of the protocols. */
export interface NativeAgreementKey {
  readonly privateKey: KeyObject;
  readonly publicRaw: Uint8Array;
}

export type NativeCurve = 'x25519' | 'x448' | 'P-256' | 'P-384' | 'P-521';
export type NativeKem = 'ml-kem-512' | 'ml-kem-768' | 'ml-kem-1024';

function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

// Each overload of the runtime names its own key type, so the names are spelled out instead of passed through.
function generate(type: NativeCurve | NativeKem): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (type) {
    case 'x25519':
      return generateKeyPairSync('x25519');
    case 'x448':
      return generateKeyPairSync('x448');
    case 'ml-kem-512':
      return generateKeyPairSync('ml-kem-512');
    case 'ml-kem-768':
      return generateKeyPairSync('ml-kem-768');
    case 'ml-kem-1024':
      return generateKeyPairSync('ml-kem-1024');
    default:
      return generateKeyPairSync('ec', { namedCurve: type });
  }
}

export function generateAgreementKey(type: NativeCurve | NativeKem): NativeAgreementKey {
  const { privateKey, publicKey } = generate(type);
  return { privateKey, publicRaw: plain(publicKey.export({ format: 'raw-public' })) };
}

/** Diffie-Hellman with a peer's raw point. OpenSSL throws when the point is not on the curve or of low order. */
export function agreeOnCurve(curve: NativeCurve, privateKey: KeyObject, peerRaw: Uint8Array): Uint8Array {
  const key = Buffer.from(peerRaw.buffer, peerRaw.byteOffset, peerRaw.byteLength);
  const publicKey =
    curve === 'x25519' || curve === 'x448'
      ? createPublicKey({ key, format: 'raw-public', asymmetricKeyType: curve })
      : createPublicKey({ key, format: 'raw-public', asymmetricKeyType: 'ec', namedCurve: curve });
  return plain(diffieHellman({ privateKey, publicKey }));
}

/** Throws only for a ciphertext of the wrong length: a forged one gives another secret (FIPS 203 section 6.3). */
export function decapsulateKem(privateKey: KeyObject, ciphertext: Uint8Array): Uint8Array {
  return plain(decapsulate(privateKey, ciphertext));
}
