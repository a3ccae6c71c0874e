import { DerReader, decodeOid, derMalformed, derTag, hex, latin1, readDer, smallInteger } from '../der/reader.ts';
import { PkiError } from '../errors.ts';
import { formatName } from '../names/distinguished-name.ts';
import { formatAddress } from '../names/format-address.ts';
import { splitCertificate } from './certificate.ts';
import { extendedKeyUsageName, extensionOid, keyUsageNames } from './extension-names.ts';

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

export const detailLimits = { extensionsMax: 128, namesMax: 20_000, usagesMax: 128 } as const;

const nameTag = { email: 0x81, dns: 0x82, directory: 0xa4, uri: 0x86, address: 0x87 } as const;
const noNames: SubjectNames = { dns: [], addresses: [], emails: [], uris: [], directories: [], others: 0 };

/**
 * Reads the extensions of one certificate in DER. A broken extension is listed in `problems` and stops nothing.
 * Throws `PKI_DER_MALFORMED` or `PKI_LIMIT_EXCEEDED` when the certificate itself cannot be read.
 */
export function readCertificateDetails(der: Uint8Array): CertificateDetails {
  const problems: { oid: string; reason: string }[] = [];
  const found = new Map<string, Uint8Array>();
  for (const { oid, value } of listExtensions(splitCertificate(der).extensions)) {
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
    names: read(extensionOid.subjectAltName, readNames) ?? noNames,
    isAuthority: constraints?.isAuthority ?? null,
    pathLengthMax: constraints?.pathLengthMax ?? null,
    keyUsage: read(extensionOid.keyUsage, readKeyUsage),
    extendedKeyUsage: read(extensionOid.extendedKeyUsage, readExtendedKeyUsage),
    subjectKeyId: read(extensionOid.subjectKeyId, (value) => hex(readDer(value, derTag.octetString).content)),
    authorityKeyId: read(extensionOid.authorityKeyId, readAuthorityKeyId),
    problems,
  };
}

/** The extensions of a list's content in their order, repeated ones included. Throws `PKI_DER_MALFORMED`. */
export function listExtensions(content: Uint8Array | undefined): readonly { oid: string; value: Uint8Array }[] {
  const list = new DerReader(content ?? new Uint8Array(0));
  const found: { oid: string; value: Uint8Array }[] = [];
  while (!list.isDone) {
    if (found.length === detailLimits.extensionsMax) throw derMalformed('too many extensions');
    const extension = new DerReader(list.expect(derTag.sequence).content);
    const oid = decodeOid(extension.expect(derTag.oid).content);
    extension.optional(derTag.boolean); // critical
    found.push({ oid, value: extension.expect(derTag.octetString).content });
    extension.end();
  }
  return found;
}

function readNames(value: Uint8Array): SubjectNames {
  const list = new DerReader(readDer(value, derTag.sequence).content);
  const names = { dns: [], addresses: [], emails: [], uris: [], directories: [] } as Record<
    Exclude<keyof SubjectNames, 'others'>,
    string[]
  >;
  let others = 0;
  for (let count = 0; !list.isDone; count++) {
    if (count === detailLimits.namesMax) throw derMalformed(`more than ${detailLimits.namesMax} names`);
    const { tag, content } = list.next();
    if (tag === nameTag.dns) names.dns.push(latin1(content));
    else if (tag === nameTag.email) names.emails.push(latin1(content));
    else if (tag === nameTag.uri) names.uris.push(latin1(content));
    else if (tag === nameTag.directory) names.directories.push(formatName(readDer(content, derTag.sequence).content));
    else if (tag === nameTag.address) names.addresses.push(readAddress(content));
    else others += 1;
  }
  return { ...names, others };
}

function readAddress(content: Uint8Array): string {
  if (content.length !== 4 && content.length !== 16) throw derMalformed('an address of neither 4 nor 16 bytes');
  return formatAddress(content);
}

function readBasicConstraints(value: Uint8Array): { isAuthority: boolean; pathLengthMax: number | null } {
  const constraints = new DerReader(readDer(value, derTag.sequence).content);
  const flag = constraints.optional(derTag.boolean);
  const length = constraints.optional(derTag.integer);
  constraints.end();
  return {
    isAuthority: flag !== undefined && flag.content[0] !== 0,
    pathLengthMax: length === undefined ? null : smallInteger(length.content),
  };
}

function readKeyUsage(value: Uint8Array): string[] {
  const [, ...bytes] = readDer(value, derTag.bitString).content;
  // Bit 0 is the highest of the first byte.
  return keyUsageNames.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

function readExtendedKeyUsage(value: Uint8Array): string[] {
  const list = new DerReader(readDer(value, derTag.sequence).content);
  const usages: string[] = [];
  while (!list.isDone) {
    if (usages.length === detailLimits.usagesMax) throw derMalformed('too many usages');
    usages.push(extendedKeyUsageName(decodeOid(list.expect(derTag.oid).content)));
  }
  return usages;
}

function readAuthorityKeyId(value: Uint8Array): string | null {
  const fields = new DerReader(readDer(value, derTag.sequence).content);
  const id = fields.optional(0x80);
  return id === undefined ? null : hex(id.content);
}
