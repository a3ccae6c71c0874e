import { type RevocationList, trimmedHex } from '../crl/revocation-list.ts';
import { hex } from '../der/reader.ts';
import { foldName } from '../names/write-name.ts';
import { checkSignature, type SignatureVerdict } from './check-signature.ts';
import { type PathCertificate, readPathCertificate } from './path-certificate.ts';
import { failure, type PathFailure } from './path-result.ts';

/** `when-listed` refuses what a list revokes; `required` refuses what no valid list speaks about as well. */
export type RevocationMode = 'when-listed' | 'required';

/** Looks certificates up in lists; the signature of a list is verified once for each key. */
export class RevocationChecker {
  readonly #lists: readonly { readonly list: RevocationList; readonly folded: string }[];
  readonly #at: Date;
  readonly #verdicts = new Map<RevocationList, Map<PathCertificate, Promise<SignatureVerdict>>>();

  constructor(lists: readonly RevocationList[], at: Date) {
    this.#lists = lists.map((list) => ({ list, folded: hex(foldName(list.issuerName)) }));
    this.#at = at;
  }

  /** `good` when a valid list of the issuer does not name the certificate; a failure says why not, or that none is there. */
  async check(certificate: PathCertificate, issuer: PathCertificate): Promise<'good' | PathFailure> {
    const serial = trimmedHex(certificate.parts.serialNumber);
    let unusable = 'no revocation list of its issuer was given';
    let isGood = false;
    for (const { list, folded } of this.#lists) {
      if (folded !== certificate.foldedIssuer) continue;
      const reason = await this.#problemOf(list, issuer);
      if (reason !== undefined) {
        unusable = reason;
        continue;
      }
      const entry = list.find(serial);
      // Revoked by one valid list is revoked, whatever others say; the pair below is a list of changes, refused before.
      if (entry !== undefined && entry.reason !== 'removeFromCRL') {
        const why = entry.reason === null ? '' : ` (${entry.reason})`;
        return failure('revoked', `It was revoked at ${entry.revokedAt}${why}.`, certificate);
      }
      isGood = true;
    }
    return isGood
      ? 'good'
      : failure('revocation-unknown', `Whether it was revoked is not known: ${unusable}.`, certificate);
  }

  async #problemOf(list: RevocationList, issuer: PathCertificate): Promise<string | undefined> {
    if (list.unknownCritical.length > 0) return `the list has the critical extension ${list.unknownCritical[0]}`;
    if (new Date(list.thisUpdate) > this.#at) return 'the list is from later';
    if (list.nextUpdate === null || new Date(list.nextUpdate) < this.#at) return 'the list is out of date';
    if (issuer.keyUsage !== undefined && !issuer.keyUsage.includes('cRLSign')) return 'its issuer may not sign lists';
    const verdict = await this.#verdict(list, issuer);
    return verdict === 'genuine' ? undefined : `the signature of the list is ${verdict}`;
  }

  #verdict(list: RevocationList, issuer: PathCertificate): Promise<SignatureVerdict> {
    const known = this.#verdicts.get(list) ?? new Map<PathCertificate, Promise<SignatureVerdict>>();
    this.#verdicts.set(list, known);
    const verdict = known.get(issuer) ?? checkSignature({ publicKey: issuer.parts.publicKey, ...list.signed });
    known.set(issuer, verdict);
    return verdict;
  }
}

/** Whether the authority of this certificate, in DER, signed the list. Throws `PKI_DER_MALFORMED`. */
export async function checkRevocationList(list: RevocationList, authority: Uint8Array): Promise<SignatureVerdict> {
  const { parts, foldedSubject } = readPathCertificate(authority);
  if (hex(foldName(list.issuerName)) !== foldedSubject) return 'forged';
  return checkSignature({ publicKey: parts.publicKey, ...list.signed });
}
