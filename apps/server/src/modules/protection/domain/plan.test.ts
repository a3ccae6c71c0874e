import { builtInPolicies } from '@quantumvault/inventory';
import { describe, expect, it } from 'vitest';
import { keysOf, planProtection } from './plan.ts';
import { nodeTlsOptions } from './tls-bundle.ts';

const policy = (name: string) => builtInPolicies.find((rules) => rules.name === name) ?? expect.fail(name);
const dataStore = { type: 'data-store', endpoint: 'db/orders' } as const;
const tlsEndpoint = { type: 'tls-endpoint', endpoint: 'example.org:443' } as const;
const refusal = (name: string, asset: typeof dataStore | typeof tlsEndpoint) => {
  try {
    planProtection(policy(name), asset);
  } catch (error) {
    return { code: Reflect.get(Object(error), 'code'), message: String(error) };
  }
  return expect.fail('it was planned');
};

describe('INV-9: plans', () => {
  it('INV-9: hybrid-default gives a data store X-Wing and AES-256-GCM', () => {
    const plan = planProtection(policy('hybrid-default'), dataStore);
    expect(plan).toMatchObject({ kind: 'data-key', kem: 'X-Wing' });
    expect(keysOf(plan)).toEqual(['X-Wing', 'AES-256-GCM']);
  });

  it('INV-9: hybrid-default puts the hybrid group first and ends below TLS 1.3 nowhere', () => {
    const plan = planProtection(policy('hybrid-default'), tlsEndpoint);
    if (plan.kind !== 'tls-bundle') expect.fail();
    expect(nodeTlsOptions(plan)).toEqual({
      minVersion: 'TLSv1.3',
      maxVersion: 'TLSv1.3',
      ecdhCurve: 'X25519MLKEM768:X25519:P-256',
      honorCipherOrder: true,
      ciphers: 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
    });
    // Longer than the rotation, so that the next certificate is there before a scan warns of the end of this one.
    expect(plan.validityDays).toBe(121);
  });

  it('INV-9: fips-classical gives classical groups alone, with TLS 1.2', () => {
    const plan = planProtection(policy('fips-classical'), tlsEndpoint);
    if (plan.kind !== 'tls-bundle') expect.fail();
    expect(nodeTlsOptions(plan)).toMatchObject({
      minVersion: 'TLSv1.2',
      ecdhCurve: 'P-256:P-384',
      ciphers: 'TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES256-GCM-SHA384',
    });
  });

  it('INV-9: what this release cannot make is refused by name', () => {
    expect(refusal('cnsa-2.0', dataStore)).toMatchObject({ code: 'PROTECTION_NOT_OFFERED' });
    expect(refusal('cnsa-2.0', dataStore).message).toContain('ML-KEM-1024');
    expect(refusal('fips-classical', dataStore).message).toContain('secp256r1');
    expect(refusal('long-term-archive', dataStore).message).toContain('MLKEM1024-P384');
  });

  it('INV-8: a policy for other types does not fit', () => {
    expect(refusal('long-term-archive', tlsEndpoint)).toMatchObject({ code: 'PROTECTION_POLICY_UNFIT' });
  });

  it('CNSA 2.0: a TLS endpoint gets an ML-DSA-87 certificate and no classical group', () => {
    expect(planProtection(policy('cnsa-2.0'), tlsEndpoint)).toMatchObject({
      signature: 'ML-DSA-87',
      groups: ['MLKEM1024'],
      minVersion: 'TLSv1.3',
    });
  });

  it('INV-9: APIs and token issuers get one key, or one of each kind in hybrid mode, in the order of the policy', () => {
    for (const type of ['api-endpoint', 'token-issuer'] as const) {
      const signatures = (name: string) => keysOf(planProtection(policy(name), { type, endpoint: 'x' }));
      expect(signatures('hybrid-default')).toEqual(['ML-DSA-65', 'Ed25519']);
      expect(signatures('cnsa-2.0')).toEqual(['ML-DSA-87']);
      expect(signatures('fips-classical')).toEqual(['ECDSA-P256-SHA256']);
      const order = { ...policy('hybrid-default'), signature: ['ECDSA-P384-SHA384', 'SLH-DSA-SHA2-128s', 'ML-DSA-44'] };
      expect(keysOf(planProtection(order, { type, endpoint: 'x' }))).toEqual(['ECDSA-P384-SHA384', 'ML-DSA-44']);
      const half = { ...policy('hybrid-default'), signature: ['ECDSA-P384-SHA384', 'SLH-DSA-SHA2-128s'] };
      expect(() => planProtection(half, { type, endpoint: 'x' })).toThrow(/only one half/);
    }
  });

  it('INV-9: other types of asset are refused, whatever the policy', () => {
    for (const type of ['key-material', 'ssh-endpoint'] as const)
      expect(() => planProtection(policy('hybrid-default'), { type, endpoint: 'x' })).toThrow(/is not offered/);
    for (const type of ['library', 'source-usage'] as const)
      expect(() => planProtection(policy('hybrid-default'), { type, endpoint: 'x' })).toThrow(/no job can protect it/);
  });
});
