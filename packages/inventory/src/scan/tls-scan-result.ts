import type { Severity } from '../severity.ts';
import type { StartTlsProtocol } from '../starttls/protocols.ts';
import type { TlsVersion } from '../tls/versions.ts';

/** Why the question "which TLS does it speak" has no answer; the causes are never folded into "no" (INV-3a). */
export const scanErrors = ['refused', 'reset', 'alert', 'timeout', 'dns'] as const;

export type ScanError = (typeof scanErrors)[number];

/** `full` asks everything; `quick` learns version, group, suite and certificate of the server's own choice. */
export type ScanProfile = 'quick' | 'full';

export type Preference = 'server' | 'client' | 'unknown';

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
  readonly protocol: StartTlsProtocol | 'tls';
  readonly profile: ScanProfile;
  /** IANA names, newest protocol first, each version in the order in which the server picks. */
  readonly suites: readonly string[];
  /** IANA names in the server's order. */
  readonly groups: readonly string[];
  readonly preference: Preference;
  /** Every suite of each version, newest version first; the quick profile has one entry with one suite. */
  readonly suitesByVersion: readonly VersionSuites[];
  /** The groups of each version that has any, newest version first. */
  readonly groupsByVersion: readonly VersionGroups[];
  /** Groups with which a handshake came to the server's Finished; a group named elsewhere only is offered, not proven. */
  readonly provenGroups: readonly string[];
  /** True when the server takes the group of a key share that is there rather than the one that it names without any. */
  readonly keyShareSteers: boolean | null;
  /** What the server chose out of `h2` and `http/1.1`; null when it chose none or was not asked. */
  readonly alpn: string | null;
  /** Length of the shortest finite-field parameters seen. */
  readonly dheBits: number | null;
  /** A chain for each key of the server; the first one is `chain`. */
  readonly chains: readonly ScannedChain[];
  /** Questions that the server ended by closing the connection where others send an alert. */
  readonly closings: readonly string[];
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

export interface VersionSuites {
  readonly version: TlsVersion;
  readonly suites: readonly string[];
  readonly preference: Preference;
}

export interface VersionGroups {
  readonly version: TlsVersion;
  readonly groups: readonly string[];
  readonly preference: Preference;
}

export interface ScannedChain {
  readonly keyAlgorithm: string;
  readonly chain: readonly ScannedCertificate[];
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
