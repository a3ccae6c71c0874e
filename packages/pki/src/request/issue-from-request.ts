import { latin1 } from '../der/reader.ts';
import { sequence } from '../der/writer.ts';
import { PkiError } from '../errors.ts';
import { type IssueInput, issueCertificate } from '../issue/issue-certificate.ts';
import { certificateProfiles } from '../issue/profiles.ts';
import { formatAddress } from '../names/format-address.ts';
import type { GeneralName, SubjectName } from '../names/general-names.ts';
import { extensionOid } from '../x509/extension-names.ts';
import { readSubjectAltName } from '../x509/extension-values.ts';
import { type CertificateRequest, checkRequest, parseRequest } from './request.ts';

export interface RequestedIssue extends Omit<IssueInput, 'subject' | 'publicKey'> {
  /** DER. */
  readonly request: Uint8Array;
  /** In place of what the request says. */
  readonly subject?: string;
}

export interface IssuedOnRequest {
  readonly certificate: Uint8Array;
  /** OIDs of extensions that were asked for and that the profile does not copy. */
  readonly leftOut: readonly string[];
}

export interface CertifiedNames {
  /** RFC 4514. */
  readonly subject: string;
  readonly names: readonly SubjectName[];
}

/** What an answer to the request will certify, for whoever decides on it. Throws `PKI_INPUT_INVALID`. */
export function certifiedNames(
  request: CertificateRequest,
  input: Pick<RequestedIssue, 'profile' | 'subject' | 'names'>,
): CertifiedNames {
  const { subject = request.subject, names = [] } = input;
  return { subject, names: takesNames(input) ? requestedNames(request) : names };
}

const takesNames = ({ profile, names }: Pick<RequestedIssue, 'profile' | 'names'>): boolean =>
  names === undefined && certificateProfiles[profile].copied.some((name) => name === 'subjectAltName');

/**
 * Answers a request with a certificate. The request proves that its maker holds the key; it decides nothing else: the
 * profile says which of its extensions are copied, and `subject` and `names` of the caller go before its own.
 * Throws `PKI_REQUEST_INVALID` when the proof fails, and what `issueCertificate` throws.
 */
export async function issueFromRequest({ request: der, ...input }: RequestedIssue): Promise<IssuedOnRequest> {
  const request = parseRequest(der);
  const verdict = await checkRequest(request);
  if (verdict !== 'genuine')
    throw new PkiError('PKI_REQUEST_INVALID', `The request proves nothing: ${reasons[verdict]}.`);
  const isCopied = takesNames(input);
  const certificate = await issueCertificate({
    ...input,
    ...certifiedNames(request, input),
    publicKey: sequence(request.publicKey),
  });
  const leftOut = request.extensions
    .map(({ oid }) => oid)
    .filter((oid) => !(isCopied && oid === extensionOid.subjectAltName));
  return { certificate, leftOut: [...new Set(leftOut)] };
}

const reasons = {
  forged: 'its signature does not verify with its key',
  weak: 'its signature is of a broken algorithm',
  unsupported: 'its signature is of an algorithm that is not verified here',
} as const;

/** The alternative names that a request asks for. Throws `PKI_INPUT_INVALID` for kinds that are not issued. */
export function requestedNames({ extensions }: CertificateRequest): readonly SubjectName[] {
  return extensions
    .filter(({ oid }) => oid === extensionOid.subjectAltName)
    .flatMap(({ value }) => readSubjectAltName(value).map(issuable));
}

function issuable({ kind, content }: GeneralName): SubjectName {
  if (kind === 'address') return { kind, value: formatAddress(content) };
  if (kind === 'dns' || kind === 'email' || kind === 'uri') return { kind, value: latin1(content) };
  throw new PkiError('PKI_INPUT_INVALID', `The request asks for a name of the kind ${kind}, which is not issued.`);
}
