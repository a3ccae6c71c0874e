import type { CertificateExtensions, CertificateFacts } from '@quantumvault/pki';
import type { ScannedCertificate, TlsScanResult, UnresolvedProbe } from '../scan/tls-scan-result.ts';
import type { Severity } from '../severity.ts';
import type { StartTlsProtocol } from '../starttls/protocols.ts';
import type { FailedDialogueEnd } from '../starttls/turns.ts';
import type { TlsVersion } from '../tls/versions.ts';

/** One certificate of a chain, with what its bytes say beside what the result shows of it. */
export interface ExaminedCertificate {
  readonly shown: ScannedCertificate;
  readonly facts: CertificateFacts;
  /** Undefined when they cannot be read. */
  readonly extensions: CertificateExtensions | undefined;
  /** The hash of its signature when that is broken for signatures. */
  readonly brokenHash: string | undefined;
}

/**
 * What the rules look at. A fact is undefined when nobody looked or no answer came: a rule fires on what was seen and
 * never on a silence (INV-3a).
 */
export interface FindingInput {
  readonly result: Omit<TlsScanResult, 'findings'>;
  /** In the order sent; those that did not parse are left out. */
  readonly certificates: readonly ExaminedCertificate[];
  /** Further chains of the same endpoint, for other signature algorithms. */
  readonly otherChains: readonly (readonly ExaminedCertificate[])[];
  /** Suites seen, by version; complete where the scan asked until the server had no more. */
  readonly suitesByVersion: readonly SuitesOfVersion[];
  /** Smallest finite-field prime of a ServerKeyExchange, in bits. */
  readonly dheBits: number | undefined;
  readonly hellos: HelloObservations;
  readonly asksForClientCertificate: boolean;
  readonly isNotTls: boolean;
  readonly starttls: StartTlsProtocol | undefined;
  readonly dialogueEnd: FailedDialogueEnd | undefined;
  /** The name that was asked for (SNI); undefined where the target is an address and no name was given. */
  readonly serverName: string | undefined;
  readonly now: Date;
}

export interface SuitesOfVersion {
  readonly version: TlsVersion;
  readonly suites: readonly string[];
  readonly isComplete: boolean;
  readonly preference: 'server' | 'client' | 'unknown';
}

/** What the ServerHellos of TLS 1.2 and older said about protections that a client offered. */
export interface HelloObservations {
  readonly secureRenegotiation?: boolean | undefined;
  readonly extendedMainSecret?: boolean | undefined;
  /** Whether a TLS 1.2 answer of a server with TLS 1.3 carries the mark that reveals a forced downgrade. */
  readonly downgradeMark?: boolean | undefined;
}

export interface Observation {
  /** A sentence for people. */
  readonly message: string;
  /** Exactly what was seen: names, numbers, dates. */
  readonly evidence: string;
}

export interface FindingRule {
  /** Stable: accepted findings and dashboards refer to it. */
  readonly id: string;
  readonly severity: Severity;
  /** When the rule applies, for the reference page. */
  readonly when: string;
  readonly check: (input: FindingInput) => Observation | undefined;
  readonly remedy: string;
}

/** Evidence lists are cut after this many entries and say so: a hostile server must not fill a report. */
const listedMax = 12;

export function list(names: readonly string[]): string {
  const shown = names.slice(0, listedMax).join(', ');
  return names.length > listedMax ? `${shown} and ${names.length - listedMax} more` : shown;
}

/** Whether a question stayed open; such a question must not become "no" (INV-3a). */
export function isOpen({ unresolved }: { readonly unresolved: readonly UnresolvedProbe[] }, probe: string): boolean {
  return unresolved.some((entry) => entry.probe === probe);
}

export function hasTls({ result }: FindingInput): boolean {
  return result.versions.length > 0;
}
