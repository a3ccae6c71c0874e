import type { RevocationList } from '../crl/revocation-list.ts';
import { PkiError } from '../errors.ts';
import { sameBytes } from '../names/write-name.ts';
import { checkIssuer, checkRules, type PathQuestion } from './check-path.ts';
import { RevocationChecker, type RevocationMode } from './check-revocation.ts';
import type { PathPurpose } from './check-use.ts';
import { type PathCertificate, readPathCertificate } from './path-certificate.ts';
import { failure, type PathFailure, type PathResult } from './path-result.ts';

export interface PathInput {
  /** The certificate that is asked about, in DER. */
  readonly certificate: Uint8Array;
  /** Certificates that may stand between, in any order; what cannot be read among them is passed over. */
  readonly intermediates?: readonly Uint8Array[];
  /** Trusted certificates; where a path ends. Throws when one of them cannot be read: that is the caller's fault. */
  readonly anchors: readonly Uint8Array[];
  readonly at: Date;
  readonly purpose?: PathPurpose;
  /** A DNS name or an address that the certificate must stand for. */
  readonly host?: string;
  readonly revocation?: { readonly lists: readonly RevocationList[]; readonly mode: RevocationMode };
}

export const pathLimits = {
  /** Certificates of one path, both ends included. */
  lengthMax: 10,
  intermediatesMax: 1_000,
  /** Hostile sets of certificates have paths without number; each signature is checked once, and so many at most. */
  signaturesMax: 100,
  stepsMax: 10_000,
} as const;

/**
 * Builds a path from a certificate to a trusted one and checks it (RFC 5280 section 6): signatures, dates, basic
 * constraints, path length, key usage, purposes, name constraints, critical extensions, and revocation by the lists that
 * are given. Policies are not processed: any is accepted, and critical constraints on them are refused. Nothing is fetched.
 * A chain that does not hold is an answer, with the problem of the path that came furthest. Throws
 * `PKI_DER_MALFORMED` and `PKI_LIMIT_EXCEEDED` for anchors that cannot be read.
 */
export async function validatePath(input: PathInput): Promise<PathResult> {
  const anchors = input.anchors.map(readPathCertificate);
  const leaf = readable(input.certificate);
  if (leaf === undefined) return failure('malformed', 'The certificate cannot be read.', null);
  const { intermediates = [] } = input;
  if (intermediates.length > pathLimits.intermediatesMax) {
    return failure(
      'too-complex',
      `There are more than ${pathLimits.intermediatesMax} certificates to choose from.`,
      null,
    );
  }
  const between = intermediates.map(readable).filter((found) => found !== undefined);
  return new PathSearch(input, anchors, between).run(leaf);
}

function readable(der: Uint8Array): PathCertificate | undefined {
  try {
    return readPathCertificate(der);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return undefined;
  }
}

const noList = (certificate: PathCertificate): PathFailure =>
  failure(
    'revocation-unknown',
    'Whether it was revoked is not known: no revocation list of its issuer was given.',
    certificate,
  );

class PathSearch {
  readonly #question: PathQuestion;
  readonly #anchors: readonly PathCertificate[];
  readonly #between: readonly PathCertificate[];
  readonly #mode: RevocationMode | undefined;
  readonly #revocation: RevocationChecker;
  readonly #signatures = new Map<PathCertificate, Map<PathCertificate, PathFailure | undefined>>();
  #signaturesLeft: number = pathLimits.signaturesMax;
  #stepsLeft: number = pathLimits.stepsMax;
  /** The failure of the longest path so far. */
  #best: { readonly length: number; readonly failure: PathFailure } | undefined;

  constructor(input: PathInput, anchors: readonly PathCertificate[], between: readonly PathCertificate[]) {
    this.#question = { at: input.at, purpose: input.purpose, host: input.host };
    this.#anchors = anchors;
    this.#between = between;
    this.#mode = input.revocation?.mode;
    this.#revocation = new RevocationChecker(input.revocation?.lists ?? [], input.at);
  }

  async run(leaf: PathCertificate): Promise<PathResult> {
    try {
      const found = await this.#extend([leaf]);
      return found ?? this.#best?.failure ?? this.#untrusted(leaf);
    } catch (error) {
      if (!(error instanceof PkiError) || error.code !== 'PKI_LIMIT_EXCEEDED') throw error;
      return failure('too-complex', error.message, leaf);
    }
  }

  #untrusted(leaf: PathCertificate): PathFailure {
    return failure('untrusted', 'No path leads to a trusted certificate.', leaf);
  }

  /** Extends a path of genuine signatures by one certificate, trusted ones first. */
  async #extend(path: readonly PathCertificate[]): Promise<PathResult | undefined> {
    const last = path.at(-1);
    if (last === undefined) return undefined;
    this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0) throw new PkiError('PKI_LIMIT_EXCEEDED', 'There are too many ways to build the chain.');
    if (this.#anchors.some((anchor) => sameBytes(anchor.der, last.der))) return this.#complete(path);
    if (path.length === pathLimits.lengthMax) return undefined;
    for (const issuer of this.#issuersOf(last, path)) {
      const forged = await this.#checkOnce(last, issuer);
      if (forged !== undefined) {
        this.#remember(path.length, forged);
        continue;
      }
      const longer = [...path, issuer];
      const found = this.#anchors.includes(issuer) ? await this.#complete(longer) : await this.#extend(longer);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  *#issuersOf(
    certificate: PathCertificate,
    path: readonly PathCertificate[],
  ): Generator<PathCertificate, void, undefined> {
    const hasName = ({ foldedSubject }: PathCertificate) => foldedSubject === certificate.foldedIssuer;
    const isNew = (candidate: PathCertificate) => !path.some(({ der }) => sameBytes(der, candidate.der));
    // The key identifier is a hint: those who fit it come first, the others are not left out.
    const fits = ({ subjectKeyId }: PathCertificate) =>
      subjectKeyId !== undefined && subjectKeyId === certificate.authorityKeyId;
    for (const list of [this.#anchors, this.#between]) {
      const named = list.filter((candidate) => hasName(candidate) && isNew(candidate));
      yield* named.filter(fits);
      yield* named.filter((candidate) => !fits(candidate));
    }
  }

  async #checkOnce(certificate: PathCertificate, issuer: PathCertificate): Promise<PathFailure | undefined> {
    const known = this.#signatures.get(certificate) ?? new Map<PathCertificate, PathFailure | undefined>();
    this.#signatures.set(certificate, known);
    if (known.has(issuer)) return known.get(issuer);
    this.#signaturesLeft -= 1;
    if (this.#signaturesLeft < 0) throw new PkiError('PKI_LIMIT_EXCEEDED', 'There are too many signatures to check.');
    const outcome = await this.#orMalformed(certificate, () => checkIssuer(certificate, issuer));
    known.set(issuer, outcome);
    return outcome;
  }

  async #complete(path: readonly PathCertificate[]): Promise<PathResult | undefined> {
    const broken = await this.#orMalformed(path[0], async () => checkRules(path, this.#question));
    if (broken !== undefined) return this.#remember(path.length, broken);
    let isRevocationChecked = this.#mode !== undefined;
    for (const [index, certificate] of path.entries()) {
      const issuer = path[index + 1];
      if (issuer === undefined || this.#mode === undefined) break;
      const state = await this.#revocation.check(certificate, issuer);
      if (state === 'good') continue;
      if (state !== 'no-list') return this.#remember(path.length, state);
      if (this.#mode === 'required') return this.#remember(path.length, noList(certificate));
      isRevocationChecked = false;
    }
    return { isValid: true, path: path.map(({ der }) => der), isRevocationChecked };
  }

  /** What cannot be read spoils its own path and no other. */
  async #orMalformed(
    about: PathCertificate | undefined,
    check: () => Promise<PathFailure | undefined>,
  ): Promise<PathFailure | undefined> {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof PkiError) || error.code !== 'PKI_DER_MALFORMED') throw error;
      return failure('malformed', error.message, about ?? null);
    }
  }

  #remember(length: number, problem: PathFailure): undefined {
    if (this.#best === undefined || length > this.#best.length) this.#best = { length, failure: problem };
  }
}
