import { type RevocationList, type RevokedCertificate, trimmedHex } from '../crl/revocation-list.ts';
import { hex } from '../der/reader.ts';
import { foldName } from '../names/write-name.ts';
import { checkSignature, type SignatureVerdict } from './check-signature.ts';
import { type PathCertificate, readPathCertificate } from './path-certificate.ts';
import { failure, type PathFailure } from './path-result.ts';

/**
 * Both refuse what a list revokes, and what only unusable lists of its issuer speak about; `required` refuses what no list
 * was given for as well.
 */
export type RevocationMode = 'when-listed' | 'required';

/** Looks certificates up in lists; the signature of a list is verified once for each key. */
export class RevocationChecker {
  readonly #lists: readonly { readonly list: RevocationList; readonly folded: string | undefined }[];
  readonly #at: Date;
  readonly #verdicts = new Map<RevocationList, Map<PathCertificate, Promise<SignatureVerdict>>>();

  constructor(lists: readonly RevocationList[], at: Date) {
    // A list whose issuer cannot be compared is of no certificate of a path: their names can be.
    this.#lists = lists.map((list) => ({ list, folded: foldedIssuerOf(list) }));
    this.#at = at;
  }

  /**
   * `good` when a current, complete list of the issuer does not name the certificate, `no-list` when none of the issuer was
   * given; a failure says that it is revoked, or why no list can be used. An old list, and one of a part, still proves what
   * it says: whoever is revoked stays so, and withholding the newer lists must not help (RFC 5280 section 5.3.1 lets
   * nothing but a hold be lifted).
   */
  async check(certificate: PathCertificate, issuer: PathCertificate): Promise<'good' | 'no-list' | PathFailure> {
    const serial = trimmedHex(certificate.parts.serialNumber);
    const unusable: string[] = [];
    let isGood = false;
    for (const { list, folded } of this.#lists) {
      if (folded !== certificate.foldedIssuer) continue;
      const verdict = await this.#verdict(list, issuer);
      const entry = verdict === 'genuine' && list.hasPlainEntries ? list.find(serial) : undefined;
      if (entry !== undefined && this.#isInForce(entry, list)) {
        const why = entry.reason === null ? '' : ` (${entry.reason})`;
        return failure('revoked', `It was revoked at ${entry.revokedAt}${why}.`, certificate);
      }
      const reason = verdict === 'genuine' ? this.#gapOf(list, issuer) : `the signature of the list is ${verdict}`;
      if (reason === undefined) isGood = true;
      else unusable.push(reason);
    }
    if (isGood) return 'good';
    if (unusable.length === 0) return 'no-list';
    const reasons = [...new Set(unusable)].join('; ');
    return failure('revocation-unknown', `Whether it was revoked is not known: ${reasons}.`, certificate);
  }

  /** Of a list from after the instant that is asked about, only what was revoked by then counts. */
  #isInForce({ reason, revokedAt }: RevokedCertificate, { thisUpdate }: RevocationList): boolean {
    if (reason === 'removeFromCRL') return false;
    return new Date(thisUpdate) <= this.#at || new Date(revokedAt) <= this.#at;
  }

  /** Why the silence of a genuine list says nothing. */
  #gapOf(list: RevocationList, issuer: PathCertificate): string | undefined {
    if (list.unknownCritical.length > 0) return `the list has the critical extension ${list.unknownCritical[0]}`;
    if (!list.hasPlainEntries) return 'the list is one of changes, or of several issuers';
    if (new Date(list.thisUpdate) > this.#at) return 'the list is from later';
    if (list.nextUpdate === null || new Date(list.nextUpdate) < this.#at) return 'the list is out of date';
    if (issuer.keyUsage !== undefined && !issuer.keyUsage.includes('cRLSign')) return 'its issuer may not sign lists';
    return undefined;
  }

  #verdict(list: RevocationList, issuer: PathCertificate): Promise<SignatureVerdict> {
    const known = this.#verdicts.get(list) ?? new Map<PathCertificate, Promise<SignatureVerdict>>();
    this.#verdicts.set(list, known);
    const verdict = known.get(issuer) ?? checkSignature({ publicKey: issuer.parts.publicKey, ...list.signed });
    known.set(issuer, verdict);
    return verdict;
  }
}

function foldedIssuerOf({ issuerName }: RevocationList): string | undefined {
  const folded = foldName(issuerName);
  return folded === undefined ? undefined : hex(folded);
}

/** Whether the authority of this certificate, in DER, signed the list. Throws `PKI_DER_MALFORMED`. */
export async function checkRevocationList(list: RevocationList, authority: Uint8Array): Promise<SignatureVerdict> {
  const { parts, foldedSubject } = readPathCertificate(authority);
  if (foldedIssuerOf(list) !== foldedSubject) return 'forged';
  return checkSignature({ publicKey: parts.publicKey, ...list.signed });
}
