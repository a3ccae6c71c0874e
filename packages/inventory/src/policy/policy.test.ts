import { describe, expect, it } from 'vitest';
import { testRegistry } from '../../test/algorithms.ts';
import { assetTypes } from '../asset/asset.ts';
import type { CryptoUse } from '../asset/encryption-profile.ts';
import { defaultRiskSettings } from '../risk/risk-tables.ts';
import { fitsAssetType, type PolicyOutcome, simulatePolicy } from './apply-policy.ts';
import { expectationsOf, tlsGroupsOfPolicy, tokenSignaturesOfPolicy } from './expectations.ts';
import { builtInPolicies, type ProtectionPolicyRules } from './protection-policy.ts';
import { validatePolicy } from './validate-policy.ts';

const today = '2026-11-23';

function builtIn(name: string): ProtectionPolicyRules {
  const policy = builtInPolicies.find((candidate) => candidate.name === name);
  if (policy === undefined) throw new Error(`no built-in policy ${name}`);
  return policy;
}

const hybrid = builtIn('hybrid-default');
const classical = builtIn('fips-classical');
const cnsa = builtIn('cnsa-2.0');
const archive = builtIn('long-term-archive');
const codes = (policy: ProtectionPolicyRules) =>
  validatePolicy(policy, testRegistry, today).map(({ field, code }) => `${field}:${code}`);

describe('INV-8: protection policies', () => {
  it('there are four built-in defaults and all are valid', () => {
    expect(builtInPolicies.map(({ name }) => name)).toEqual([
      'hybrid-default',
      'cnsa-2.0',
      'fips-classical',
      'long-term-archive',
    ]);
    for (const policy of builtInPolicies) expect(validatePolicy(policy, testRegistry, today), policy.name).toEqual([]);
  });

  it.each([
    ['classical mode refuses ML-KEM', { ...classical, kem: ['secp256r1', 'ML-KEM-768'] }, ['kem:not-in-mode']],
    ['classical mode refuses a hybrid', { ...classical, kem: ['X-Wing'] }, ['kem:not-in-mode']],
    ['classical mode refuses ML-DSA', { ...classical, signature: ['ML-DSA-87'] }, ['signature:not-in-mode']],
    ['pqc mode refuses a classical choice', { ...cnsa, kem: ['ML-KEM-1024', 'x25519'] }, ['kem:not-in-mode']],
    ['pqc mode refuses a hybrid', { ...cnsa, kem: ['SecP384r1MLKEM1024'] }, ['kem:not-in-mode']],
    ['hybrid mode needs the classical half', { ...hybrid, kem: ['ML-KEM-768'] }, ['kem:half-missing']],
    ['hybrid mode needs the post-quantum half', { ...hybrid, kem: ['x25519'] }, ['kem:half-missing']],
    ['hybrid mode takes the halves apart too', { ...hybrid, kem: ['ML-KEM-768', 'x25519'] }, []],
    ['a choice below the target level is too weak', { ...hybrid, kem: ['X-Wing', 'ML-KEM-512'] }, ['kem:too-weak']],
    ['CNSA 2.0 refuses ML-KEM-768', { ...cnsa, kem: ['ML-KEM-768'] }, ['kem:too-weak']],
    ['an unknown algorithm is an error (CRY-9)', { ...hybrid, kem: ['X-Wing', 'ROT13'] }, ['kem:unknown-algorithm']],
    ['a contest name is never stored (CRY-9)', { ...hybrid, kem: ['X-Wing', 'Kyber768'] }, ['kem:unknown-algorithm']],
    ['a KEM is no signature', { ...hybrid, signature: ['X-Wing'] }, ['signature:wrong-kind']],
    ['a signature is no AEAD', { ...hybrid, aead: ['ML-DSA-87'] }, ['aead:wrong-kind']],
    ['a disallowed algorithm is refused', { ...hybrid, kem: ['X-Wing', 'Old-KEM'] }, ['kem:disallowed']],
    ['an empty list is refused', { ...hybrid, aead: [] }, ['aead:empty']],
    ['an algorithm listed twice is refused', { ...hybrid, aead: ['AES-256-GCM', 'AES-256-GCM'] }, ['aead:repeated']],
    ['rotation every 0 days is refused', { ...hybrid, rotationDays: 0 }, ['rotationDays:out-of-range']],
    ['rotation every 366 days is refused', { ...hybrid, rotationDays: 366 }, ['rotationDays:out-of-range']],
    ['half a day is refused', { ...hybrid, rotationDays: 1.5 }, ['rotationDays:out-of-range']],
    [
      'category 6 does not exist',
      { ...hybrid, targetLevel: 6 },
      ['targetLevel:out-of-range', 'kem:too-weak', 'kem:too-weak', 'signature:too-weak'],
    ],
    ['classical mode reaches no category', { ...classical, targetLevel: 1 }, ['targetLevel:out-of-range']],
    ['the 30th of February is no deadline', { ...hybrid, deadline: '2030-02-30' }, ['deadline:out-of-range']],
    ['a policy needs a name', { ...hybrid, name: ' ' }, ['name:out-of-range']],
  ] satisfies readonly (readonly [string, ProtectionPolicyRules, readonly string[]])[])('%s', (_, policy, expected) => {
    expect(codes(policy)).toEqual(expected);
  });

  it('rotation of 1 and of 365 days is accepted', () => {
    for (const rotationDays of [1, 365]) expect(codes({ ...hybrid, rotationDays })).toEqual([]);
  });

  it('a policy that does not fit the asset’s type says why', () => {
    const fits = assetTypes.filter((type) => fitsAssetType(hybrid, type).fits);
    expect(fits).toEqual([
      'tls-endpoint',
      'certificate',
      'data-store',
      'key-material',
      'api-endpoint',
      'ssh-endpoint',
      'token-issuer',
    ]);
    expect(fitsAssetType(archive, 'tls-endpoint')).toEqual({
      fits: false,
      reason: 'The policy "long-term-archive" is made for data-store, key-material, not for tls-endpoint.',
    });
    expect(fitsAssetType({ ...hybrid, kem: ['Old-KEM'] }, 'tls-endpoint').fits).toBe(false);
  });

  it('TLS groups follow the policy’s order of preference', () => {
    expect(tlsGroupsOfPolicy(hybrid)).toEqual(['X25519MLKEM768']);
    expect(tlsGroupsOfPolicy(cnsa)).toEqual(['MLKEM1024']);
    expect(tlsGroupsOfPolicy(classical)).toEqual(['secp256r1', 'secp384r1']);
  });

  it('tokens are signed with the halves of a composite, each a key of its own', () => {
    expect(tokenSignaturesOfPolicy(hybrid)).toEqual(['ML-DSA-65', 'Ed25519', 'ECDSA-P256-SHA256']);
    expect(tokenSignaturesOfPolicy(archive)).toEqual(['ML-DSA-87', 'ECDSA-P384-SHA384']);
    expect(tokenSignaturesOfPolicy({ signature: ['MLDSA65-RSA3072-PSS-SHA512', 'ML-DSA-65'] })).toEqual(['ML-DSA-65']);
    expect(fitsAssetType({ ...hybrid, signature: ['MLDSA65-RSA3072-PSS-SHA512'] }, 'api-endpoint').fits).toBe(false);
  });

  it('INV-9: what satisfies a policy is named as a scan names it', () => {
    expect(expectationsOf(hybrid, 'tls-endpoint')).toEqual([
      { role: 'key-establishment', algorithms: ['X25519MLKEM768'] },
      { role: 'signature', algorithms: ['ECDSA-P256-SHA256', 'EC-P256'] },
      { role: 'encryption', algorithms: ['AES-256-GCM', 'ChaCha20-Poly1305'] },
    ]);
    expect(expectationsOf(hybrid, 'library')).toEqual([]);
  });
});

describe('INV-8: simulation', () => {
  const use = (role: CryptoUse['role'], algorithm: string): CryptoUse => ({ role, algorithm });
  const outcome: PolicyOutcome = {
    uses: [use('key-establishment', 'X25519MLKEM768'), use('signature', 'EC-P256'), use('encryption', 'AES-256-GCM')],
    weaknesses: [],
    agility: 'automated',
  };
  const context = { registry: testRegistry, settings: defaultRiskSettings, agility: 'configurable', outcome } as const;
  const endpoint = (uses: readonly CryptoUse[], type: 'tls-endpoint' | 'data-store' | 'library' = 'tls-endpoint') => ({
    type,
    sensitivity: 'confidential' as const,
    exposure: 'internet' as const,
    dataLifetimeYears: 10,
    encryptionProfile: {
      source: 'scan' as const,
      observedAt: '2026-11-23T00:00:00Z',
      uses,
      weaknesses: [{ id: 'w', severity: 'low' as const, message: 'CBC' }],
    },
  });
  const classicalUses: readonly CryptoUse[] = [
    { role: 'key-establishment', algorithm: 'x25519' },
    { role: 'signature', algorithm: 'EC-P256' },
    { role: 'encryption', algorithm: 'AES-256-GCM' },
  ];

  it('names what would change and what stays, with the risk before and after', () => {
    const result = simulatePolicy(endpoint(classicalUses), hybrid, context);
    expect(result.changes).toEqual([{ role: 'key-establishment', from: 'x25519', to: 'X25519MLKEM768' }]);
    expect(result.unchanged.map(({ algorithm }) => algorithm)).toEqual(['EC-P256', 'AES-256-GCM']);
    expect(result.riskAfter.score).toBeLessThan(result.riskBefore.score);
  });

  it('an asset that shows the outcome already changes nothing but its weaknesses and how easily it changes', () => {
    const result = simulatePolicy(endpoint(outcome.uses), hybrid, context);
    expect(result.changes).toEqual([]);
    expect(result.unchanged).toEqual(outcome.uses);
    expect(result.riskAfter.weaknesses).toEqual([]);
    expect(result.riskAfter.agilityFactor).toBe(0.8);
  });

  it('what the outcome leaves to complain of is in the risk that it promises', () => {
    const weaknesses = [{ id: 'certificate-self-signed', severity: 'medium', message: 'self-signed' }] as const;
    const left = simulatePolicy(endpoint(classicalUses), hybrid, { ...context, outcome: { ...outcome, weaknesses } });
    const clean = simulatePolicy(endpoint(classicalUses), hybrid, context);
    expect(left.riskAfter.score).toBeGreaterThan(clean.riskAfter.score);
    expect(left.riskAfter.weaknesses).toEqual(weaknesses);
  });

  it('an asset that nobody has looked at starts from nothing known', () => {
    const uses = [use('key-establishment', 'MLKEM1024-P384'), use('encryption', 'AES-256-GCM')];
    const result = simulatePolicy({ ...endpoint([], 'data-store'), encryptionProfile: null }, archive, {
      ...context,
      outcome: { ...outcome, uses },
    });
    expect(result.changes).toEqual([
      { role: 'key-establishment', from: null, to: 'MLKEM1024-P384' },
      { role: 'encryption', from: null, to: 'AES-256-GCM' },
    ]);
  });

  it('two keys in one role are two changes, and one that is kept is none', () => {
    const uses = [use('signature', 'ML-DSA-65'), use('signature', 'Ed25519')];
    const result = simulatePolicy(endpoint([use('signature', 'Ed25519')], 'data-store'), hybrid, {
      ...context,
      outcome: { ...outcome, uses },
    });
    expect(result.changes).toEqual([{ role: 'signature', from: null, to: 'ML-DSA-65' }]);
    expect(result.unchanged).toEqual([use('signature', 'Ed25519')]);
  });

  it('a policy that does not fit changes nothing', () => {
    const result = simulatePolicy(endpoint(classicalUses, 'library'), hybrid, context);
    expect(result.fit.fits).toBe(false);
    expect(result.changes).toEqual([]);
  });
});
