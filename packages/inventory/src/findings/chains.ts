import { namesMatchHost } from '@quantumvault/pki';
import { leaves } from './certificates.ts';
import { type ExaminedCertificate, type FindingInput, type FindingRule, list } from './rule.ts';

const dayMs = 86_400_000;

/**
 * The longest life of a publicly trusted server certificate by its first day (CA/Browser Forum, Baseline Requirements
 * section 6.3.2, ballots 193, SC-31 and SC-081), newest first.
 */
const lifetimeLimits: readonly { readonly from: string; readonly daysMax: number }[] = [
  { from: '2029-03-15', daysMax: 47 },
  { from: '2027-03-15', daysMax: 100 },
  { from: '2026-03-15', daysMax: 200 },
  { from: '2020-09-01', daysMax: 398 },
  { from: '2018-03-01', daysMax: 825 },
];

/** Last labels that no public authority certifies (RFC 6761, RFC 6762, RFC 9476, ICANN's .internal). */
const privateLabels: ReadonlySet<string> = new Set(
  'alt arpa corp example home internal intranet invalid lan local localdomain localhost mail onion private test'.split(
    ' ',
  ),
);

/** Rules on names, lifetimes and the order of chains. */
export const chainRules: readonly FindingRule[] = [
  {
    id: 'certificate-name-mismatch',
    severity: 'high',
    when: 'A name was asked for (SNI), and no name of the certificate stands for it (RFC 9525).',
    check: (input) =>
      mismatch(input, input.serverName, (name) => `The certificate is not valid for ${name}; clients refuse it.`),
    remedy: 'Issue a certificate with this name in its subjectAltName, or correct the server’s choice by SNI.',
  },
  {
    id: 'certificate-address-mismatch',
    severity: 'info',
    when: 'The target was an address without a name, and the certificate does not hold this address.',
    check: (input) => {
      if (input.serverName !== undefined) return undefined;
      return mismatch(input, input.result.host, (host) => `The certificate is not valid for the address ${host}.`);
    },
    remedy: 'None needed when clients connect by name; else put the address into the subjectAltName.',
  },
  {
    id: 'certificate-no-names',
    severity: 'medium',
    when: 'The endpoint’s own certificate has no DNS name and no address in a subjectAltName.',
    check: (input) => {
      const leaf = leaves(input).find(({ extensions }) => extensions !== undefined && !hasNames(extensions.names));
      return leaf === undefined
        ? undefined
        : {
            message: 'The certificate names its server only by the common name, which clients ignore (RFC 9525).',
            evidence: `"${leaf.shown.subject}" without DNS name or address in a subjectAltName`,
          };
    },
    remedy: 'Issue the certificate with its names in the subjectAltName.',
  },
  {
    id: 'certificate-lifetime',
    severity: 'low',
    when: 'A certificate with public names, not self-signed, lives longer than public authorities may issue (398 days from 2020, 200 from March 2026).',
    check: (input) => {
      for (const leaf of leaves(input)) {
        const names = leaf.extensions?.names.dns.filter(isPublicName) ?? [];
        if (leaf.facts.isSelfIssued || names.length === 0) continue;
        const { notBefore, notAfter } = leaf.facts;
        const limit = lifetimeLimits.find(({ from }) => notBefore >= from);
        // Both ends belong to the life, so its last second counts.
        const days = (Date.parse(notAfter) - Date.parse(notBefore) + 1_000) / dayMs;
        if (limit === undefined || days <= limit.daysMax) continue;
        return {
          message: `The certificate lives ${Math.ceil(days)} days; for public names ${limit.daysMax} were allowed when it began.`,
          evidence: `${notBefore} to ${notAfter} for ${list(names)}`,
        };
      }
      return undefined;
    },
    remedy: 'Automate renewal and issue for shorter times; a private authority may keep longer ones.',
  },
  {
    id: 'certificate-self-signed',
    severity: 'medium',
    when: 'Subject and issuer of the endpoint’s own certificate are the same.',
    check: (input) => {
      const leaf = leaves(input).find(({ facts }) => facts.isSelfIssued);
      return leaf === undefined
        ? undefined
        : {
            message: 'The certificate is self-signed; clients cannot tell it from an impostor’s.',
            evidence: `subject and issuer: "${leaf.shown.subject}"`,
          };
    },
    remedy: 'Use a certificate of an authority that the clients trust.',
  },
  {
    id: 'certificate-is-authority',
    severity: 'low',
    when: 'The endpoint’s own certificate is marked as an authority (CA:TRUE).',
    check: (input) => {
      const leaf = leaves(input).find(({ extensions }) => extensions?.isAuthority === true);
      return leaf === undefined
        ? undefined
        : {
            message: 'The endpoint’s own certificate may issue others: who gets its key can make any name trusted.',
            evidence: `"${leaf.shown.subject}": basicConstraints cA TRUE`,
          };
    },
    remedy: 'Issue a certificate without the authority mark for the server.',
  },
  {
    id: 'certificate-chain-incomplete',
    severity: 'low',
    when: 'The certificate is not self-signed, and the one of its issuer was not sent.',
    check: (input) => {
      const chain = wholeChains(input).find(([leaf, ...rest]) => leaf !== undefined && lacksIssuer(leaf, rest));
      const leaf = chain?.[0];
      return leaf === undefined
        ? undefined
        : {
            message:
              'The certificate of the issuer is not sent; clients that do not have it already cannot check the chain.',
            evidence: `issuer "${leaf.shown.issuer}" is in none of the ${chain?.length} certificates sent`,
          };
    },
    remedy: 'Send the intermediate certificates; none is needed where clients hold the issuer as their trust anchor.',
  },
  {
    id: 'certificate-chain-order',
    severity: 'low',
    when: 'A certificate of the chain is not followed by that of its issuer.',
    check: (input) => {
      for (const chain of wholeChains(input)) {
        const [leaf, ...rest] = chain;
        // Without the first issuer nothing can be in order; that is the rule above.
        if (leaf === undefined || lacksIssuer(leaf, rest)) continue;
        const index = chain.findIndex((certificate, at) => !isFollowedByIssuer(certificate, chain[at + 1]));
        if (index < 0) continue;
        return {
          message: 'The chain is not in order, or holds certificates that do not belong to it.',
          evidence: `certificate ${index} "${chain[index]?.shown.subject}" is followed by "${chain[index + 1]?.shown.subject}"`,
        };
      }
      return undefined;
    },
    remedy: 'Send the endpoint’s own certificate first, each followed by that of its issuer, and nothing else.',
  },
  {
    id: 'certificate-chain-expired',
    severity: 'high',
    when: 'A certificate behind the first has ended.',
    check: ({ certificates, otherChains, now }) => {
      const expired = [certificates, ...otherChains]
        .flatMap((chain) => chain.slice(1))
        .find(({ facts }) => Date.parse(facts.notAfter) < now.getTime());
      return expired === undefined
        ? undefined
        : {
            message: `A certificate of the chain expired on ${expired.facts.notAfter}.`,
            evidence: `"${expired.shown.subject}": notAfter ${expired.facts.notAfter}, looked at on ${now.toISOString()}`,
          };
    },
    remedy: 'Replace the certificate in the chain by the issuer’s current one.',
  },
];

function mismatch(input: FindingInput, host: string | undefined, say: (host: string) => string) {
  if (host === undefined) return undefined;
  const strangers = leaves(input).filter(
    ({ extensions }) =>
      extensions !== undefined && hasNames(extensions.names) && !namesMatchHost(extensions.names, host),
  );
  const [leaf] = strangers;
  if (leaf?.extensions === undefined) return undefined;
  const { dns, addresses } = leaf.extensions.names;
  return { message: say(host), evidence: `asked for ${host}; names: ${list([...dns, ...addresses.map(showAddress)])}` };
}

function hasNames({ dns, addresses }: NonNullable<ExaminedCertificate['extensions']>['names']): boolean {
  return dns.length + addresses.length > 0;
}

function isPublicName(name: string): boolean {
  const labels = name.toLowerCase().replace(/\.$/, '').split('.');
  return labels.length >= 2 && !privateLabels.has(labels.at(-1) ?? '');
}

/** Chains of which every certificate could be read: a gap would look like disorder. */
function wholeChains(input: FindingInput): readonly (readonly ExaminedCertificate[])[] {
  const hasGap = input.result.unresolved.some(({ probe }) => probe.startsWith('certificate-'));
  return hasGap ? [] : [input.certificates, ...input.otherChains];
}

function lacksIssuer({ facts }: ExaminedCertificate, others: readonly ExaminedCertificate[]): boolean {
  return !facts.isSelfIssued && !others.some((other) => other.facts.subject === facts.issuer);
}

function isFollowedByIssuer(certificate: ExaminedCertificate, next: ExaminedCertificate | undefined): boolean {
  return next === undefined || next.facts.subject === certificate.facts.issuer;
}

function showAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
