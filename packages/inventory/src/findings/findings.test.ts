import { describe, expect, it } from 'vitest';
import { findTlsFindings, tlsFindingRules } from '../scan/findings.ts';
import type { ScannedCertificate, TlsScanResult } from '../scan/tls-scan-result.ts';
import type { FailedDialogueEnd } from '../starttls/turns.ts';
import type { ExaminedCertificate, FindingInput, SuitesOfVersion } from './rule.ts';

const now = new Date('2026-11-25T00:00:00Z');
const good = 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256';
const cbc = 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA';
const staticCbc = 'TLS_RSA_WITH_AES_128_CBC_SHA';

interface Certificate {
  readonly subject?: string;
  readonly issuer?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly rsaBits?: number;
  readonly shown?: Partial<ScannedCertificate>;
  readonly brokenHash?: string;
  readonly dns?: readonly string[];
  readonly addresses?: readonly Uint8Array[];
  readonly isAuthority?: boolean;
  readonly hasBrokenExtensions?: boolean;
}

/** A certificate with nothing wrong: 90 days, P-256, its name in the subjectAltName, issued by an authority that is sent. */
function certificate(options: Certificate = {}): ExaminedCertificate {
  const { subject = 'CN=a.example.com', issuer = 'CN=CA', rsaBits } = options;
  const [notBefore, notAfter] = [
    options.notBefore ?? '2026-11-01T00:00:00Z',
    options.notAfter ?? '2027-01-29T23:59:59Z',
  ];
  return {
    shown: {
      subject,
      issuer,
      keyAlgorithm: rsaBits === undefined ? 'EC-P256' : `RSA-${rsaBits}`,
      signatureAlgorithm: 'ECDSA-SHA256',
      notBefore,
      notAfter,
      fingerprint256: 'ab'.repeat(32),
      keyBits: rsaBits ?? null,
      securityBits: 128,
      quantumVulnerable: true,
      ...options.shown,
    },
    facts: {
      version: 3,
      subject,
      issuer,
      subjectAttributes: [],
      issuerAttributes: [],
      serialNumber: '01',
      notBefore,
      notAfter,
      key: rsaBits === undefined ? { oid: '1.2.840.10045.2.1' } : { oid: '1.2.840.113549.1.1.1', modulusBits: rsaBits },
      signature: { oid: '1.2.840.10045.4.3.2' },
      innerSignatureOid: '1.2.840.10045.4.3.2',
      isSelfIssued: subject === issuer,
    },
    extensions: options.hasBrokenExtensions
      ? undefined
      : {
          names: { dns: options.dns ?? ['a.example.com'], addresses: options.addresses ?? [] },
          isAuthority: options.isAuthority ?? false,
        },
    brokenHash: options.brokenHash,
  };
}

const authority = certificate({ subject: 'CN=CA', issuer: 'CN=CA', dns: [], isAuthority: true });

type Overrides = Omit<Partial<FindingInput>, 'result'> & { readonly result?: Partial<FindingInput['result']> };

/** An endpoint with nothing wrong but its quantum-vulnerable certificate, and what a case changes in it. */
function input({ result, ...rest }: Overrides = {}): FindingInput {
  const healthy: Omit<TlsScanResult, 'findings'> = {
    host: 'a.example.com',
    port: 443,
    reachable: true,
    versions: ['TLSv1.2', 'TLSv1.3'],
    suites: ['TLS_AES_256_GCM_SHA384', good],
    groups: ['SecP384r1MLKEM1024', 'x25519'],
    preference: 'server',
    chain: [],
    error: null,
    provenGroup: 'SecP384r1MLKEM1024',
    unresolved: [],
    protocol: 'tls',
    profile: 'full',
    suitesByVersion: [],
    groupsByVersion: [],
    provenGroups: ['SecP384r1MLKEM1024'],
    keyShareSteers: null,
    alpn: null,
    dheBits: null,
    chains: [],
    closings: [],
  };
  return {
    result: { ...healthy, ...result },
    certificates: [certificate(), authority],
    otherChains: [],
    suitesByVersion: [],
    dheBits: undefined,
    hellos: {
      secureRenegotiation: true,
      extendedMainSecret: true,
      downgradeMark: true,
    },
    asksForClientCertificate: false,
    isNotTls: false,
    starttls: undefined,
    dialogueEnd: undefined,
    serverName: 'a.example.com',
    now,
    ...rest,
  };
}

const suites = (...names: string[]): Overrides => ({ result: { suites: names } });
const oldOnly = (names: readonly string[], isComplete = true): Overrides => ({
  result: { versions: ['TLSv1.2'], suites: names },
  suitesByVersion: [{ version: 'TLSv1.2', suites: names, isComplete, preference: 'server' }],
});
const byVersion = (
  ...entries: (Partial<SuitesOfVersion> & Pick<SuitesOfVersion, 'version' | 'suites'>)[]
): Overrides => ({
  suitesByVersion: entries.map((entry) => ({ isComplete: true, preference: 'server', ...entry })),
});
const leaf = (options: Certificate): Overrides => ({ certificates: [certificate(options), authority] });
const unresolved = (probe: string): Overrides['result'] => ({
  unresolved: [{ probe, cause: 'timeout', detail: 'no complete answer in time' }],
});
const ended = (kind: FailedDialogueEnd['kind']): Overrides => ({
  starttls: 'smtp',
  dialogueEnd: { kind, detail: 'seen' },
  result: { versions: [], groups: [], suites: [] },
  certificates: [],
  hellos: {},
});
const p256 = certificate();

// Per rule: an input that it fires on, what its evidence must say, and a near miss that it must not fire on.
const cases: Readonly<Record<string, readonly [fires: Overrides, evidence: RegExp, nearMiss: Overrides]>> = {
  'tls-sslv3': [{ result: { versions: ['SSLv3', 'TLSv1.3'] } }, /SSLv3/, { result: { versions: ['TLSv1.0'] } }],
  'tls-old-version': [{ result: { versions: ['TLSv1.0', 'TLSv1.1', 'TLSv1.2'] } }, /TLSv1\.0, TLSv1\.1$/, {}],
  'tls-no-tls13': [
    { result: { versions: ['TLSv1.2'] } },
    /TLSv1\.2/,
    { result: { versions: ['TLSv1.2'], ...unresolved('tls13-groups') } },
  ],
  'tls-no-downgrade-mark': [
    { hellos: { downgradeMark: false } },
    /downgrade mark/,
    { hellos: { downgradeMark: false }, result: { versions: ['TLSv1.2'] } },
  ],
  'tls-no-secure-renegotiation': [{ hellos: { secureRenegotiation: false } }, /absent/, { hellos: {} }],
  'tls-no-extended-main-secret': [{ hellos: { extendedMainSecret: false } }, /absent/, { hellos: {} }],
  'tls-no-pq-group': [
    { result: { groups: ['x25519', 'secp256r1'] } },
    /x25519, secp256r1/,
    { result: { groups: ['x25519'], ...unresolved('tls13-groups') } },
  ],
  'tls-classical-preferred': [
    { result: { groups: ['x25519', 'X25519MLKEM768'] } },
    /x25519, X25519MLKEM768; preference: server/,
    { result: { groups: ['x25519', 'X25519MLKEM768'], preference: 'client' } },
  ],
  'tls-draft-group': [
    { result: { groups: ['X25519MLKEM768', 'X25519Kyber768Draft00'] } },
    /X25519Kyber768Draft00$/,
    { result: { groups: ['X25519MLKEM768'] } },
  ],
  'tls-not-cnsa2': [
    { result: { groups: ['X25519MLKEM768'] } },
    /X25519MLKEM768/,
    { result: { groups: ['MLKEM1024'] } },
  ],
  'tls-weak-group': [
    { result: { groups: ['secp192r1'] } },
    /secp192r1: 96 bits/,
    { result: { groups: ['secp224r1'] } },
  ],
  'tls-dhe-weak': [{ dheBits: 1024 }, /1024 bits/, { dheBits: 1025 }],
  'tls-dhe-short': [{ dheBits: 2047 }, /2047 bits/, { dheBits: 2048 }],
  'tls-suite-broken': [
    suites('TLS_DH_anon_WITH_AES_128_GCM_SHA256', 'TLS_RSA_WITH_NULL_SHA'),
    /DH_anon.*NULL_SHA/,
    suites(good, 'TLS_RSA_WITH_RC4_128_SHA'),
  ],
  'tls-suite-export': [
    suites('TLS_RSA_EXPORT_WITH_DES40_CBC_SHA'),
    /EXPORT_WITH_DES40/,
    suites('TLS_RSA_WITH_DES_CBC_SHA'),
  ],
  'tls-suite-des': [
    suites('TLS_RSA_WITH_DES_CBC_SHA'),
    /WITH_DES_CBC/,
    suites('TLS_RSA_WITH_3DES_EDE_CBC_SHA', 'TLS_RSA_EXPORT_WITH_DES40_CBC_SHA'),
  ],
  'tls-suite-rc4': [suites('TLS_ECDHE_RSA_WITH_RC4_128_SHA'), /RC4_128/, suites('TLS_RSA_EXPORT_WITH_RC4_40_MD5')],
  'tls-suite-64bit-block': [
    suites('TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA', 'TLS_RSA_WITH_IDEA_CBC_SHA'),
    /3DES.*IDEA/,
    suites('TLS_RSA_WITH_DES_CBC_SHA', cbc),
  ],
  'tls-suite-static-key': [suites(good, staticCbc), /TLS_RSA_WITH_AES/, suites(good, cbc)],
  'tls-suite-md5': [suites('TLS_RSA_WITH_RC4_128_MD5'), /MD5/, suites('TLS_RSA_WITH_RC4_128_SHA')],
  'tls-suite-cbc': [suites(good, cbc), /CBC_SHA/, suites(good)],
  'tls-beast': [
    byVersion({ version: 'TLSv1.0', suites: [cbc] }),
    /TLSv1\.0 TLS_ECDHE/,
    byVersion({ version: 'TLSv1.1', suites: [cbc] }, { version: 'TLSv1.0', suites: ['TLS_RSA_WITH_RC4_128_SHA'] }),
  ],
  'tls-no-forward-secrecy': [oldOnly([staticCbc]), /TLS_RSA/, oldOnly([staticCbc, good])],
  'tls-no-aead': [oldOnly([cbc]), /CBC/, oldOnly([cbc, 'TLS_RSA_WITH_AES_128_CCM_8'])],
  'tls-suite-client-order': [
    byVersion({ version: 'TLSv1.2', suites: [good, cbc], preference: 'client' }),
    /TLSv1\.2.*CBC/,
    byVersion(
      { version: 'TLSv1.2', suites: [good, cbc], preference: 'unknown' },
      { version: 'TLSv1.1', suites: [cbc], preference: 'client' },
    ),
  ],
  'certificate-expired': [
    leaf({ notAfter: '2026-11-24T23:59:59Z' }),
    /notAfter 2026-11-24T23:59:59Z, looked at on 2026-11-25/,
    leaf({ notAfter: '2026-11-25T00:00:00Z' }),
  ],
  'certificate-expires-soon': [
    leaf({ notAfter: '2026-12-25T00:00:00Z' }),
    /2026-12-25/,
    leaf({ notAfter: '2026-12-25T00:00:01Z' }),
  ],
  'certificate-not-yet-valid': [
    leaf({ notBefore: '2026-11-25T00:00:01Z' }),
    /notBefore 2026-11-25/,
    leaf({ notBefore: '2026-11-25T00:00:00Z' }),
  ],
  'certificate-key-factorable': [leaf({ rsaBits: 829 }), /829 bits/, leaf({ rsaBits: 830 })],
  'certificate-weak-key': [
    leaf({ rsaBits: 2047, shown: { securityBits: null } }),
    /RSA-2047, 2047 bits/,
    leaf({ rsaBits: 2048, shown: { securityBits: 112 } }),
  ],
  'certificate-weak-signature': [
    leaf({ brokenHash: 'SHA-1' }),
    /certificate abab/,
    { certificates: [p256, { ...authority, brokenHash: 'SHA-1' }] },
  ],
  'certificate-quantum-vulnerable': [
    {},
    /"CN=a\.example\.com": EC-P256/,
    { certificates: [certificate({ shown: { quantumVulnerable: null } })] },
  ],
  'certificate-post-quantum': [
    leaf({ shown: { quantumVulnerable: false, keyAlgorithm: 'ML-DSA-65' } }),
    /ML-DSA-65/,
    leaf({ shown: { quantumVulnerable: null } }),
  ],
  'certificate-algorithm-unknown': [
    leaf({ shown: { quantumVulnerable: null, keyAlgorithm: '1.2.3' } }),
    /certificate ab/,
    {},
  ],
  'certificate-name-mismatch': [
    leaf({ dns: ['b.example.com', '*.a.example.com'] }),
    /asked for a\.example\.com; names: b\.example\.com, \*\.a\.example\.com/,
    leaf({ dns: ['*.EXAMPLE.com.'] }),
  ],
  'certificate-address-mismatch': [
    { serverName: undefined, result: { host: '192.0.2.1' } },
    /names: a\.example\.com/,
    {
      serverName: undefined,
      result: { host: '192.0.2.1' },
      ...leaf({ addresses: [new Uint8Array([192, 0, 2, 1])] }),
    },
  ],
  'certificate-no-names': [leaf({ dns: [] }), /without DNS name/, leaf({ hasBrokenExtensions: true })],
  'certificate-lifetime': [
    leaf({ notBefore: '2025-11-01T00:00:00Z', notAfter: '2026-12-04T00:00:00Z' }),
    /2025-11-01T00:00:00Z to 2026-12-04T00:00:00Z for a\.example\.com/,
    leaf({ notBefore: '2025-11-01T00:00:00Z', notAfter: '2026-12-03T23:59:59Z' }),
  ],
  'certificate-self-signed': [{ certificates: [certificate({ subject: 'CN=x', issuer: 'CN=x' })] }, /"CN=x"/, {}],
  'certificate-is-authority': [leaf({ isAuthority: true }), /cA TRUE/, leaf({ hasBrokenExtensions: true })],
  'certificate-chain-incomplete': [
    { certificates: [p256] },
    /issuer "CN=CA" is in none of the 1/,
    { certificates: [p256], result: unresolved('certificate-1') ?? {} },
  ],
  'certificate-chain-order': [
    { certificates: [p256, certificate({ subject: 'CN=other', issuer: 'CN=CA' }), authority] },
    /certificate 0 "CN=a\.example\.com" is followed by "CN=other"/,
    // A chain that ends before its root is in order: clients hold the root.
    { certificates: [p256, certificate({ subject: 'CN=CA', issuer: 'CN=root' })] },
  ],
  'certificate-chain-expired': [
    { certificates: [p256, certificate({ subject: 'CN=CA', issuer: 'CN=CA', notAfter: '2026-01-01T00:00:00Z' })] },
    /"CN=CA": notAfter 2026-01-01/,
    leaf({ notAfter: '2026-01-01T00:00:00Z' }),
  ],
  'starttls-injection': [ended('injected'), /seen/, ended('unavailable')],
  'starttls-not-offered': [ended('not-offered'), /seen/, ended('wrong-protocol')],
  'starttls-unavailable': [ended('unavailable'), /seen/, { ...ended('unavailable'), result: {} }],
  'starttls-wrong-protocol': [ended('wrong-protocol'), /seen/, ended('not-offered')],
  'not-tls': [
    { isNotTls: true, result: { versions: [], ...unresolved('tls13-groups') } },
    /no complete answer/,
    { result: { versions: [], ...unresolved('tls13-groups') } },
  ],
  'tls-client-certificate': [{ asksForClientCertificate: true }, /CertificateRequest/, {}],
  'scan-incomplete': [
    { result: unresolved('tls12') ?? {} },
    /tls12: no complete answer/,
    { result: { versions: [], ...unresolved('tls12') } },
  ],
};

const idsOf = (overrides: Overrides) => findTlsFindings(input(overrides)).map(({ id }) => id);

describe('INV-3: the findings of a scan', () => {
  it('every rule has a case, and every case a rule', () => {
    expect(Object.keys(cases).sort()).toEqual(tlsFindingRules.map(({ id }) => id).sort());
    expect(new Set(tlsFindingRules.map(({ id }) => id)).size).toBe(tlsFindingRules.length);
  });

  it.each(Object.entries(cases))('%s fires on what it describes, with evidence', (id, [fires, evidence]) => {
    const finding = findTlsFindings(input(fires)).find((entry) => entry.id === id);
    expect(finding).toMatchObject({ evidence: expect.stringMatching(evidence) });
    expect(finding?.message).not.toBe('');
    expect(finding?.remedy).not.toBe('');
  });

  it.each(Object.entries(cases))('%s does not fire on a near miss', (id, [, , nearMiss]) => {
    expect(idsOf(nearMiss)).not.toContain(id);
  });

  it('an endpoint with nothing wrong has one finding, and that one is for information', () => {
    expect(idsOf({})).toEqual(['certificate-quantum-vulnerable']);
  });

  it('an endpoint of which nothing is known has none: silence is not "no"', () => {
    const silent = { result: { versions: [], groups: [], suites: [] }, certificates: [], hellos: {} } as const;
    expect(idsOf(silent)).toEqual([]);
  });

  it('lists that are not complete prove no absence', () => {
    expect(idsOf(oldOnly([staticCbc], false))).not.toContain('tls-no-forward-secrecy');
    expect(idsOf(oldOnly([cbc], false))).not.toContain('tls-no-aead');
    expect(idsOf(oldOnly([staticCbc, '0xabcd']))).not.toContain('tls-no-forward-secrecy');
  });

  it('a weakness of a second chain is found too', () => {
    const second = [certificate({ rsaBits: 1024, shown: { securityBits: 80 } }), authority];
    expect(idsOf({ otherChains: [second] })).toContain('certificate-weak-key');
  });

  it('names of a hostile length do not make a finding longer than its limits', () => {
    const findings = findTlsFindings(
      input({
        certificates: [
          certificate({
            subject: `CN=${'x'.repeat(100_000)}`,
            rsaBits: 512,
            dns: new Array(1_000).fill('y'.repeat(200)),
          }),
        ],
      }),
    );
    for (const { message, evidence } of findings) {
      expect(message.length).toBeLessThanOrEqual(1_000);
      expect(evidence.length).toBeLessThanOrEqual(2_000);
    }
  });

  it.each([
    ['2026-03-14T00:00:00Z', 398],
    ['2026-03-15T00:00:00Z', 200],
    ['2027-03-15T00:00:00Z', 100],
    ['2029-03-15T00:00:00Z', 47],
    ['2020-08-31T00:00:00Z', 825],
  ])('a certificate that begins on %s may live %i days, and not a second longer', (notBefore, days) => {
    const end = (extra: number) => new Date(Date.parse(notBefore) + days * 86_400_000 - 1_000 + extra * 1_000);
    const iso = (instant: Date) => instant.toISOString().replace('.000Z', 'Z');
    expect(idsOf(leaf({ notBefore, notAfter: iso(end(0)) }))).not.toContain('certificate-lifetime');
    expect(idsOf(leaf({ notBefore, notAfter: iso(end(1)) }))).toContain('certificate-lifetime');
  });

  it('private names and private authorities may live long', () => {
    const long = { notBefore: '2026-11-01T00:00:00Z', notAfter: '2036-11-01T00:00:00Z' };
    expect(idsOf(leaf({ ...long, dns: ['db', 'db.internal', 'db.corp'] }))).not.toContain('certificate-lifetime');
    expect(idsOf(leaf({ ...long, subject: 'CN=CA' }))).not.toContain('certificate-lifetime');
  });
});
