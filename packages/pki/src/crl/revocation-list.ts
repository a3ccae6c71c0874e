import {
  type DerElement,
  DerReader,
  decodeTime,
  derMalformed,
  derTag,
  hex,
  readDer,
  wholeBytes,
} from '../der/reader.ts';
import { PkiError } from '../errors.ts';
import { formatName } from '../names/distinguished-name.ts';
import { extensionOid } from '../x509/extension-names.ts';
import { type Extension, listExtensions, readAuthorityKeyId } from '../x509/extension-values.ts';
import { readSignatureAlgorithm, type SignatureFacts } from '../x509/signature-algorithm.ts';

/** In the order of their numbers (RFC 5280 section 5.3.1); number 7 is unused. */
export const revocationReasons = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const;
export type RevocationReason = Exclude<(typeof revocationReasons)[number], undefined>;

export interface RevokedCertificate {
  /** Lower hex, without leading zero bytes. */
  readonly serialNumber: string;
  /** ISO 8601 UTC. */
  readonly revokedAt: string;
  readonly reason: RevocationReason | null;
}

/** What a revocation list says (RFC 5280 section 5). Nothing here says that its signature is valid. */
export interface RevocationList {
  /** RFC 4514. */
  readonly issuer: string;
  /** Content of the issuer's Name. */
  readonly issuerName: Uint8Array;
  readonly thisUpdate: string;
  readonly nextUpdate: string | null;
  readonly signature: SignatureFacts;
  /** Lower hex; null in a list of version 1. */
  readonly number: string | null;
  readonly authorityKeyId: string | null;
  /** OIDs of critical extensions that are not understood here: such a list must not be relied upon. */
  readonly unknownCritical: readonly string[];
  /**
   * Whether an entry means that its certificate is revoked, by this issuer. Not so in a list of changes (delta), in one
   * with entries of other issuers, and in one with critical extensions of unknown meaning. A distribution point limits
   * what a list is silent about, and nothing of what it says.
   */
  readonly hasPlainEntries: boolean;
  readonly entries: number;
  /** The entry of a serial number (lower hex); one pass over the list, nothing is kept of it. */
  find(serialNumber: string): RevokedCertificate | undefined;
  /** All entries, one after the other. */
  [Symbol.iterator](): Iterator<RevokedCertificate>;
  readonly signed: { readonly message: Uint8Array; readonly algorithm: Uint8Array; readonly signature: Uint8Array };
}

/** Lists grow with every mistake of an authority; a list over this size is not read, and the caller is told. */
export const revocationListLimits = { bytesMax: 16 * 1024 * 1024, entriesMax: 500_000 } as const;

// The number and the key say which list it is, and change nothing of its meaning.
const understood: readonly string[] = [extensionOid.crlNumber, extensionOid.authorityKeyId];

/** Reads a list in DER. Throws `PKI_DER_MALFORMED` or `PKI_LIMIT_EXCEEDED`; time and memory are linear in the input. */
export function parseRevocationList(der: Uint8Array): RevocationList {
  const { bytesMax } = revocationListLimits;
  const whole = new DerReader(der, { bytesMax });
  const outer = new DerReader(whole.expect(derTag.sequence).content, { bytesMax });
  whole.end();
  const part = outer.expect(derTag.sequence);
  const algorithm = outer.expect(derTag.sequence).content;
  const signature = wholeBytes(outer.expect(derTag.bitString).content);
  outer.end();
  const list = new DerReader(part.content, { bytesMax });
  list.optional(derTag.integer); // the version, which the extensions show as well
  const inner = list.expect(derTag.sequence).content;
  if (hex(inner) !== hex(algorithm)) throw derMalformed('two signature algorithms in one list');
  const issuerName = list.expect(derTag.sequence).content;
  const thisUpdate = decodeTime(list.next());
  const isTime = [derTag.utcTime, derTag.generalizedTime].some((tag) => tag === list.peekTag());
  const nextUpdate = isTime ? decodeTime(list.next()) : null;
  const revoked = list.optional(derTag.sequence)?.content ?? new Uint8Array(0);
  const extensions = list.optional(0xa0);
  list.end();
  const found = extensions === undefined ? [] : listExtensions(readDer(extensions.content, derTag.sequence).content);
  const { entries, unknownCritical, hasOtherIssuers } = survey(revoked);
  const unknown = [
    ...found.filter(({ oid, isCritical }) => isCritical && !understood.includes(oid)).map(({ oid }) => oid),
    ...unknownCritical,
  ];
  const isDelta = found.some(({ oid }) => oid === extensionOid.deltaCrl);
  return {
    issuer: formatName(issuerName),
    issuerName,
    thisUpdate,
    nextUpdate,
    signature: readSignatureAlgorithm(algorithm),
    number: extensionValue(found, extensionOid.crlNumber, (value) =>
      trimmedHex(readDer(value, derTag.integer).content),
    ),
    authorityKeyId: extensionValue(found, extensionOid.authorityKeyId, readAuthorityKeyId),
    unknownCritical: unknown,
    hasPlainEntries:
      !isDelta && !hasOtherIssuers && unknown.every((oid) => oid === extensionOid.issuingDistributionPoint),
    entries,
    find: (serialNumber) => {
      for (const entry of elementsOf(revoked)) if (serialOf(entry) === serialNumber) return readEntry(entry);
      return undefined;
    },
    *[Symbol.iterator]() {
      for (const entry of elementsOf(revoked)) yield readEntry(entry);
    },
    signed: { message: part.whole, algorithm, signature },
  };
}

function extensionValue<T>(extensions: readonly Extension[], oid: string, read: (value: Uint8Array) => T): T | null {
  const value = extensions.find((extension) => extension.oid === oid)?.value;
  return value === undefined ? null : read(value);
}

function* elementsOf(revoked: Uint8Array): Generator<DerElement, void, undefined> {
  const list = new DerReader(revoked, { bytesMax: revocationListLimits.bytesMax });
  while (!list.isDone) yield list.expect(derTag.sequence);
}

/** Reads each entry once, so that a broken one is found now and not in the middle of a check. */
function survey(revoked: Uint8Array): {
  readonly entries: number;
  readonly unknownCritical: readonly string[];
  readonly hasOtherIssuers: boolean;
} {
  let entries = 0;
  let hasOtherIssuers = false;
  const unknown = new Set<string>();
  for (const entry of elementsOf(revoked)) {
    entries += 1;
    if (entries > revocationListLimits.entriesMax) {
      throw new PkiError(
        'PKI_LIMIT_EXCEEDED',
        `A revocation list has at most ${revocationListLimits.entriesMax} entries.`,
      );
    }
    readEntry(entry);
    // An entry of another issuer (indirect lists) is critical, and not understood here.
    for (const { oid, isCritical } of entryExtensions(entry)) {
      if (oid === extensionOid.certificateIssuer) hasOtherIssuers = true;
      if (isCritical && oid !== extensionOid.crlReason && unknown.size < 16) unknown.add(oid);
    }
  }
  return { entries, unknownCritical: [...unknown], hasOtherIssuers };
}

function entryExtensions(entry: DerElement): readonly Extension[] {
  const fields = new DerReader(entry.content);
  fields.expect(derTag.integer);
  fields.next();
  const extensions = fields.optional(derTag.sequence);
  fields.end();
  return extensions === undefined ? [] : listExtensions(extensions.content);
}

const serialOf = (entry: DerElement): string => trimmedHex(new DerReader(entry.content).expect(derTag.integer).content);

function readEntry(entry: DerElement): RevokedCertificate {
  const fields = new DerReader(entry.content);
  const serialNumber = trimmedHex(fields.expect(derTag.integer).content);
  const revokedAt = decodeTime(fields.next());
  const reason = extensionValue(
    entryExtensions(entry),
    extensionOid.crlReason,
    (value) => readDer(value, 0x0a).content,
  );
  return { serialNumber, revokedAt, reason: reason === null ? null : reasonOf(reason) };
}

function reasonOf(content: Uint8Array): RevocationReason {
  const reason = content.length === 1 ? revocationReasons[content[0] ?? 7] : undefined;
  if (reason === undefined) throw derMalformed('a revocation reason of unknown number');
  return reason;
}

/** A number in lower hex without leading zero bytes: the form in which serial numbers are compared. */
export function trimmedHex(content: Uint8Array): string {
  const from = content.findIndex((byte) => byte !== 0);
  return from === -1 ? '00' : hex(content.subarray(from));
}
