import { randomBytes } from '@quantumvault/crypto';
import type { Signer } from '@quantumvault/ports';
import { derTag, readDer } from '../der/reader.ts';
import { explicit, sequence, time, unsignedInteger } from '../der/writer.ts';
import { PkiError } from '../errors.ts';
import { readGeneralName, type SubjectName, writeSubjectName } from '../names/general-names.ts';
import { writeName } from '../names/write-name.ts';
import { findForbiddenName } from '../verify/name-constraints.ts';
import { readPublicKey } from '../x509/public-key.ts';
import { signatureIdentifier } from '../x509/signing-algorithms.ts';
import { type Authority, type AuthorityFacts, notPermitted, readAuthority } from './authority.ts';
import * as write from './extensions.ts';
import { keyIdentifier } from './key-identifier.ts';
import { type CertificateProfile, type CertificateProfileName, certificateProfiles, keyUsagesFor } from './profiles.ts';
import { signWhole } from './signed.ts';

export interface Validity {
  /** Whole seconds; what is smaller is cut. */
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** What every certificate says, whoever issues it. */
export interface CertificateContent {
  /** RFC 4514: `CN=a.example,O=Example`. Empty when the alternative names say all. */
  readonly subject: string;
  readonly names?: readonly SubjectName[];
  readonly validity: Validity;
  /** Of authorities: how many authorities may stand below; undefined for any number. */
  readonly pathLengthMax?: number;
  readonly nameConstraints?: write.ConstrainedNames;
  /** URIs of revocation lists, of the issuer's certificate, of responders. */
  readonly revocationLists?: readonly string[];
  readonly issuerUris?: readonly string[];
  readonly ocspUris?: readonly string[];
}

export interface IssueInput extends CertificateContent {
  readonly authority: Authority;
  readonly profile: CertificateProfileName;
  /** SubjectPublicKeyInfo in DER. Whoever asks must have proved that it is theirs: see `issueFromRequest`. */
  readonly publicKey: Uint8Array;
}

/** The longest life that is issued: a mistake of a digit would otherwise outlive everyone who could repair it. */
const validityDaysMax = 36_525;
const dayMs = 86_400_000;
const namesMax = 1_000;
/** RFC 5280 section 4.1.2.2 allows 20 bytes; the first bits make the number positive and of one length. */
const serialBytes = 20;

/** A self-signed certificate of an authority. Throws `PKI_INPUT_INVALID`, `PKI_SIGNATURE_INVALID`, and the signer's errors. */
export async function issueRoot(content: CertificateContent & { readonly signer: Signer }): Promise<Uint8Array> {
  const { signer } = content;
  const subject = readDer(writeName(content.subject), derTag.sequence).content;
  const profile: CertificateProfile = { ...certificateProfiles.intermediate };
  const publicKey = readDer(signer.publicKey, derTag.sequence).content;
  return build({ content, profile, publicKey, issuer: { subject, keyId: keyIdentifier(publicKey) }, signer });
}

/**
 * A certificate that its own key has signed, for what is not an authority: to be served until one has answered. Throws
 * `PKI_INPUT_INVALID`, `PKI_SIGNATURE_INVALID`, and the signer's errors.
 */
export async function issueSelfSigned(
  content: CertificateContent & { readonly profile: 'server' | 'client' | 'peer'; readonly signer: Signer },
): Promise<Uint8Array> {
  const { signer } = content;
  const subject = readDer(writeName(content.subject), derTag.sequence).content;
  const publicKey = readDer(signer.publicKey, derTag.sequence).content;
  const profile = certificateProfiles[content.profile];
  return build({ content, profile, publicKey, issuer: { subject, keyId: keyIdentifier(publicKey) }, signer });
}

/**
 * A certificate from an authority. What the authority's own certificate does not allow is refused before anything is
 * signed: path length, names, purposes, a life beyond its own. What authorities above it do not allow shows only when the
 * chain is checked. Throws `PKI_NOT_PERMITTED`, `PKI_INPUT_INVALID`, `PKI_SIGNER_MISMATCH`, `PKI_SIGNATURE_INVALID`,
 * `PKI_DER_MALFORMED`, and the signer's errors.
 */
export async function issueCertificate(input: IssueInput): Promise<Uint8Array> {
  const { authority } = input;
  const profile = certificateProfiles[input.profile];
  const facts = readAuthority(authority);
  checkAllowed(facts, profile, input);
  const publicKey = readDer(input.publicKey, derTag.sequence).content;
  const pathLengthMax = profile.isAuthority ? pathLength(facts, input.pathLengthMax) : undefined;
  const content = { ...input, ...(pathLengthMax === undefined ? {} : { pathLengthMax }) };
  return build({ content, profile, publicKey, issuer: facts, signer: authority.signer });
}

function pathLength(
  { constraints: { pathLengthMax } }: AuthorityFacts,
  wanted: number | undefined,
): number | undefined {
  if (pathLengthMax === null) return wanted;
  if (pathLengthMax === 0) throw notPermitted('no authority may stand below it');
  if (wanted !== undefined && wanted >= pathLengthMax) throw notPermitted('its own path length is not larger');
  return wanted ?? pathLengthMax - 1;
}

function checkAllowed(facts: AuthorityFacts, profile: CertificateProfile, content: CertificateContent): void {
  const { notBefore, notAfter } = content.validity;
  // Dates are written in whole seconds, so two that differ in less are one date.
  if (
    wholeSeconds(notBefore) < wholeSeconds(facts.notBefore) ||
    wholeSeconds(notAfter) > wholeSeconds(facts.notAfter)
  ) {
    const [from, to] = [facts.notBefore.toISOString(), facts.notAfter.toISOString()];
    throw notPermitted(`its dates would reach beyond those of the authority, ${from} to ${to}`);
  }
  const missing = profile.purposes.find(
    (purpose) =>
      facts.purposes !== undefined &&
      !facts.purposes.includes(purpose) &&
      !facts.purposes.includes('anyExtendedKeyUsage'),
  );
  if (missing !== undefined) throw notPermitted(`its purposes do not include ${missing}`);
  if (facts.nameConstraints === undefined) return;
  const forbidden = findForbiddenName(facts.nameConstraints, {
    subject: readDer(writeName(content.subject), derTag.sequence).content,
    alternatives: (content.names ?? []).map((name) => {
      const der = writeSubjectName(name);
      return readGeneralName({ tag: der[0] ?? 0, content: readDer(der, der[0] ?? 0).content, whole: der });
    }),
  });
  if (forbidden !== undefined) throw notPermitted(`its name constraints exclude ${forbidden}`);
}

const wholeSeconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);

interface BuildInput {
  readonly content: CertificateContent;
  readonly profile: CertificateProfile;
  /** Content of the SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly issuer: Pick<AuthorityFacts, 'subject' | 'keyId'>;
  readonly signer: Signer;
}

async function build({ content, profile, publicKey, issuer, signer }: BuildInput): Promise<Uint8Array> {
  const { notBefore, notAfter } = checkContent(content, profile);
  const part = sequence(
    explicit(0, unsignedInteger(2)), // version 3
    unsignedInteger(newSerial()),
    signatureIdentifier(signer.algorithm),
    sequence(issuer.subject),
    sequence(time(notBefore), time(notAfter)),
    writeName(content.subject),
    sequence(publicKey),
    explicit(3, sequence(...extensionsOf({ content, profile, publicKey, issuer, signer }))),
  );
  return signWhole(part, signer);
}

function extensionsOf({ content, profile, publicKey, issuer }: BuildInput): readonly Uint8Array[] {
  const { names = [], revocationLists = [], issuerUris = [], ocspUris = [] } = content;
  return [
    write.basicConstraints({ isAuthority: profile.isAuthority, pathLengthMax: content.pathLengthMax }),
    write.keyUsage(keyUsagesFor(profile, readPublicKey(publicKey))),
    ...(profile.purposes.length === 0 ? [] : [write.extendedKeyUsage(profile.purposes)]),
    ...(names.length === 0 ? [] : [write.subjectAltName(names, content.subject.trim() === '')]),
    write.subjectKeyId(keyIdentifier(publicKey)),
    write.authorityKeyId(issuer.keyId),
    ...(content.nameConstraints === undefined ? [] : [write.nameConstraints(content.nameConstraints)]),
    ...(revocationLists.length === 0 ? [] : [write.revocationLists(revocationLists)]),
    ...(issuerUris.length + ocspUris.length === 0
      ? []
      : [write.authorityAccess({ ocsp: ocspUris, issuers: issuerUris })]),
  ];
}

/** Throws `PKI_INPUT_INVALID`. */
function checkContent(content: CertificateContent, profile: CertificateProfile): Validity {
  const { names = [], subject, pathLengthMax } = content;
  const { notBefore, notAfter } = content.validity;
  const days = (notAfter.getTime() - notBefore.getTime()) / dayMs;
  if (!(days > 0 && days <= validityDaysMax)) {
    throw unfit(`A certificate is valid for more than no time and at most ${validityDaysMax} days.`);
  }
  if (names.length > namesMax) throw unfit(`A certificate has at most ${namesMax} names.`);
  if (profile.needsNames && names.length === 0)
    throw unfit('This profile needs an alternative name: clients look at no other.');
  if (subject.trim() === '' && (profile.isAuthority || names.length === 0)) {
    throw unfit('A subject may be empty only where alternative names stand for it.');
  }
  if (!profile.isAuthority && (pathLengthMax !== undefined || content.nameConstraints !== undefined)) {
    throw unfit('Path length and name constraints are for authorities only.');
  }
  if (
    pathLengthMax !== undefined &&
    !(Number.isSafeInteger(pathLengthMax) && pathLengthMax >= 0 && pathLengthMax <= 100)
  ) {
    throw unfit('A path length is a whole number from 0 to 100.');
  }
  return { notBefore, notAfter };
}

function newSerial(): Uint8Array {
  const serial = randomBytes(serialBytes);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

const unfit = (message: string): PkiError => new PkiError('PKI_INPUT_INVALID', message);
