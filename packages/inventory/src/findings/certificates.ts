import { type ExaminedCertificate, type FindingInput, type FindingRule, list } from './rule.ts';

/** A certificate that ends within this time is reported, so that a monthly scan sees it at least once. */
export const expirySoonDays = 30;

const dayMs = 86_400_000;

/** An RSA modulus of this size has been factored in public (RSA-250, 2020). */
const factoredBitsMax = 829;

/** Rules on keys, signatures and dates of the certificates sent. */
export const certificateRules: readonly FindingRule[] = [
  leafRule({
    id: 'certificate-expired',
    severity: 'high',
    when: 'The endpoint’s own certificate has ended.',
    check: ({ facts }, now) =>
      Date.parse(facts.notAfter) < now.getTime() ? `The certificate expired on ${facts.notAfter}.` : undefined,
    evidence: ({ facts }, now) => `notAfter ${facts.notAfter}, looked at on ${now.toISOString()}`,
    remedy: 'Renew the certificate.',
  }),
  leafRule({
    id: 'certificate-expires-soon',
    severity: 'medium',
    when: `The endpoint’s own certificate ends within ${expirySoonDays} days.`,
    check: ({ facts }, now) => {
      const days = (Date.parse(facts.notAfter) - now.getTime()) / dayMs;
      return days >= 0 && days <= expirySoonDays ? `The certificate expires on ${facts.notAfter}.` : undefined;
    },
    evidence: ({ facts }, now) => `notAfter ${facts.notAfter}, looked at on ${now.toISOString()}`,
    remedy: 'Renew the certificate, and automate its renewal.',
  }),
  leafRule({
    id: 'certificate-not-yet-valid',
    severity: 'high',
    when: 'The endpoint’s own certificate begins in the future.',
    check: ({ facts }, now) =>
      Date.parse(facts.notBefore) > now.getTime()
        ? `The certificate is valid only from ${facts.notBefore}.`
        : undefined,
    evidence: ({ facts }, now) => `notBefore ${facts.notBefore}, looked at on ${now.toISOString()}`,
    remedy: 'Check the clock of the issuer and of the server.',
  }),
  {
    id: 'certificate-key-factorable',
    severity: 'critical',
    when: `A certificate has an RSA key of at most ${factoredBitsMax} bits.`,
    check: ({ certificates, otherChains }) =>
      first([...certificates, ...otherChains.flat()].filter(isFactorable), ({ shown }) => ({
        message: `The key of "${shown.subject}" has only ${shown.keyBits} bits; keys of ${factoredBitsMax} bits have been factored.`,
        evidence: `${shown.keyAlgorithm}, ${shown.keyBits} bits, certificate ${shown.fingerprint256}`,
      })),
    remedy: 'Issue a new key now: ECDSA P-256, or RSA with 2048 bits or more.',
  },
  {
    id: 'certificate-weak-key',
    severity: 'high',
    when: 'A certificate has a key of less than 112 bits of strength: RSA below 2048 bits, or a small curve.',
    check: ({ certificates, otherChains }) =>
      first([...certificates, ...otherChains.flat()].filter(isWeak), ({ shown }) => {
        const size = shown.keyBits === null ? `${shown.securityBits} bits of strength` : `${shown.keyBits} bits`;
        return {
          message: `The key of "${shown.subject}" has only ${size}.`,
          evidence: `${shown.keyAlgorithm}, ${size}, certificate ${shown.fingerprint256}`,
        };
      }),
    remedy: 'Issue a new key: ECDSA P-256, or RSA with 2048 bits or more.',
  },
  {
    id: 'certificate-weak-signature',
    severity: 'high',
    when: 'A certificate other than a trust anchor is signed with MD2, MD4, MD5 or SHA-1.',
    check: ({ certificates, otherChains }) => {
      // The signature on a trust anchor proves nothing, so a self-issued certificate behind the first does not count.
      const isWeakLink = ({ facts, brokenHash }: ExaminedCertificate, index: number) =>
        brokenHash !== undefined && (index === 0 || !facts.isSelfIssued);
      return first(
        [certificates, ...otherChains].flatMap((chain) => chain.filter(isWeakLink)),
        ({ shown, brokenHash }) => ({
          message: `"${shown.subject}" is signed with ${brokenHash}.`,
          evidence: `${shown.signatureAlgorithm}, certificate ${shown.fingerprint256}`,
        }),
      );
    },
    remedy: 'Have the certificate issued again with SHA-256 or better.',
  },
  {
    id: 'certificate-quantum-vulnerable',
    severity: 'info',
    when: 'A certificate has a key that a quantum computer breaks.',
    check: ({ certificates, otherChains }) => {
      const vulnerable = [...certificates, ...otherChains.flat()].filter(({ shown }) => shown.quantumVulnerable);
      const names = [...new Set(vulnerable.map(({ shown }) => shown.keyAlgorithm))];
      return names.length === 0
        ? undefined
        : {
            message: `Certificate keys that a quantum computer breaks: ${list(names)}.`,
            evidence: list(vulnerable.map(({ shown }) => `"${shown.subject}": ${shown.keyAlgorithm}`)),
          };
    },
    remedy:
      'Plan the move to ML-DSA or composite certificates; impersonation needs a quantum computer at the time of the attack.',
  },
  {
    id: 'certificate-post-quantum',
    severity: 'info',
    when: 'The endpoint’s own certificate has a key that a quantum computer does not break.',
    check: (input) =>
      first(
        leaves(input).filter(({ shown }) => shown.quantumVulnerable === false),
        ({ shown }) => ({
          message: `The certificate is post-quantum (${shown.keyAlgorithm}); older clients cannot check it.`,
          evidence: `"${shown.subject}": ${shown.keyAlgorithm}, signed with ${shown.signatureAlgorithm}`,
        }),
      ),
    remedy: 'None needed; serve a classical certificate beside it for clients that do not know the algorithm.',
  },
  {
    id: 'certificate-algorithm-unknown',
    severity: 'info',
    when: 'A certificate has a key algorithm that the registry does not know.',
    check: ({ certificates, otherChains }) =>
      first(
        [...certificates, ...otherChains.flat()].filter(({ shown }) => shown.quantumVulnerable === null),
        ({ shown }) => ({
          message: `The key algorithm ${shown.keyAlgorithm} is not in the registry.`,
          evidence: `"${shown.subject}", certificate ${shown.fingerprint256}`,
        }),
      ),
    remedy: 'Find out what the algorithm is; until then its risk is unknown.',
  },
];

function isFactorable({ facts }: ExaminedCertificate): boolean {
  return isRsa(facts.key.oid) && (facts.key.modulusBits ?? Number.POSITIVE_INFINITY) <= factoredBitsMax;
}

function isWeak(certificate: ExaminedCertificate): boolean {
  const { shown, facts } = certificate;
  if (isFactorable(certificate)) return false;
  // The registry lists the usual sizes; an RSA key of 1,536 bits is weak whether listed or not.
  const isShortRsa = isRsa(facts.key.oid) && (facts.key.modulusBits ?? 2_048) < 2_048;
  return isShortRsa || (shown.securityBits ?? 128) < 112;
}

function isRsa(oid: string): boolean {
  return oid === '1.2.840.113549.1.1.1' || oid === '1.2.840.113549.1.1.10';
}

/** The endpoint's own certificates: one per chain. */
export function leaves({ certificates, otherChains }: FindingInput): readonly ExaminedCertificate[] {
  return [certificates, ...otherChains].flatMap((chain) => chain.slice(0, 1));
}

function first<T, R>(found: readonly T[], describe: (entry: T) => R): R | undefined {
  const [entry] = found;
  return entry === undefined ? undefined : describe(entry);
}

function leafRule({
  check,
  evidence,
  ...rule
}: Pick<FindingRule, 'id' | 'severity' | 'when' | 'remedy'> & {
  readonly check: (leaf: ExaminedCertificate, now: Date) => string | undefined;
  readonly evidence: (leaf: ExaminedCertificate, now: Date) => string;
}): FindingRule {
  return {
    ...rule,
    check: (input) => {
      for (const leaf of leaves(input)) {
        const message = check(leaf, input.now);
        if (message !== undefined)
          return { message, evidence: `"${leaf.shown.subject}": ${evidence(leaf, input.now)}` };
      }
      return undefined;
    },
  };
}
