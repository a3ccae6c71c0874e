import type { AlgorithmRegistry } from '../algorithm-facts.ts';
import { InventoryError } from '../errors.ts';
import { severityRank } from '../severity.ts';
import { suiteName } from '../tls/cipher-suites.ts';
import { groupName } from '../tls/named-groups.ts';
import { tlsVersions } from '../tls/versions.ts';
import { brokenSignatureHash, keyAlgorithmName, signatureAlgorithmName } from '../x509/algorithm-names.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { findTlsFindings } from './findings.ts';
import { groupPreference, type ScanState, scanError, sortVersions } from './scan-state.ts';
import type { ScannedCertificate, TlsScanResult, UnresolvedProbe } from './tls-scan-result.ts';

/** What the pure fold cannot have of its own. */
export interface ScanEnvironment {
  readonly registry: AlgorithmRegistry;
  /** SHA-256 in lower hex. */
  readonly sha256Hex: (bytes: Uint8Array) => string;
  readonly now: Date;
}

/** Turns a finished (or abandoned) scan into its published result. Never throws for what a server sent. */
export function finishScan(state: ScanState, environment: ScanEnvironment): TlsScanResult {
  const certificates: {
    shown: ScannedCertificate;
    facts: ReturnType<typeof parseCertificate>;
    brokenHash: string | undefined;
  }[] = [];
  const unresolved: UnresolvedProbe[] = [...state.unresolved];
  for (const [index, der] of state.chain.entries()) {
    try {
      const facts = parseCertificate(der);
      certificates.push({
        shown: showCertificate(der, facts, environment),
        facts,
        brokenHash: brokenSignatureHash(facts.signature),
      });
    } catch (error) {
      if (!(error instanceof InventoryError)) throw error;
      unresolved.push({ probe: `certificate-${index}`, cause: 'malformed', detail: error.message });
    }
  }
  const newestFirst = tlsVersions
    .toReversed()
    .flatMap((version) => state.suites.filter((entry) => entry.version === version));
  const result = {
    host: state.target.host,
    port: state.target.port,
    reachable: state.isConnected,
    versions: sortVersions(state.versions),
    suites: [...new Set(newestFirst.map((entry) => suiteName(entry.suite)))],
    groups: state.groups.map(groupName),
    preference: groupPreference(state),
    chain: certificates.map(({ shown }) => shown),
    error: scanError(state),
    provenGroup: state.provenGroup,
    unresolved,
  };
  const findings = findTlsFindings({
    result,
    certificates,
    dheBits: state.dheBits,
    asksForClientCertificate: state.asksForClientCertificate,
    isNotTls: state.isNotTls && state.versions.length === 0,
    now: environment.now,
  });
  return {
    ...result,
    findings: findings.toSorted((left, right) => severityRank(right.severity) - severityRank(left.severity)),
  };
}

function showCertificate(
  der: Uint8Array,
  facts: ReturnType<typeof parseCertificate>,
  { registry, sha256Hex }: ScanEnvironment,
): ScannedCertificate {
  const key = registry.findPublicKeyAlgorithm(facts.key);
  return {
    subject: facts.subject,
    issuer: facts.issuer,
    keyAlgorithm: keyAlgorithmName(facts.key, registry),
    signatureAlgorithm: signatureAlgorithmName(facts.signature, registry),
    notBefore: facts.notBefore,
    notAfter: facts.notAfter,
    fingerprint256: sha256Hex(der),
    keyBits: facts.key.modulusBits ?? null,
    securityBits: key?.classicalSecurityBits ?? null,
    quantumVulnerable: key?.quantumVulnerable ?? null,
  };
}
