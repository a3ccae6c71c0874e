import { CryptoError } from '../errors.ts';

/**
 * What src/native exports and browsers do not have, each with its reason. The functions exist, so that one index serves
 * all, and throw CRYPTO_RUNTIME_UNSUPPORTED.
 */
export const absentInBrowsers = {
  isIssuedBy: 'browsers read no X.509',
  generateAgreementKey: 'a page makes no TLS handshake of its own',
  agreeOnCurve: 'a page makes no TLS handshake of its own',
  decapsulateKem: 'a page makes no TLS handshake of its own',
  nativeTlsHash: 'a page makes no TLS handshake of its own',
  nativeTlsMac: 'a page makes no TLS handshake of its own',
  nativeTlsTagBytes: 'a page makes no TLS handshake of its own',
  nativeOpenTlsRecord: 'a page makes no TLS handshake of its own',
} as const satisfies Readonly<Record<string, string>>;

/** A function in place of one that browsers do not have. */
export function absent(name: keyof typeof absentInBrowsers): () => never {
  return () => {
    throw new CryptoError('CRYPTO_RUNTIME_UNSUPPORTED', `${name} is not offered here: ${absentInBrowsers[name]}`);
  };
}
