import { X509Certificate } from 'node:crypto';

/**
 * Whether the issuer's key made the signature of a certificate, both in DER, and the names fit (RFC 5280 section 6.1.3).
 * Dates, uses and trust are not looked at. False also for what the runtime cannot read or verify.
 */
export function isIssuedBy(certificate: Uint8Array, issuer: Uint8Array): boolean {
  try {
    const [child, parent] = [new X509Certificate(certificate), new X509Certificate(issuer)];
    return child.checkIssued(parent) && child.verify(parent.publicKey);
  } catch {
    return false;
  }
}
