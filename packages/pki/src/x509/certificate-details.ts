import { derMalformed, latin1 } from '../der/reader.ts';
import { PkiError } from '../errors.ts';
import { formatName } from '../names/distinguished-name.ts';
import { formatAddress } from '../names/format-address.ts';
import type { GeneralName } from '../names/general-names.ts';
import { splitCertificate } from './certificate.ts';
import { extensionOid } from './extension-names.ts';
import {
  type AuthorityAccess,
  type Extension,
  listFoundExtensions,
  type NameConstraints,
  readAuthorityAccess,
  readAuthorityKeyId,
  readBasicConstraints,
  readDistributionPoints,
  readExtendedKeyUsage,
  readKeyUsage,
  readNameConstraints,
  readSubjectAltName,
  readSubjectKeyId,
} from './extension-values.ts';

/** What the extensions of a certificate say (RFC 5280 section 4.2). Absent and broken are different things here. */
export interface CertificateDetails {
  readonly names: SubjectNames;
  /** `cA` of the basic constraints; null when there are none, which means "no" from version 3 on. */
  readonly isAuthority: boolean | null;
  readonly pathLengthMax: number | null;
  /** As RFC 5280 spells them; null when the extension is absent: every use is allowed then. */
  readonly keyUsage: readonly string[] | null;
  /** Names (`serverAuth`), else dotted OIDs; null when absent. */
  readonly extendedKeyUsage: readonly string[] | null;
  /** Lower hex. */
  readonly subjectKeyId: string | null;
  readonly authorityKeyId: string | null;
  readonly nameConstraints: NameConstraints | null;
  /** Where revocation lists, issuers and responders lie. Nothing here ever asks there. */
  readonly revocationLists: readonly string[];
  readonly authorityAccess: AuthorityAccess | null;
  /** OIDs of the critical extensions. */
  readonly critical: readonly string[];
  /** Extensions that could not be read, each with the reason. What they would say is unknown, not absent. */
  readonly problems: readonly { readonly oid: string; readonly reason: string }[];
}

export interface SubjectNames {
  readonly dns: readonly string[];
  /** In text form. */
  readonly addresses: readonly string[];
  readonly emails: readonly string[];
  readonly uris: readonly string[];
  /** RFC 4514. */
  readonly directories: readonly string[];
  /** Names of other kinds: how many. */
  readonly others: number;
}

const noNames: SubjectNames = { dns: [], addresses: [], emails: [], uris: [], directories: [], others: 0 };

/**
 * Reads the extensions of one certificate in DER. A broken extension is listed in `problems` and stops nothing.
 * Throws `PKI_DER_MALFORMED` or `PKI_LIMIT_EXCEEDED` when the certificate itself cannot be read.
 */
export function readCertificateDetails(der: Uint8Array): CertificateDetails {
  return detailsOf(listFoundExtensions(splitCertificate(der).extensions));
}

/** The same from extensions that were listed before: a request's, for example. */
export function detailsOf(extensions: readonly Extension[]): CertificateDetails {
  const problems: { oid: string; reason: string }[] = [];
  const found = new Map<string, Uint8Array>();
  for (const { oid, value, problem } of extensions) {
    if (problem !== undefined) problems.push({ oid, reason: problem });
    // The first one counts, as it does for most verifiers; that there are two is worth knowing.
    if (found.has(oid)) problems.push({ oid, reason: 'The extension appears twice.' });
    else found.set(oid, value);
  }
  const read = <T>(oid: string, parse: (value: Uint8Array) => T): T | null => {
    const value = found.get(oid);
    if (value === undefined) return null;
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      problems.push({ oid, reason: error.message });
      return null;
    }
  };
  const constraints = read(extensionOid.basicConstraints, readBasicConstraints);
  return {
    names: read(extensionOid.subjectAltName, (value) => groupNames(readSubjectAltName(value))) ?? noNames,
    isAuthority: constraints?.isAuthority ?? null,
    pathLengthMax: constraints?.pathLengthMax ?? null,
    keyUsage: read(extensionOid.keyUsage, readKeyUsage),
    extendedKeyUsage: read(extensionOid.extendedKeyUsage, readExtendedKeyUsage),
    subjectKeyId: read(extensionOid.subjectKeyId, readSubjectKeyId),
    authorityKeyId: read(extensionOid.authorityKeyId, readAuthorityKeyId),
    nameConstraints: read(extensionOid.nameConstraints, readNameConstraints),
    revocationLists: read(extensionOid.distributionPoints, readDistributionPoints) ?? [],
    authorityAccess: read(extensionOid.authorityAccess, readAuthorityAccess),
    critical: extensions.filter(({ isCritical }) => isCritical).map(({ oid }) => oid),
    problems,
  };
}

/** In text form by kind. Throws `PKI_DER_MALFORMED`. */
export function groupNames(names: readonly GeneralName[]): SubjectNames {
  const groups = { dns: [], addresses: [], emails: [], uris: [], directories: [] } as Record<
    Exclude<keyof SubjectNames, 'others'>,
    string[]
  >;
  let others = 0;
  for (const { kind, content } of names) {
    if (kind === 'dns') groups.dns.push(latin1(content));
    else if (kind === 'email') groups.emails.push(latin1(content));
    else if (kind === 'uri') groups.uris.push(latin1(content));
    else if (kind === 'directory') groups.directories.push(formatName(content));
    else if (kind === 'address') groups.addresses.push(readAddress(content));
    else others += 1;
  }
  return { ...groups, others };
}

function readAddress(content: Uint8Array): string {
  if (content.length !== 4 && content.length !== 16) throw derMalformed('an address of neither 4 nor 16 bytes');
  return formatAddress(content);
}
