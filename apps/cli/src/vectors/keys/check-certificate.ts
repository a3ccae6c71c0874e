import { verifySignatureAsync } from '@quantumvault/crypto';
import {
  DerReader,
  derTag,
  parseCertificate,
  readCertificateDetails,
  readPublicKey,
  subjectPublicKeyInfo,
} from '@quantumvault/pki';
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

/** The signed part, the algorithm's OID and the signature. */
function partsOf(certificate: Uint8Array) {
  const parts = new DerReader(new DerReader(certificate).expect(derTag.sequence).content);
  const signed = parts.expect(derTag.sequence).whole;
  parts.expect(derTag.sequence);
  return { signed, signature: parts.expect(derTag.bitString).content.subarray(1) };
}

/** Whether the signature is that of the issuer's key; undefined when the key is for another algorithm. */
async function isSignedBy(certificate: Uint8Array, issuer: Uint8Array): Promise<boolean | undefined> {
  const { signature: claimed } = parseCertificate(certificate);
  // In these sets the OID of a key is that of its signatures; RSA and curves are not among them.
  if (readPublicKey(subjectPublicKeyInfo(issuer)).oid !== claimed.oid) return undefined;
  const { verify } = readPublicKeyFile(publicKeyOf(issuer));
  if (verify === undefined) return undefined;
  const { signed, signature } = partsOf(certificate);
  return verifySignatureAsync({ ...verify, message: signed, signature });
}

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
 * its issuer, where a certificate of that name and key lies beside it. Names are given to more than one authority in these
 * sets, so one of them has to fit; where none is for the algorithm of the signature, nothing can be said of it.
 */
export async function checkCertificate(file: VectorFile, certificate: Uint8Array): Promise<boolean> {
  readPublicKeyFile(publicKeyOf(certificate));
  if (readCertificateDetails(certificate).problems.length > 0) return false;
  let isForged = false;
  for (const issuer of issuersOf(file, certificate)) {
    const verdict = await isSignedBy(certificate, issuer);
    if (verdict === true) return true;
    if (verdict === false) isForged = true;
  }
  return !isForged;
}
