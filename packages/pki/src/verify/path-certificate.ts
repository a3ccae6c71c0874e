import { DerReader, decodeTime, derMalformed, hex } from '../der/reader.ts';
import { formatName } from '../names/distinguished-name.ts';
import type { GeneralName } from '../names/general-names.ts';
import { foldName } from '../names/write-name.ts';
import { type CertificateParts, splitCertificate } from '../x509/certificate.ts';
import { extensionOid } from '../x509/extension-names.ts';
import {
  type BasicConstraints,
  type Extension,
  listExtensions,
  type NameConstraints,
  readAuthorityKeyId,
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
  readNameConstraints,
  readSubjectAltName,
  readSubjectKeyId,
} from '../x509/extension-values.ts';

/** A certificate as a path needs it. Other than in an inventory, whatever is broken in it makes it useless here. */
export interface PathCertificate {
  readonly der: Uint8Array;
  readonly parts: CertificateParts;
  /** RFC 4514, for people. */
  readonly subject: string;
  /** Equal for names that are the same (RFC 5280 section 7.1). */
  readonly foldedSubject: string;
  readonly foldedIssuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly constraints: BasicConstraints | undefined;
  readonly keyUsage: readonly string[] | undefined;
  readonly purposes: readonly string[] | undefined;
  readonly names: readonly GeneralName[];
  readonly nameConstraints: NameConstraints | undefined;
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | null | undefined;
  /** OIDs of critical extensions that nothing here acts upon. */
  readonly unknownCritical: readonly string[];
}

// Extensions whose meaning the checks of a path take in full. Certificate policies belong to them because a caller that
// asks for no policy accepts any (RFC 5280 section 6.1.1 c); constraints on policies are not understood and refused.
const understood: readonly string[] = [
  extensionOid.subjectKeyId,
  extensionOid.keyUsage,
  extensionOid.subjectAltName,
  extensionOid.basicConstraints,
  extensionOid.nameConstraints,
  extensionOid.policies,
  extensionOid.authorityKeyId,
  extensionOid.extendedKeyUsage,
];

/** Throws `PKI_DER_MALFORMED` or `PKI_LIMIT_EXCEEDED`. */
export function readPathCertificate(der: Uint8Array): PathCertificate {
  const parts = splitCertificate(der);
  const extensions = indexOnce(listExtensions(parts.extensions));
  const read = <T>(oid: string, parse: (value: Uint8Array) => T): T | undefined => {
    const found = extensions.get(oid);
    return found === undefined ? undefined : parse(found.value);
  };
  const validity = new DerReader(parts.validity);
  const notBefore = new Date(decodeTime(validity.next()));
  const notAfter = new Date(decodeTime(validity.next()));
  validity.end();
  return {
    ...{ der, parts, notBefore, notAfter },
    subject: formatName(parts.subject),
    foldedSubject: comparable(parts.subject),
    foldedIssuer: comparable(parts.issuer),
    constraints: read(extensionOid.basicConstraints, readBasicConstraints),
    keyUsage: read(extensionOid.keyUsage, readKeyUsage),
    purposes: read(extensionOid.extendedKeyUsage, readExtendedKeyUsage),
    names: read(extensionOid.subjectAltName, readSubjectAltName) ?? [],
    nameConstraints: read(extensionOid.nameConstraints, readNameConstraints),
    subjectKeyId: read(extensionOid.subjectKeyId, readSubjectKeyId),
    authorityKeyId: read(extensionOid.authorityKeyId, readAuthorityKeyId),
    unknownCritical: [...extensions.values()]
      .filter(({ oid, isCritical }) => isCritical && !understood.includes(oid))
      .map(({ oid }) => oid),
  };
}

function comparable(name: Uint8Array): string {
  const folded = foldName(name);
  if (folded === undefined) throw derMalformed('a name with too many attributes to be compared');
  return hex(folded);
}

function indexOnce(extensions: readonly Extension[]): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>();
  for (const extension of extensions) {
    // Two readers may take different ones, so neither counts (RFC 5280 section 4.2).
    if (found.has(extension.oid)) throw derMalformed('an extension appears twice');
    found.set(extension.oid, extension);
  }
  return found;
}

export const isSelfIssued = ({ foldedSubject, foldedIssuer }: PathCertificate): boolean =>
  foldedSubject === foldedIssuer;
