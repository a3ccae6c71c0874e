/**
 * Reads the values of extensions (RFC 5280 section 4.2), each from the DER inside its OCTET STRING. All throw
 * `PKI_DER_MALFORMED`; whoever lists what it finds in the wild catches that, and whoever relies on an extension does not.
 */
import { DerReader, decodeOid, derMalformed, derTag, hex, latin1, readDer, smallInteger } from '../der/reader.ts';
import type { PkiError } from '../errors.ts';
import { type GeneralName, readGeneralName, readGeneralNames } from '../names/general-names.ts';
import { extendedKeyUsageName, keyUsageNames } from './extension-names.ts';

export interface Extension {
  readonly oid: string;
  readonly isCritical: boolean;
  /** The DER inside its OCTET STRING. */
  readonly value: Uint8Array;
  /** Why it is not sound though it can be read; only {@link listFoundExtensions} gives such ones. */
  readonly problem?: string;
}

export const extensionLimits = {
  extensionsMax: 128,
  usagesMax: 128,
  constraintsMax: 10_000,
  locationsMax: 128,
} as const;

/** The extensions of a list's content in their order, repeated ones included. Throws `PKI_DER_MALFORMED`. */
export function listExtensions(content: Uint8Array | undefined): readonly Extension[] {
  const found = listFoundExtensions(content);
  if (found.some(({ problem }) => problem !== undefined)) throw brokenBoolean();
  return found;
}

/** The same for an inventory, which shows an extension whose criticality is not written as DER demands. */
export function listFoundExtensions(content: Uint8Array | undefined): readonly Extension[] {
  const list = new DerReader(content ?? new Uint8Array(0));
  const found: Extension[] = [];
  while (!list.isDone) {
    if (found.length === extensionLimits.extensionsMax) throw derMalformed('too many extensions');
    const extension = new DerReader(list.expect(derTag.sequence).content);
    const oid = decodeOid(extension.expect(derTag.oid).content);
    const critical = extension.optional(derTag.boolean);
    const flag = critical === undefined ? false : readBoolean(critical.content);
    found.push({
      oid,
      // To take one of unknown criticality for critical errs on the safe side.
      isCritical: flag ?? true,
      value: extension.expect(derTag.octetString).content,
      ...(flag === undefined ? { problem: brokenBoolean().message } : {}),
    });
    extension.end();
  }
  return found;
}

/** X.690 section 11.1: one byte, 00 or FF. Undefined for others: readers differ on them, so they mean nothing. */
function readBoolean(content: Uint8Array): boolean | undefined {
  if (content.length !== 1) return undefined;
  return content[0] === 0xff ? true : content[0] === 0 ? false : undefined;
}

const brokenBoolean = (): PkiError => derMalformed('a BOOLEAN that is not one byte of 00 or FF');

export function readSubjectAltName(value: Uint8Array): readonly GeneralName[] {
  return readGeneralNames(readDer(value, derTag.sequence).content);
}

export interface BasicConstraints {
  readonly isAuthority: boolean;
  readonly pathLengthMax: number | null;
}

export function readBasicConstraints(value: Uint8Array): BasicConstraints {
  const constraints = new DerReader(readDer(value, derTag.sequence).content);
  const flag = constraints.optional(derTag.boolean);
  const length = constraints.optional(derTag.integer);
  constraints.end();
  const isAuthority = flag === undefined ? false : readBoolean(flag.content);
  if (isAuthority === undefined) throw brokenBoolean();
  return {
    isAuthority,
    pathLengthMax: length === undefined ? null : smallInteger(length.content),
  };
}

/** As RFC 5280 spells them. */
export function readKeyUsage(value: Uint8Array): readonly string[] {
  const [, ...bytes] = readDer(value, derTag.bitString).content;
  // Bit 0 is the highest of the first byte.
  return keyUsageNames.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

/** Names (`serverAuth`), else dotted OIDs. */
export function readExtendedKeyUsage(value: Uint8Array): readonly string[] {
  const list = new DerReader(readDer(value, derTag.sequence).content);
  const usages: string[] = [];
  while (!list.isDone) {
    if (usages.length === extensionLimits.usagesMax) throw derMalformed('too many usages');
    usages.push(extendedKeyUsageName(decodeOid(list.expect(derTag.oid).content)));
  }
  return usages;
}

/** Lower hex. */
export function readSubjectKeyId(value: Uint8Array): string {
  return hex(readDer(value, derTag.octetString).content);
}

/** Lower hex; null when the issuer is named in another way. */
export function readAuthorityKeyId(value: Uint8Array): string | null {
  const fields = new DerReader(readDer(value, derTag.sequence).content);
  const id = fields.optional(0x80);
  return id === undefined ? null : hex(id.content);
}

export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

export function readNameConstraints(value: Uint8Array): NameConstraints {
  const fields = new DerReader(readDer(value, derTag.sequence).content);
  const permitted = fields.optional(0xa0);
  const excluded = fields.optional(0xa1);
  fields.end();
  return {
    permitted: permitted === undefined ? [] : readSubtrees(permitted.content),
    excluded: excluded === undefined ? [] : readSubtrees(excluded.content),
  };
}

function readSubtrees(content: Uint8Array): readonly GeneralName[] {
  const list = new DerReader(content);
  const names: GeneralName[] = [];
  while (!list.isDone) {
    if (names.length === extensionLimits.constraintsMax) throw derMalformed('too many name constraints');
    const subtree = new DerReader(list.expect(derTag.sequence).content);
    names.push(readGeneralName(subtree.next()));
    // "minimum" is 0, which DER leaves out, and "maximum" is absent (RFC 5280 section 4.2.1.10).
    subtree.end();
  }
  return names;
}

/** The URIs at which revocation lists lie; other locations are passed over. */
export function readDistributionPoints(value: Uint8Array): readonly string[] {
  const list = new DerReader(readDer(value, derTag.sequence).content);
  const uris: string[] = [];
  for (let count = 0; !list.isDone; count++) {
    if (count === extensionLimits.locationsMax) throw derMalformed('too many distribution points');
    const point = new DerReader(list.expect(derTag.sequence).content);
    const name = point.optional(0xa0);
    const full = name === undefined ? undefined : new DerReader(name.content).optional(0xa0);
    if (full !== undefined) uris.push(...urisOf(readGeneralNames(full.content)));
  }
  return uris;
}

export interface AuthorityAccess {
  readonly ocsp: readonly string[];
  readonly issuers: readonly string[];
}

const accessOid = { ocsp: '1.3.6.1.5.5.7.48.1', issuers: '1.3.6.1.5.5.7.48.2' } as const;

export function readAuthorityAccess(value: Uint8Array): AuthorityAccess {
  const list = new DerReader(readDer(value, derTag.sequence).content);
  const found: { ocsp: string[]; issuers: string[] } = { ocsp: [], issuers: [] };
  for (let count = 0; !list.isDone; count++) {
    if (count === extensionLimits.locationsMax) throw derMalformed('too many access descriptions');
    const description = new DerReader(list.expect(derTag.sequence).content);
    const method = decodeOid(description.expect(derTag.oid).content);
    const uris = urisOf([readGeneralName(description.next())]);
    if (method === accessOid.ocsp) found.ocsp.push(...uris);
    if (method === accessOid.issuers) found.issuers.push(...uris);
  }
  return found;
}

const urisOf = (names: readonly GeneralName[]): string[] =>
  names.filter(({ kind }) => kind === 'uri').map(({ content }) => latin1(content));
