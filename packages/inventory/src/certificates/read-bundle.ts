import { DerReader, decodeOid, derMalformed, derTag, parseCertificate, parseRequest, readDer } from '@quantumvault/pki';
import type { CryptoItem } from './crypto-item.ts';

const signedDataOid = '1.2.840.113549.1.7.2';
const certificatesMax = 10_000;

/** One certificate in DER. All functions here throw `PKI_DER_MALFORMED` or `PKI_LIMIT_EXCEEDED`. */
export function readCertificateItem(der: Uint8Array): CryptoItem {
  return { kind: 'certificate', der, facts: parseCertificate(der) };
}

/** OpenSSL's `TRUSTED CERTIFICATE`: a certificate with its own trust settings behind it, which are left out. */
export function readTrustedCertificate(bytes: Uint8Array): CryptoItem {
  return readCertificateItem(new DerReader(bytes).expect(derTag.sequence).whole);
}

/** CertificationRequest in DER (RFC 2986). */
export function readRequestItem(der: Uint8Array): CryptoItem {
  const { subject, key, signature } = parseRequest(der);
  return { kind: 'certificate-request', subject, key, signature };
}

/** The certificates of a SignedData (RFC 5652), the `.p7b` of many authorities. */
export function readSignedData(der: Uint8Array): readonly CryptoItem[] {
  const outer = new DerReader(readDer(der, derTag.sequence).content);
  if (decodeOid(outer.expect(derTag.oid).content) !== signedDataOid)
    throw derMalformed('a message without certificates');
  const data = new DerReader(readDer(outer.expect(0xa0).content, derTag.sequence).content);
  data.expect(derTag.integer);
  data.expect(derTag.set); // digest algorithms
  data.expect(derTag.sequence); // content
  const certificates = data.optional(0xa0);
  const items: CryptoItem[] = [];
  for (const list = new DerReader(certificates?.content ?? new Uint8Array(0)); !list.isDone; ) {
    if (items.length === certificatesMax) throw derMalformed(`more than ${certificatesMax} certificates`);
    const { tag, whole } = list.next();
    // Attribute certificates and other formats have tags of their own.
    if (tag === derTag.sequence) items.push(readCertificateItem(whole));
  }
  return items;
}
