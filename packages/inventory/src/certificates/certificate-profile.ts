import { type CertificateFacts, parseCertificate, readCertificateExtensions } from '@quantumvault/pki';
import type { AlgorithmRegistry } from '../algorithm-facts.ts';
import type { EncryptionProfile } from '../asset/encryption-profile.ts';
import { certificateRules } from '../findings/certificates.ts';
import type { ExaminedCertificate, FindingInput } from '../findings/rule.ts';
import type { Finding } from '../scan/tls-scan-result.ts';
import { severityRank } from '../severity.ts';
import { brokenSignatureHash, keyAlgorithmName, signatureAlgorithmName } from './algorithm-names.ts';

export interface CertificateEnvironment {
  readonly registry: AlgorithmRegistry;
  /** SHA-256 in lower hex. */
  readonly sha256Hex: (bytes: Uint8Array) => string;
  readonly now: Date;
}

/** A certificate by itself, wherever it was found: what it is, and what is wrong with it. */
export interface AssessedCertificate {
  readonly facts: CertificateFacts;
  readonly fingerprint256: string;
  /** Registry id, else dotted OID. */
  readonly keyAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly quantumVulnerable: boolean | null;
  /** DNS names of the subjectAltName. */
  readonly dnsNames: readonly string[];
  /** Worst first. */
  readonly findings: readonly Finding[];
}

/** Throws `PKI_DER_MALFORMED` or `PKI_LIMIT_EXCEEDED`. */
export function assessCertificate(der: Uint8Array, environment: CertificateEnvironment): AssessedCertificate {
  const { registry, sha256Hex, now } = environment;
  const facts = parseCertificate(der);
  const extensions = readCertificateExtensions(der);
  const key = registry.findPublicKeyAlgorithm(facts.key);
  const fingerprint256 = sha256Hex(der);
  const keyAlgorithm = keyAlgorithmName(facts.key, registry);
  const signatureAlgorithm = signatureAlgorithmName(facts.signature, registry);
  const quantumVulnerable = key?.quantumVulnerable ?? null;
  const examined: ExaminedCertificate = {
    shown: {
      ...{ subject: facts.subject, issuer: facts.issuer, notBefore: facts.notBefore, notAfter: facts.notAfter },
      ...{ keyAlgorithm, signatureAlgorithm, fingerprint256, quantumVulnerable },
      keyBits: facts.key.modulusBits ?? null,
      securityBits: key?.classicalSecurityBits ?? null,
    },
    facts,
    extensions,
    brokenHash: brokenSignatureHash(facts.signature),
  };
  const findings = certificateRules.flatMap(({ id, severity, check, remedy }) => {
    const seen = check(aloneInput(examined, now));
    return seen === undefined ? [] : [{ id, severity, message: seen.message, evidence: seen.evidence, remedy }];
  });
  return {
    ...{ facts, fingerprint256, keyAlgorithm, signatureAlgorithm, quantumVulnerable },
    dnsNames: extensions?.names.dns ?? [],
    findings: findings.toSorted((left, right) => severityRank(right.severity) - severityRank(left.severity)),
  };
}

/** What an asset of type `certificate` shows. */
export function profileOfCertificate(assessed: AssessedCertificate, observedAt: string): EncryptionProfile {
  return {
    source: 'scan',
    observedAt,
    uses: [{ role: 'signature', algorithm: assessed.keyAlgorithm }],
    weaknesses: assessed.findings
      .filter(({ severity }) => severity !== 'info')
      .map(({ id, severity, message }) => ({ id, severity, message })),
    certificateSha256: assessed.fingerprint256,
  };
}

// The rules on certificates look at nothing of the endpoint.
function aloneInput(certificate: ExaminedCertificate, now: Date): FindingInput {
  return {
    result: nowhere,
    certificates: [certificate],
    otherChains: [],
    suitesByVersion: [],
    dheBits: undefined,
    hellos: {},
    asksForClientCertificate: false,
    isNotTls: false,
    starttls: undefined,
    dialogueEnd: undefined,
    serverName: undefined,
    now,
  };
}

const nowhere: FindingInput['result'] = {
  ...{ host: '', port: 0, reachable: false, protocol: 'tls', profile: 'quick' },
  ...{ versions: [], suites: [], suitesByVersion: [], groups: [], groupsByVersion: [], provenGroups: [] },
  ...{ preference: 'unknown', keyShareSteers: null, alpn: null, dheBits: null, provenGroup: null },
  ...{ chain: [], chains: [], closings: [], unresolved: [], error: null },
};
