import { sha256 } from '@quantumvault/crypto';
import { certificateNames, PkiError, parseCertificate, readPem } from '@quantumvault/pki';
import { identityErrors } from '../errors.ts';

/** What identifies a certificate to us. */
export interface CertificateDigests {
  readonly certificate: Uint8Array;
  readonly names: Uint8Array;
}

export interface ReadCertificate extends CertificateDigests {
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Both names as they are encoded, with the length of the first before it: no other two names give the same bytes. */
function namesDigest(der: Uint8Array): Uint8Array {
  const { issuer, subject } = certificateNames(der);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(issuer.length);
  return sha256(Buffer.concat([length, issuer, subject]));
}

/** Throws `PkiError` for what is no certificate. */
export function readCertificate(der: Uint8Array): ReadCertificate {
  const { subject, issuer, notBefore, notAfter } = parseCertificate(der);
  return {
    certificate: sha256(der),
    names: namesDigest(der),
    subject,
    issuer,
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
  };
}

export const isValidAt = ({ notBefore, notAfter }: ReadCertificate, now: Date): boolean =>
  notBefore <= now && now <= notAfter;

/** One certificate in PEM that is valid now. Throws `IDENTITY_CERTIFICATE_INVALID`. */
export function certificateOfPem(pem: string, now: Date): ReadCertificate {
  const { blocks } = readPem(Buffer.from(pem, 'utf8'));
  const [block] = blocks;
  if (blocks.length !== 1 || block?.label !== 'CERTIFICATE' || typeof block.content === 'string')
    throw identityErrors.IDENTITY_CERTIFICATE_INVALID({ detail: 'One block CERTIFICATE in PEM is needed.' });
  let read: ReadCertificate;
  try {
    read = readCertificate(block.content);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw identityErrors.IDENTITY_CERTIFICATE_INVALID({ cause });
  }
  if (!isValidAt(read, now))
    throw identityErrors.IDENTITY_CERTIFICATE_INVALID({ detail: 'The certificate is not valid at this time.' });
  return read;
}
