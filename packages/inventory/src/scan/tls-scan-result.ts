import type { Severity } from '../severity.ts';
import type { TlsVersion } from '../tls/versions.ts';

/** Why the question "which TLS does it speak" has no answer; the causes are never folded into "no" (INV-3a). */
export const scanErrors = ['refused', 'reset', 'alert', 'timeout', 'dns'] as const;

export type ScanError = (typeof scanErrors)[number];

/**
 * What one endpoint showed. This shape is a published contract (docs/spec/tls-scan-result.md): it grows by addition.
 */
export interface TlsScanResult {
  readonly host: string;
  readonly port: number;
  /** A TCP connection was accepted. */
  readonly reachable: boolean;
  /** Oldest first. */
  readonly versions: readonly TlsVersion[];
  /** IANA names, newest protocol first. Negotiated suites, not a full enumeration. */
  readonly suites: readonly string[];
  /** IANA names in the server's order. */
  readonly groups: readonly string[];
  readonly preference: 'server' | 'client' | 'unknown';
  /** As sent, the endpoint's own certificate first. */
  readonly chain: readonly ScannedCertificate[];
  readonly findings: readonly Finding[];
  /** Null when at least one version was established, or when something answered that is not TLS (see findings). */
  readonly error: ScanError | null;
  /** The group that a complete handshake agreed on: proof that it works, not only that it is announced. */
  readonly provenGroup: string | null;
  /** Questions that stayed open, each with its cause. */
  readonly unresolved: readonly UnresolvedProbe[];
}

export interface ScannedCertificate {
  /** RFC 4514. */
  readonly subject: string;
  readonly issuer: string;
  /** Registry id, else dotted OID. */
  readonly keyAlgorithm: string;
  readonly signatureAlgorithm: string;
  /** ISO 8601 UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-256 of the DER, lower hex. */
  readonly fingerprint256: string;
  /** RSA or DSA modulus length; null for other keys. */
  readonly keyBits: number | null;
  /** Known classical strength in bits; null when unknown. */
  readonly securityBits: number | null;
  /** Null when the algorithm is in no table. */
  readonly quantumVulnerable: boolean | null;
}

export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly message: string;
  /** Exactly what was seen: suites, groups, sizes, dates. */
  readonly evidence: string;
  /** What to do about it, one sentence. */
  readonly remedy: string;
}

export interface UnresolvedProbe {
  readonly probe: string;
  /**
   * One of the scan errors; `malformed` / `limit` when the server sent something that is not TLS or too much of it;
   * `unavailable` when it turned the connection away in its own protocol before TLS.
   */
  readonly cause: ScanError | 'malformed' | 'limit' | 'unavailable';
  readonly detail: string;
}
