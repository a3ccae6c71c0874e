import { type CipherSuite, findSuite } from '../tls/cipher-suites.ts';
import type { TlsVersion } from '../tls/versions.ts';
import { type FindingInput, type FindingRule, hasTls, isOpen, list } from './rule.ts';

const remedy = 'Allow only TLS 1.3 suites and ECDHE suites with AES-GCM or ChaCha20-Poly1305.';

/** Rules on cipher suites. Each looks at suites that a server negotiated, never at what it might do. */
export const suiteRules: readonly FindingRule[] = [
  weakness({
    id: 'tls-suite-broken',
    severity: 'critical',
    when: 'A suite without encryption (NULL) or without authentication (anonymous) was negotiated.',
    includes: ({ weaknesses }) => weaknesses.includes('null') || weaknesses.includes('anonymous'),
    sentence: 'Suites without encryption or without authentication are accepted',
  }),
  weakness({
    id: 'tls-suite-export',
    severity: 'critical',
    when: 'An EXPORT suite was negotiated.',
    includes: ({ weaknesses }) => weaknesses.includes('export'),
    sentence: 'Export suites of 40 to 56 bits are accepted (FREAK, Logjam)',
  }),
  weakness({
    id: 'tls-suite-des',
    severity: 'high',
    when: 'A suite with single DES or RC2 was negotiated.',
    includes: (suite) => /^(DES|DES40|RC2)-/.test(suite.cipher) && !suite.weaknesses.includes('export'),
    sentence: 'Suites with single DES or RC2 are accepted, which anybody can break by trying keys',
  }),
  weakness({
    id: 'tls-suite-rc4',
    severity: 'high',
    when: 'A suite with RC4 was negotiated.',
    includes: ({ weaknesses }) => weaknesses.includes('rc4') && !weaknesses.includes('export'),
    sentence: 'RC4 is accepted, which RFC 7465 forbids',
  }),
  weakness({
    id: 'tls-suite-64bit-block',
    severity: 'medium',
    when: 'A suite with 3DES or IDEA was negotiated.',
    includes: ({ cipher }) => /^(3DES|IDEA)-/.test(cipher),
    sentence: 'Ciphers with blocks of 64 bits are accepted; long sessions leak (SWEET32)',
  }),
  weakness({
    id: 'tls-suite-static-key',
    severity: 'high',
    when: 'A suite with static RSA, DH or ECDH was negotiated.',
    includes: ({ weaknesses }) => weaknesses.includes('static-key'),
    sentence: 'Suites without forward secrecy are accepted',
  }),
  weakness({
    id: 'tls-suite-md5',
    severity: 'medium',
    when: 'A suite with an MD5 code was negotiated.',
    includes: ({ weaknesses }) => weaknesses.includes('md5'),
    sentence: 'Suites whose records are authenticated with MD5 are accepted',
  }),
  weakness({
    id: 'tls-suite-cbc',
    severity: 'low',
    when: 'A CBC suite was negotiated.',
    includes: ({ weaknesses }) => weaknesses.includes('cbc'),
    sentence: 'CBC suites are accepted',
  }),
  {
    id: 'tls-beast',
    severity: 'low',
    when: 'A CBC suite was negotiated in TLS 1.0 or SSL 3.0.',
    check: (input) => {
      const found = suitesOf(input, ['SSLv3', 'TLSv1.0']).filter(({ suite }) => suite.weaknesses.includes('cbc'));
      return found.length === 0
        ? undefined
        : {
            message: 'CBC is used with predictable initial vectors (BEAST); current browsers work around it.',
            evidence: list(found.map(({ version, suite }) => `${version} ${suite.name}`)),
          };
    },
    remedy: 'Disable TLS 1.0 and SSL 3.0.',
  },
  {
    id: 'tls-no-forward-secrecy',
    severity: 'high',
    when: 'All suites were listed, there is no TLS 1.3, and none of them has an ephemeral key exchange.',
    check: (input) => {
      const suites = allOldSuites(input);
      return suites?.every(({ weaknesses }) => weaknesses.includes('static-key'))
        ? {
            message: 'No session has forward secrecy: whoever gets the server’s key reads all recorded traffic.',
            evidence: list(suites.map(({ name }) => name)),
          }
        : undefined;
    },
    remedy,
  },
  {
    id: 'tls-no-aead',
    severity: 'medium',
    when: 'All suites were listed, there is no TLS 1.3, and none of them is an AEAD.',
    check: (input) => {
      const suites = allOldSuites(input);
      return suites !== undefined && !suites.some(isAead)
        ? {
            message: 'No suite with authenticated encryption (GCM, CCM, ChaCha20-Poly1305) is offered.',
            evidence: list(suites.map(({ name }) => name)),
          }
        : undefined;
    },
    remedy,
  },
  {
    id: 'tls-suite-client-order',
    severity: 'low',
    when: 'The client’s order decides in a version in which the server accepts weak suites.',
    check: (input) => {
      for (const { version, suites, preference } of input.suitesByVersion) {
        const weak = suites.filter((name) => (findSuite(name)?.weaknesses.length ?? 0) > 0);
        if (preference !== 'client' || weak.length === 0 || weak.length === suites.length) continue;
        return {
          message: `In ${version} the client chooses the suite, and weak ones are among them.`,
          evidence: `${version}, client’s order: ${list(weak)}`,
        };
      }
      return undefined;
    },
    remedy: 'Remove the weak suites, or have the server’s order decide.',
  },
];

function weakness({
  includes,
  sentence,
  ...rule
}: Pick<FindingRule, 'id' | 'severity' | 'when'> & {
  readonly includes: (suite: CipherSuite) => boolean;
  readonly sentence: string;
}): FindingRule {
  return {
    ...rule,
    check: ({ result }) => {
      const found = result.suites.filter((name) => {
        const suite = findSuite(name);
        return suite !== undefined && includes(suite);
      });
      return found.length === 0
        ? undefined
        : { message: `${sentence}, for example ${found[0]}.`, evidence: list(found) };
    },
    remedy,
  };
}

function suitesOf(input: FindingInput, versions: readonly TlsVersion[]): { version: TlsVersion; suite: CipherSuite }[] {
  return input.suitesByVersion
    .filter(({ version }) => versions.includes(version))
    .flatMap(({ version, suites }) =>
      suites.flatMap((name) => {
        const suite = findSuite(name);
        return suite === undefined ? [] : [{ version, suite }];
      }),
    );
}

/** Every suite of a server without TLS 1.3; undefined when it has TLS 1.3, may have it, or when a list is not complete. */
function allOldSuites(input: FindingInput): readonly CipherSuite[] | undefined {
  const { result, suitesByVersion } = input;
  if (!hasTls(input) || result.versions.includes('TLSv1.3') || isOpen(result, 'tls13-groups')) return undefined;
  const isComplete = result.versions.every((version) =>
    suitesByVersion.some((entry) => entry.version === version && entry.isComplete && entry.suites.length > 0),
  );
  const names = new Set(suitesByVersion.flatMap(({ suites }) => suites));
  const known = [...names].flatMap((name) => findSuite(name) ?? []);
  // A suite that is in no table may be anything, so nothing is said about "all".
  return isComplete && known.length === names.size ? known : undefined;
}

function isAead({ name }: CipherSuite): boolean {
  return /_(GCM|CCM|CCM_8|MGM_[LS]|POLY1305)(_|$)/.test(name);
}
