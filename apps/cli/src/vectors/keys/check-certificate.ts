import {
  checkCertificateSignature,
  derTag,
  parseCertificate,
  readCertificateDetails,
  subjectPublicKeyInfo,
} from '@quantumvault/pki';
import { Skip } from '../tally.ts';
import type { VectorFile } from '../vector-file.ts';
import { derOf, kindOf } from './der-kind.ts';
import { readPublicKeyFile } from './read-keys.ts';

/** Certificates that may have issued the one in question are looked for among so many files. */
const candidatesMax = 500;

/** The SubjectPublicKeyInfo of a certificate, whole. */
export function publicKeyOf(certificate: Uint8Array): Uint8Array {
  const content = subjectPublicKeyInfo(certificate);
  const length = content.length < 0x80 ? [content.length] : longLength(content.length);
  return new Uint8Array([derTag.sequence, ...length, ...content]);
}

const longLength = (length: number): readonly number[] =>
  length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];

/** Two authorities may bear one name; where both certificates name the key, the names must agree. */
function isIssuer(certificate: Uint8Array, candidate: Uint8Array): boolean {
  if (parseCertificate(candidate).subject !== parseCertificate(certificate).issuer) return false;
  const { authorityKeyId } = readCertificateDetails(certificate);
  const { subjectKeyId } = readCertificateDetails(candidate);
  return authorityKeyId === null || subjectKeyId === null || authorityKeyId === subjectKeyId;
}

const isCertificateName = (name: string): boolean => /\.(?:crt|cer|der|pem)$/i.test(name);

function* issuersOf(file: VectorFile, certificate: Uint8Array): Generator<Uint8Array> {
  if (isIssuer(certificate, certificate)) yield certificate;
  for (const other of file.nearby(isCertificateName, candidatesMax)) {
    const der = derOf(other);
    if (der !== undefined && kindOf(der) === 'certificate' && isIssuer(certificate, der)) yield der;
  }
}

/**
 * Whether a certificate is read whole, without a broken extension, holds a key that can be used, and is signed by the key of
 * its issuer, where a certificate of that name and key lies beside it; with one bit of the signature changed it must be
 * a forgery. Some publishers gave one name to several authorities, so one of them has to fit. Throws `Skip` when no signature
 * could be checked: for want of the issuer, or because its algorithm is not offered or too weak.
 */
export async function checkCertificate(file: VectorFile, certificate: Uint8Array): Promise<boolean> {
  readPublicKeyFile(publicKeyOf(certificate));
  if (readCertificateDetails(certificate).problems.length > 0) return false;
  let [isForged, isIssuerThere] = [false, false];
  for (const issuer of issuersOf(file, certificate)) {
    isIssuerThere = true;
    const verdict = await checkCertificateSignature(certificate, issuer);
    if (verdict === 'genuine') {
      const changed = certificate.with(-1, (certificate.at(-1) ?? 0) ^ 1);
      return (await checkCertificateSignature(changed, issuer)) === 'forged';
    }
    if (verdict === 'forged') isForged = true;
  }
  if (isForged) return false;
  throw new Skip(
    isIssuerThere
      ? 'the algorithm of the signature is not offered; certificate and key were read'
      : "the issuer's certificate is not there; certificate and key were read",
  );
}
