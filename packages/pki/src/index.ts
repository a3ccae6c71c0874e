/*
 * X.509 (RFC 5280): certificates, requests and revocation lists. Issue with `issueRoot` and `issueCertificate`: they take a
 * `Signer` and never a key, so the key may live anywhere. Reading is for whatever is found in the wild: nothing that is
 * read is trusted, and every reader is bounded in time and memory and throws a `PkiError` or answers.
 */

export type { Signer } from '@quantumvault/ports';
export { issueRevocationList, type RevocationListInput } from './crl/issue-revocation-list.ts';
export {
  parseRevocationList,
  type RevocationList,
  type RevocationReason,
  type RevokedCertificate,
  revocationListLimits,
  revocationReasons,
} from './crl/revocation-list.ts';
export {
  bitLength,
  type DerElement,
  DerReader,
  decodeOid,
  derLimits,
  derMalformed,
  derTag,
  hex,
  latin1,
  readDer,
  smallInteger,
} from './der/reader.ts';
export { PkiError, type PkiErrorCode, pkiErrorCodes } from './errors.ts';
export type { Authority } from './issue/authority.ts';
export type { ConstrainedNames } from './issue/extensions.ts';
export {
  type CertificateContent,
  type IssueInput,
  issueCertificate,
  issueRoot,
  issueSelfSigned,
  type Validity,
} from './issue/issue-certificate.ts';
export { signerOfKey } from './issue/key-signer.ts';
export { type CertificateProfile, type CertificateProfileName, certificateProfiles } from './issue/profiles.ts';
export { type AddressBytes, parseAddress } from './names/address.ts';
export type { ConstrainedName } from './names/constraint-names.ts';
export { formatName, type NameAttributes } from './names/distinguished-name.ts';
export { formatAddress } from './names/format-address.ts';
export type { SubjectName } from './names/general-names.ts';
export { writeName } from './names/write-name.ts';
export { type PemBlock, type PemFile, pemLimits, readPem } from './pem/read-pem.ts';
export { writePem } from './pem/write-pem.ts';
export {
  type CertifiedNames,
  certifiedNames,
  type IssuedOnRequest,
  issueFromRequest,
  type RequestedIssue,
  requestedNames,
} from './request/issue-from-request.ts';
export {
  type CertificateRequest,
  checkRequest,
  createRequest,
  parseRequest,
  type RequestInput,
} from './request/request.ts';
export { cipherSuitesByAead, opensslGroups } from './tls/openssl-names.ts';
export {
  type NodeTlsOptions,
  nodeTlsOptions,
  type TlsProfile,
  type TlsProfileChanges,
  type TlsProfileName,
  tlsProfile,
  tlsProfileNames,
  tlsVersions,
} from './tls/tls-profile.ts';
export { checkCertificateSignature } from './verify/check-certificate.ts';
export { checkRevocationList, type RevocationMode } from './verify/check-revocation.ts';
export type { SignatureVerdict } from './verify/check-signature.ts';
export type { PathPurpose } from './verify/check-use.ts';
export {
  type PathFailure,
  type PathProblem,
  type PathResult,
  type PathSuccess,
  pathProblems,
} from './verify/path-result.ts';
export { type PathInput, pathLimits, validatePath } from './verify/validate-path.ts';
export { type CertificateFacts, certificateNames, parseCertificate, subjectPublicKeyInfo } from './x509/certificate.ts';
export { type CertificateDetails, detailsOf, readCertificateDetails } from './x509/certificate-details.ts';
export { type CertificateExtensions, namesMatchHost, readCertificateExtensions } from './x509/extensions.ts';
export { readKeyAlgorithm, readPublicKey, readRsaNumbers } from './x509/public-key.ts';
export type { PublicKeyFacts } from './x509/public-key-facts.ts';
export { readSignatureAlgorithm, type SignatureFacts } from './x509/signature-algorithm.ts';
