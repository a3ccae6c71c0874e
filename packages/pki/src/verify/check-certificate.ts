import { sameBytes } from '../names/write-name.ts';
import { splitCertificate } from '../x509/certificate.ts';
import { checkSignature, type SignatureVerdict } from './check-signature.ts';

/**
 * Whether the key in `issuer` made the signature of `certificate`, both in DER. One that names two signature algorithms counts
 * as forged. Names, dates and uses are not looked at:
 * whoever wants to trust a certificate asks `validatePath`. Throws `PKI_DER_MALFORMED` or `PKI_LIMIT_EXCEEDED`.
 */
export async function checkCertificateSignature(
  certificate: Uint8Array,
  issuer: Uint8Array,
): Promise<SignatureVerdict> {
  const { signed, innerSignature, outerSignature, signature } = splitCertificate(certificate);
  if (!sameBytes(innerSignature, outerSignature)) return 'forged';
  const { publicKey } = splitCertificate(issuer);
  return checkSignature({ publicKey, algorithm: outerSignature, message: signed, signature });
}
