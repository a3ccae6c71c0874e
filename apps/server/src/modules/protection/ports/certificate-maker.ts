import type { SecretBytes, SyncSignatureAlgorithm } from '@quantumvault/crypto';

export interface CertificateRequest {
  readonly signature: SyncSignatureAlgorithm;
  /** DNS name or IP address; becomes the only subject alternative name. */
  readonly host: string;
  readonly validityDays: number;
}

export interface MadeCertificate {
  readonly publicKey: Uint8Array;
  /** PKCS#8 DER; the caller disposes of it. */
  readonly privateKey: SecretBytes;
  /** Self-signed, to serve until an authority has answered. */
  readonly certificatePem: string;
  readonly csrPem: string;
  /** Of the certificate, lower hex. */
  readonly sha256: string;
}

/** Makes key, request and self-signed certificate; `now` begins its validity. */
export type MakeCertificate = (request: CertificateRequest, now: Date) => Promise<MadeCertificate>;

export interface IssuedCertificate {
  /** The chain as it is stored: certificates alone, in order. */
  readonly chainPem: string;
  /** Of the first certificate, lower hex. */
  readonly sha256: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/**
 * Reads what an authority answered to the request of `ownPem`. Throws `PROTECTION_CERTIFICATE_INVALID` with the reason
 * when it is not for the same key, name and purpose, is not valid now, or is not signed by the next one of the chain.
 */
export type ReadIssuedCertificate = (
  input: { readonly chainPem: string; readonly ownPem: string; readonly host: string },
  now: Date,
) => Promise<IssuedCertificate>;
