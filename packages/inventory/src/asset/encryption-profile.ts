import type { Expectation } from '../policy/expectations.ts';
import type { TlsScanResult } from '../scan/tls-scan-result.ts';
import type { Severity } from '../severity.ts';
import { findSuite } from '../tls/cipher-suites.ts';
import { findGroup, isPostQuantumGroup } from '../tls/named-groups.ts';

/** What an algorithm does for an asset. A quantum computer makes recorded `key-establishment` readable; it breaks signatures only from its own day on. */
export const cryptoRoles = ['key-establishment', 'signature', 'encryption'] as const;

export type CryptoRole = (typeof cryptoRoles)[number];

export interface CryptoUse {
  readonly role: CryptoRole;
  /** Registry id, dotted OID, or `none` for plaintext and `unknown` for what could not be resolved (INV-4). */
  readonly algorithm: string;
}

/** A weakness that holds today, whatever a quantum computer may do. */
export interface ClassicalWeakness {
  readonly id: string;
  readonly severity: Severity;
  readonly message: string;
}

/** What protects an asset now, and how that is known. */
export interface EncryptionProfile {
  /** `scan`: observed. `protection`: made by a protection job. `declared`: somebody said so. */
  readonly source: 'scan' | 'protection' | 'declared';
  /** ISO 8601 UTC. */
  readonly observedAt: string;
  readonly uses: readonly CryptoUse[];
  readonly weaknesses: readonly ClassicalWeakness[];
  /** SHA-256 of the certificate that was seen, lower hex. */
  readonly certificateSha256?: string;
  readonly appliedPolicy?: AppliedPolicy;
}

/** The policy that a protection job applied, with what a scan has to see to prove it. */
export interface AppliedPolicy {
  readonly policyId: string;
  readonly policyVersion: number;
  readonly jobId: string;
  /** ISO 8601 UTC. This and the rest is absent where an earlier release wrote the profile. */
  readonly appliedAt?: string;
  readonly expects?: readonly Expectation[];
  /** SHA-256 of the certificates that were made or issued for it, lower hex: seeing one means that it is in use. */
  readonly certificates?: readonly string[];
  /** When a scan first saw all that is expected. */
  readonly provenAt?: string;
}

/**
 * The profile that a TLS scan shows: what a modern client negotiates. Where the server decides, that is its first group;
 * where the client decides, a post-quantum client gets the post-quantum group that the server offers.
 * Returns null when the scan established no version: no evidence is not a profile.
 */
export function profileOfTlsScan(result: TlsScanResult, observedAt: string): EncryptionProfile | null {
  if (result.versions.length === 0) return null;
  const uses: CryptoUse[] = [{ role: 'key-establishment', algorithm: negotiatedKeyEstablishment(result) }];
  const leaf = result.chain[0];
  uses.push({ role: 'signature', algorithm: leaf?.keyAlgorithm ?? 'unknown' });
  const suite = result.suites[0];
  uses.push({
    role: 'encryption',
    algorithm: (suite === undefined ? undefined : findSuite(suite)?.cipher) ?? 'unknown',
  });
  return {
    source: 'scan',
    observedAt,
    ...(leaf === undefined ? {} : { certificateSha256: leaf.fingerprint256 }),
    uses,
    weaknesses: result.findings
      .filter((finding) => !quantumFindings.has(finding.id) && finding.severity !== 'info')
      .map(({ id, severity, message }) => ({ id, severity, message })),
  };
}

// These say the same as the algorithms themselves; counting them again would count the quantum risk twice.
const quantumFindings: ReadonlySet<string> = new Set([
  'tls-no-pq-group',
  'tls-classical-preferred',
  'tls-no-tls13',
  'certificate-quantum-vulnerable',
]);

function negotiatedKeyEstablishment(result: TlsScanResult): string {
  if (result.preference === 'client') {
    const postQuantum = result.groups.find(isPostQuantumGroup);
    if (postQuantum !== undefined) return postQuantum;
  }
  const first = result.groups[0];
  if (first !== undefined) return findGroup(first) === undefined ? 'unknown' : first;
  const exchange = result.suites.map((suite) => findSuite(suite)?.keyExchange ?? '').find((name) => name !== '');
  return exchange === 'RSA' ? 'RSAES-PKCS1-v1_5' : 'unknown';
}
