import { derMalformed, latin1 } from '../der/reader.ts';
import { PkiError } from '../errors.ts';
import { parseAddress } from '../names/address.ts';
import type { GeneralName } from '../names/general-names.ts';
import { splitCertificate } from './certificate.ts';
import { extensionOid } from './extension-names.ts';
import { listExtensions, readBasicConstraints, readSubjectAltName } from './extension-values.ts';

/** The extensions (RFC 5280 section 4.2) that say for which names a certificate stands and whether it may issue others. */
export interface CertificateExtensions {
  /** Names of the subjectAltName that a client compares; both lists empty when it has none. */
  readonly names: CertificateNames;
  /** `cA` of the basic constraints; false when they are absent. */
  readonly isAuthority: boolean;
}

export interface CertificateNames {
  readonly dns: readonly string[];
  /** 4 or 16 bytes each. */
  readonly addresses: readonly Uint8Array[];
}

/**
 * Reads the extensions of a certificate that `parseCertificate` accepts. Undefined when they are broken: what they would
 * say is then unknown, and no rule may take it for an absence.
 */
export function readCertificateExtensions(der: Uint8Array): CertificateExtensions | undefined {
  try {
    const found = indexExtensions(der);
    const names = found.get(extensionOid.subjectAltName);
    const constraints = found.get(extensionOid.basicConstraints);
    return {
      names: comparedNames(names === undefined ? [] : readSubjectAltName(names)),
      isAuthority: constraints !== undefined && readBasicConstraints(constraints).isAuthority,
    };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return undefined;
  }
}

function indexExtensions(der: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const { oid, value } of listExtensions(splitCertificate(der).extensions)) {
    if (found.has(oid)) throw derMalformed('an extension appears twice');
    found.set(oid, value);
  }
  return found;
}

function comparedNames(names: readonly GeneralName[]): CertificateNames {
  return {
    dns: names.filter(({ kind }) => kind === 'dns').map(({ content }) => printable(latin1(content))),
    addresses: names.filter(({ kind }) => kind === 'address').map(({ content }) => content),
  };
}

/** A DNS name is ASCII (RFC 5280 section 4.2.1.6); other bytes are shown in hex, and no host has such a name. */
const printable = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

/**
 * Whether a certificate with these names stands for `host` (RFC 9525, RFC 6125). A host name matches without regard to
 * case, a wildcard stands for exactly the leftmost label, an address matches an address only. The common name is not
 * looked at: clients have ignored it for years.
 */
export function namesMatchHost(names: CertificateNames, host: string): boolean {
  const address = parseAddress(host);
  if (address !== undefined) {
    return names.addresses.some(
      (candidate) => candidate.length === address.length && candidate.every((byte, index) => byte === address[index]),
    );
  }
  const wanted = canonicalName(host);
  return names.dns.some((name) => nameMatches(canonicalName(name), wanted));
}

function nameMatches(pattern: string, wanted: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === wanted;
  const [, ...rest] = wanted.split('.');
  // "*.org" would stand for half the world; clients refuse it, and so does this.
  return rest.length >= 2 && rest.join('.') === pattern.slice(2);
}

function canonicalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
