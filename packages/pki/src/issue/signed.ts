import type { Signer } from '@quantumvault/ports';
import { derTag, readDer } from '../der/reader.ts';
import { bitString, sequence } from '../der/writer.ts';
import { PkiError } from '../errors.ts';
import { checkSignature } from '../verify/check-signature.ts';
import { signatureIdentifier } from '../x509/signing-algorithms.ts';

/** X.509 and PKCS #10 sign without a context (RFC 9881 section 3, RFC 9909 section 3). */
const noContext = new Uint8Array(0);

/**
 * Signs a to-be-signed part and puts algorithm and signature behind it: the form that certificates, requests and
 * revocation lists share. The signature is verified before it is handed out, so that a faulty device or a backend with
 * another key is found here and not by those who get the certificate.
 * Throws `PKI_SIGNATURE_INVALID`, and what the signer throws.
 */
export async function signWhole(part: Uint8Array, signer: Signer): Promise<Uint8Array> {
  const identifier = signatureIdentifier(signer.algorithm);
  const signature = await signer.sign(part, { context: noContext });
  const verdict = await checkSignature({
    publicKey: readDer(signer.publicKey, derTag.sequence).content,
    algorithm: readDer(identifier, derTag.sequence).content,
    message: part,
    signature,
  });
  if (verdict !== 'genuine') {
    throw new PkiError('PKI_SIGNATURE_INVALID', 'What the signer answered does not verify with its own public key.');
  }
  return sequence(part, identifier, bitString(signature));
}
