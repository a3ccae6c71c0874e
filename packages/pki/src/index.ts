/*
 * X.509 certificates (RFC 5280): reading whatever is found in the wild. Nothing that is read here is trusted: every
 * reader is bounded in time and memory and throws a `PkiError` or answers.
 */

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
export { type AddressBytes, parseAddress } from './names/address.ts';
export { formatName, type NameAttributes } from './names/distinguished-name.ts';
export { formatAddress } from './names/format-address.ts';
export { type PemBlock, type PemFile, pemLimits, readPem } from './pem/read-pem.ts';
export { type CertificateFacts, parseCertificate, subjectPublicKeyInfo } from './x509/certificate.ts';
export { type CertificateDetails, readCertificateDetails } from './x509/certificate-details.ts';
export { type CertificateExtensions, namesMatchHost, readCertificateExtensions } from './x509/extensions.ts';
export { readKeyAlgorithm, readPublicKey, readRsaNumbers } from './x509/public-key.ts';
export type { PublicKeyFacts } from './x509/public-key-facts.ts';
export { readSignatureAlgorithm, type SignatureFacts } from './x509/signature-algorithm.ts';
