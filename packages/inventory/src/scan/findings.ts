import type { Severity } from '../severity.ts';
import { findSuite } from '../tls/cipher-suites.ts';
import { findGroup, isPostQuantumGroup } from '../tls/named-groups.ts';
import type { CertificateFacts } from '../x509/certificate.ts';
import type { Finding, ScannedCertificate, TlsScanResult } from './tls-scan-result.ts';

/** What the rules look at. */
export interface FindingInput {
  readonly result: Omit<TlsScanResult, 'findings'>;
  /** Parsed facts beside each entry of the result's chain. */
  readonly certificates: readonly {
    readonly shown: ScannedCertificate;
    readonly facts: CertificateFacts;
    readonly brokenHash: string | undefined;
  }[];
  readonly dheBits: number | undefined;
  readonly asksForClientCertificate: boolean;
  readonly isNotTls: boolean;
  readonly now: Date;
}

export interface FindingRule {
  readonly id: string;
  readonly severity: Severity;
  /** The message when the rule applies; undefined when it does not. */
  readonly check: (input: FindingInput) => string | undefined;
  readonly remedy: string;
}

/** A certificate that ends within this time is reported, so that a monthly scan sees it at least once. */
export const expirySoonDays = 30;

const dayMs = 86_400_000;

/** The rules, worst first within each subject. Ids are stable: accepted findings and dashboards refer to them. */
export const tlsFindingRules: readonly FindingRule[] = [
  {
    id: 'tls-sslv3',
    severity: 'critical',
    check: ({ result }) =>
      result.versions.includes('SSLv3') ? 'SSL 3.0 is accepted; its padding is broken (POODLE, RFC 7568).' : undefined,
    remedy: 'Disable SSL 3.0.',
  },
  {
    id: 'tls-old-version',
    severity: 'high',
    check: ({ result }) => {
      const old = result.versions.filter((version) => version === 'TLSv1.0' || version === 'TLSv1.1');
      return old.length > 0 ? `${old.join(' and ')} accepted; both are withdrawn (RFC 8996).` : undefined;
    },
    remedy: 'Set the minimum version to TLS 1.2, better TLS 1.3.',
  },
  {
    id: 'tls-no-tls13',
    severity: 'medium',
    check: ({ result }) =>
      result.versions.length > 0 && !result.versions.includes('TLSv1.3') && !hasUnresolved(result, 'tls13-groups')
        ? 'TLS 1.3 is not offered; post-quantum key exchange exists only there.'
        : undefined,
    remedy: 'Enable TLS 1.3.',
  },
  {
    id: 'tls-no-pq-group',
    severity: 'high',
    check: ({ result }) =>
      result.versions.length > 0 && !result.groups.some(isPostQuantumGroup) && !hasUnresolved(result, 'tls13-groups')
        ? 'No post-quantum group is offered: traffic recorded today can be read once a quantum computer exists.'
        : undefined,
    remedy: 'Offer X25519MLKEM768 (SecP384r1MLKEM1024 for CNSA 2.0) before the classical groups.',
  },
  {
    id: 'tls-classical-preferred',
    severity: 'medium',
    check: ({ result }) => {
      const first = result.groups[0];
      const offersPostQuantum = result.groups.some(isPostQuantumGroup);
      return first !== undefined && offersPostQuantum && result.preference !== 'client' && !isPostQuantumGroup(first)
        ? `The server prefers ${first} although it offers a post-quantum group.`
        : undefined;
    },
    remedy: 'Put the post-quantum group first in the server’s group list.',
  },
  {
    id: 'tls-draft-group',
    severity: 'medium',
    check: ({ result }) => {
      const draft = result.groups.find((name) => name.includes('Kyber'));
      return draft === undefined ? undefined : `${draft} is a draft that the final standard replaced.`;
    },
    remedy: 'Update the TLS library and use X25519MLKEM768.',
  },
  {
    id: 'tls-not-cnsa2',
    severity: 'info',
    check: ({ result }) => {
      const offered = result.groups.filter(isPostQuantumGroup);
      return offered.length > 0 && !offered.some((name) => findGroup(name)?.isCnsa2)
        ? `${offered.join(', ')} is post-quantum but not CNSA 2.0.`
        : undefined;
    },
    remedy: 'Where CNSA 2.0 applies, offer SecP384r1MLKEM1024 or MLKEM1024.',
  },
  {
    id: 'tls-weak-group',
    severity: 'high',
    check: ({ result, dheBits }) => {
      const weak = result.groups.filter((name) => (findGroup(name)?.classicalSecurityBits ?? 128) < 112);
      if (weak.length > 0) return `Weak groups are accepted: ${weak.join(', ')}.`;
      return dheBits !== undefined && dheBits < 2048
        ? `Finite-field parameters of only ${dheBits} bits are used.`
        : undefined;
    },
    remedy: 'Remove groups under 112 bits of strength; use finite-field parameters of 2048 bits or more.',
  },
  suiteRule(
    'tls-suite-broken',
    'critical',
    ['null', 'anonymous', 'export', 'rc4', 'des'],
    'Broken cipher suites are accepted',
  ),
  suiteRule('tls-suite-static-key', 'high', ['static-key'], 'Suites without forward secrecy are accepted'),
  suiteRule('tls-suite-cbc', 'low', ['cbc'], 'CBC suites are accepted'),
  {
    id: 'certificate-expired',
    severity: 'high',
    check: (input) =>
      leafMessage(input, ({ facts }) =>
        Date.parse(facts.notAfter) < input.now.getTime() ? `The certificate expired on ${facts.notAfter}.` : undefined,
      ),
    remedy: 'Renew the certificate.',
  },
  {
    id: 'certificate-expires-soon',
    severity: 'medium',
    check: (input) =>
      leafMessage(input, ({ facts }) => {
        const days = (Date.parse(facts.notAfter) - input.now.getTime()) / dayMs;
        return days >= 0 && days <= expirySoonDays ? `The certificate expires on ${facts.notAfter}.` : undefined;
      }),
    remedy: 'Renew the certificate, and automate its renewal.',
  },
  {
    id: 'certificate-not-yet-valid',
    severity: 'high',
    check: (input) =>
      leafMessage(input, ({ facts }) =>
        Date.parse(facts.notBefore) > input.now.getTime()
          ? `The certificate is valid only from ${facts.notBefore}.`
          : undefined,
      ),
    remedy: 'Check the clock of the issuer and of the server.',
  },
  {
    id: 'certificate-weak-key',
    severity: 'high',
    check: ({ certificates }) => {
      const weak = certificates.find(({ shown }) => (shown.securityBits ?? 128) < 112);
      if (weak === undefined) return undefined;
      const size =
        weak.shown.keyBits === null ? `${weak.shown.securityBits} bits of strength` : `${weak.shown.keyBits} bits`;
      return `The key of "${weak.shown.subject}" has only ${size}.`;
    },
    remedy: 'Issue a new key: ECDSA P-256, or RSA with 2048 bits or more.',
  },
  {
    id: 'certificate-weak-signature',
    severity: 'high',
    check: ({ certificates }) => {
      // The signature on a trust anchor proves nothing, so a self-issued certificate behind the first does not count.
      const weak = certificates.find(
        ({ facts, brokenHash }, index) => brokenHash !== undefined && (index === 0 || !facts.isSelfIssued),
      );
      return weak === undefined ? undefined : `"${weak.shown.subject}" is signed with ${weak.brokenHash}.`;
    },
    remedy: 'Have the certificate issued again with SHA-256 or better.',
  },
  {
    id: 'certificate-self-signed',
    severity: 'medium',
    check: (input) =>
      leafMessage(input, ({ facts }) =>
        facts.isSelfIssued ? 'The certificate is self-signed; clients cannot tell it from an impostor’s.' : undefined,
      ),
    remedy: 'Use a certificate of an authority that the clients trust.',
  },
  {
    id: 'certificate-quantum-vulnerable',
    severity: 'info',
    check: ({ certificates }) => {
      const names = new Set(
        certificates.filter(({ shown }) => shown.quantumVulnerable).map(({ shown }) => shown.keyAlgorithm),
      );
      return names.size > 0 ? `Certificate keys that a quantum computer breaks: ${[...names].join(', ')}.` : undefined;
    },
    remedy:
      'Plan the move to ML-DSA or composite certificates; impersonation needs a quantum computer at the time of the attack.',
  },
  {
    id: 'certificate-algorithm-unknown',
    severity: 'info',
    check: ({ certificates }) => {
      const unknown = certificates.find(({ shown }) => shown.quantumVulnerable === null);
      return unknown === undefined
        ? undefined
        : `The key algorithm ${unknown.shown.keyAlgorithm} is not in the registry.`;
    },
    remedy: 'Find out what the algorithm is; until then its risk is unknown.',
  },
  {
    id: 'tls-client-certificate',
    severity: 'info',
    check: ({ asksForClientCertificate }) =>
      asksForClientCertificate ? 'The server asks for a client certificate.' : undefined,
    remedy: 'None needed; mutual TLS authenticates both sides.',
  },
  {
    id: 'not-tls',
    severity: 'info',
    check: ({ isNotTls, result }) =>
      isNotTls ? `What answered is not TLS: ${result.unresolved[0]?.detail ?? 'unreadable'}` : undefined,
    remedy: 'Check the port, or whether the protocol starts TLS only after a greeting (STARTTLS).',
  },
  {
    id: 'scan-incomplete',
    severity: 'info',
    check: ({ result, isNotTls }) =>
      !isNotTls && result.versions.length > 0 && result.unresolved.length > 0
        ? `Unanswered: ${[...new Set(result.unresolved.map(({ probe, cause }) => `${probe} (${cause})`))].join(', ')}.`
        : undefined,
    remedy: 'Scan again; if it stays, a middlebox or a limit of the server may be in the way.',
  },
];

/** Runs all rules; the result lists the worst first. */
export function findTlsFindings(input: FindingInput): readonly Finding[] {
  return tlsFindingRules.flatMap(({ id, severity, check, remedy }) => {
    const message = check(input);
    return message === undefined ? [] : [{ id, severity, message, remedy }];
  });
}

function suiteRule(id: string, severity: Severity, weaknesses: readonly string[], sentence: string): FindingRule {
  return {
    id,
    severity,
    check: ({ result }) => {
      const weak = result.suites.filter((name) =>
        findSuite(name)?.weaknesses.some((weakness) => weaknesses.includes(weakness)),
      );
      return weak.length > 0 ? `${sentence}, for example ${weak[0]}.` : undefined;
    },
    remedy: 'Allow only ECDHE suites with AES-GCM or ChaCha20-Poly1305.',
  };
}

function leafMessage(
  input: FindingInput,
  check: (leaf: FindingInput['certificates'][number]) => string | undefined,
): string | undefined {
  const leaf = input.certificates[0];
  return leaf === undefined ? undefined : check(leaf);
}

// A question without an answer must not become "no" (INV-3a).
function hasUnresolved(result: FindingInput['result'], probe: string): boolean {
  return result.unresolved.some((entry) => entry.probe === probe);
}
