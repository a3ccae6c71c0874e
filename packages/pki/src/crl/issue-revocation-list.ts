import { enumerated, explicit, joinBytes, octetString, oid, sequence, time, unsignedInteger } from '../der/writer.ts';
import { PkiError } from '../errors.ts';
import { type Authority, notPermitted, readAuthority } from '../issue/authority.ts';
import { authorityKeyId } from '../issue/extensions.ts';
import { signWhole } from '../issue/signed.ts';
import { extensionOid } from '../x509/extension-names.ts';
import { signatureIdentifier } from '../x509/signing-algorithms.ts';
import {
  type RevocationReason,
  type RevokedCertificate,
  revocationListLimits,
  revocationReasons,
} from './revocation-list.ts';

export interface RevocationListInput {
  readonly authority: Authority;
  /** Grows by at least one with every list of the authority. */
  readonly number: bigint;
  readonly thisUpdate: Date;
  /** By then the next list must be out: who checks later finds no valid list. */
  readonly nextUpdate: Date;
  readonly revoked: readonly RevokedCertificate[];
}

/** RFC 5280 section 5.2.3. */
const numberMax = 2n ** 159n - 1n;

/**
 * A complete revocation list of version 2 in DER. Throws `PKI_INPUT_INVALID`, `PKI_NOT_PERMITTED`, `PKI_SIGNER_MISMATCH`,
 * `PKI_SIGNATURE_INVALID`, and what the signer throws.
 */
export async function issueRevocationList({
  authority,
  number,
  thisUpdate,
  nextUpdate,
  revoked,
}: RevocationListInput): Promise<Uint8Array> {
  const facts = readAuthority(authority);
  if (!facts.canSignLists) throw notPermitted('its certificate does not allow its key to sign revocation lists');
  if (number < 0n || number > numberMax) throw unfit('The number of a revocation list has at most 20 bytes.');
  if (!(nextUpdate > thisUpdate)) throw unfit('The next revocation list comes after this one.');
  if (revoked.length > revocationListLimits.entriesMax) {
    throw unfit(`A revocation list has at most ${revocationListLimits.entriesMax} entries.`);
  }
  const serials = new Set(revoked.map(({ serialNumber }) => serialNumber));
  if (serials.size < revoked.length) throw unfit('A certificate is revoked once.');
  const entries = revoked.map((entry) => writeEntry(entry, thisUpdate));
  const part = sequence(
    unsignedInteger(1), // version 2
    signatureIdentifier(authority.signer.algorithm),
    sequence(facts.subject),
    time(thisUpdate),
    time(nextUpdate),
    // An empty list is left out (section 5.1.2.6).
    ...(entries.length === 0 ? [] : [sequence(joinBytes(entries))]),
    explicit(
      0,
      sequence(
        authorityKeyId(facts.keyId),
        sequence(oid(extensionOid.crlNumber), octetString(unsignedInteger(number))),
      ),
    ),
  );
  return signWhole(part, authority.signer);
}

function writeEntry({ serialNumber, revokedAt, reason }: RevokedCertificate, thisUpdate: Date): Uint8Array {
  if (!/^(?:[0-9a-f]{2}){1,21}$/.test(serialNumber)) throw unfit('A serial number is 1 to 21 bytes in lower hex.');
  const at = new Date(revokedAt);
  if (at > thisUpdate) throw unfit('A list does not say what will be revoked later.');
  const serial = Uint8Array.from(serialNumber.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  // "unspecified" is said by saying nothing (section 5.3.1).
  const shown = reason === null || reason === 'unspecified' ? [] : [sequence(reasonExtension(reason))];
  return sequence(unsignedInteger(serial), time(at), ...shown);
}

function reasonExtension(reason: RevocationReason): Uint8Array {
  return sequence(oid(extensionOid.crlReason), octetString(enumerated(revocationReasons.indexOf(reason))));
}

const unfit = (message: string): PkiError => new PkiError('PKI_INPUT_INVALID', message);
