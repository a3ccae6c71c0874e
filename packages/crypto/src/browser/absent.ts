import { CryptoError } from '../errors.ts';

const certificates = 'a page reads no certificates';
const tls = 'a page makes no TLS handshake of its own';
const legacy = 'data of old systems is read on the server';
const thread = 'Falcon and seeds of SLH-DSA need a thread of the server';
const bench = 'the benchmark sets calls beside those of OpenSSL';
const rsa = 'there is no RSA in the libraries that browsers get';

/**
 * What src/native exports and browsers do not have, each with its reason. The functions exist, so that one index serves
 * all, and throw CRYPTO_RUNTIME_UNSUPPORTED.
 */
export const absentInBrowsers = {
  runVetted: thread,
  importSubjectPublicKey: certificates,
  verifyWith: certificates,
  generateAgreementKey: tls,
  agreeOnCurve: tls,
  decapsulateKem: tls,
  nativeTlsHash: tls,
  nativeTlsMac: tls,
  nativeTlsTagBytes: tls,
  nativeOpenTlsRecord: tls,
  nativeCbcDecrypt: legacy,
  nativeLegacyMac: legacy,
  rsaPrivateKey: rsa,
  rsaPublicKey: rsa,
  rsaPublicDer: rsa,
  rsaPrivateDer: rsa,
  rsaModulusBits: rsa,
  generateRsaKey: rsa,
  generateRsaPkcs8: rsa,
  describeRsa: rsa,
  oaepEncrypt: rsa,
  oaepDecrypt: rsa,
  bareAead: bench,
  bareDigest: bench,
  bareHmac: bench,
  bareHkdf: bench,
  bareSignature: bench,
  bareKem: bench,
  bareAgreement: bench,
} as const satisfies Readonly<Record<string, string>>;

/** What the same takes away, by registry id: all of RSA, Falcon, and the groups that only a handshake combines. */
export const absentAlgorithms = /RSA|^FN-DSA-|^(?:X25519|SecP\d+r1)MLKEM/;

/** A function in place of one that browsers do not have. */
export function absent(name: keyof typeof absentInBrowsers): () => never {
  return () => {
    throw new CryptoError('CRYPTO_RUNTIME_UNSUPPORTED', `${name} is not offered here: ${absentInBrowsers[name]}`);
  };
}
