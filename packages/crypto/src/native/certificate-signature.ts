import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';

export type CertificateHash = 'sha256' | 'sha384' | 'sha512';

export type CertificateScheme =
  | { readonly kind: 'ecdsa'; readonly hash: CertificateHash }
  | { readonly kind: 'rsa-pkcs1'; readonly hash: CertificateHash }
  | { readonly kind: 'rsa-pss'; readonly hash: CertificateHash; readonly saltBytes: number };

/** A public key of any kind from its SubjectPublicKeyInfo in DER. Throws what OpenSSL throws. */
export function importSubjectPublicKey(der: Uint8Array): KeyObject {
  return createPublicKey({
    key: Buffer.from(der.buffer, der.byteOffset, der.byteLength),
    format: 'der',
    type: 'spki',
  });
}

export function verifyWith(
  key: KeyObject,
  scheme: CertificateScheme,
  { message, signature }: { readonly message: Uint8Array; readonly signature: Uint8Array },
): Promise<boolean> {
  const input =
    scheme.kind === 'ecdsa'
      ? { key, dsaEncoding: 'der' as const }
      : scheme.kind === 'rsa-pkcs1'
        ? { key, padding: constants.RSA_PKCS1_PADDING }
        : { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltBytes };
  return new Promise((resolve, reject) => {
    verify(scheme.hash, message, input, signature, (error, isGenuine) => {
      if (error) reject(error);
      else resolve(isGenuine);
    });
  });
}
