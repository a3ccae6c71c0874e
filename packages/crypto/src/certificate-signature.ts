/*
 * Signatures of other people's certificates. The classical authorities of the world combine curves, hashes and paddings
 * that this product never signs with (a P-256 key with SHA-384, RSA with SHA-512); to check a chain is to verify them.
 * Broken hashes are not among them: a certificate signed with SHA-1 or MD5 proves nothing.
 */
import { type CertificateScheme, importSubjectPublicKey, verifyWith } from '#native/certificate-signature';
import { type CryptoPool, cryptoPool } from './pool.ts';

export type { CertificateHash, CertificateScheme } from '#native/certificate-signature';

export interface CertificateSignatureInput {
  /** The signer's SubjectPublicKeyInfo in DER: an RSA key, or one on P-256, P-384 or P-521. */
  readonly publicKey: Uint8Array;
  readonly scheme: CertificateScheme;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const publicKeyBytesMax = 4_096;
const signatureBytesMax = 2_048;
const keyTypes: Readonly<Record<CertificateScheme['kind'], readonly string[]>> = {
  ecdsa: ['ec'],
  'rsa-pkcs1': ['rsa'],
  'rsa-pss': ['rsa', 'rsa-pss'],
};

/**
 * Whether a classical signature is genuine, on a thread of the pool. False for a key that does not decode or does not fit
 * the scheme as well: what is checked here comes from strangers, and nothing of it is a caller's mistake.
 * Throws CRYPTO_POOL_FULL.
 */
export async function verifyCertificateSignature(
  { publicKey, scheme, message, signature }: CertificateSignatureInput,
  pool: CryptoPool = cryptoPool,
): Promise<boolean> {
  if (publicKey.length > publicKeyBytesMax || signature.length > signatureBytesMax) return false;
  return pool.run('native', async () => {
    try {
      const key = importSubjectPublicKey(publicKey);
      if (!keyTypes[scheme.kind].includes(key.asymmetricKeyType ?? '')) return false;
      return await verifyWith(key, scheme, { message, signature });
    } catch {
      return false;
    }
  });
}
