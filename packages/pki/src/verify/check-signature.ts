import {
  CryptoError,
  type SignatureAlgorithm,
  verifyCertificateSignature,
  verifySignatureAsync,
} from '@quantumvault/crypto';
import { DerReader, derTag, wholeBytes } from '../der/reader.ts';
import { sequence } from '../der/writer.ts';
import { readPublicKey } from '../x509/public-key.ts';
import { planVerification } from '../x509/signing-algorithms.ts';

/** `weak` and `unsupported` mean that nothing was verified: the algorithm alone decides. */
export type SignatureVerdict = 'genuine' | 'forged' | 'weak' | 'unsupported';

export interface SignatureToCheck {
  /** Content of the signer's SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** Content of the AlgorithmIdentifier beside the signature. */
  readonly algorithm: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Checks one signature of a certificate, a request or a list. Throws `PKI_DER_MALFORMED`; a bad key is `forged`. */
export async function checkSignature({
  publicKey,
  algorithm,
  message,
  signature,
}: SignatureToCheck): Promise<SignatureVerdict> {
  const plan = planVerification(readPublicKey(publicKey), algorithm);
  if (plan.kind === 'refused') return plan.reason;
  const isGenuine =
    plan.kind === 'classical'
      ? await verifyCertificateSignature({ publicKey: sequence(publicKey), scheme: plan.scheme, message, signature })
      : await verifyOffered(plan.algorithm, { publicKey: keyBytes(publicKey), message, signature });
  return isGenuine ? 'genuine' : 'forged';
}

async function verifyOffered(
  algorithm: SignatureAlgorithm,
  input: { readonly publicKey: Uint8Array; readonly message: Uint8Array; readonly signature: Uint8Array },
): Promise<boolean> {
  try {
    return await verifySignatureAsync({ algorithm, ...input });
  } catch (error) {
    if (error instanceof CryptoError && error.code === 'CRYPTO_KEY_INVALID') return false;
    throw error;
  }
}

/** The bytes inside the BIT STRING of a SubjectPublicKeyInfo's content. Throws `PKI_DER_MALFORMED`. */
export function keyBytes(subjectPublicKeyInfo: Uint8Array): Uint8Array {
  const info = new DerReader(subjectPublicKeyInfo);
  info.expect(derTag.sequence);
  return wholeBytes(info.expect(derTag.bitString).content);
}
