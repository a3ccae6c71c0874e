import { createSecureContext } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { nodeTlsOptions, tlsProfile, tlsProfileNames } from './tls-profile.ts';

const unchanged = { minVersion: null, groups: [], suites: [] } as const;

describe('TLS profiles', () => {
  it.each(tlsProfileNames)('PKI-3: %s names only what the runtime knows, hybrid groups first', (name) => {
    const options = nodeTlsOptions(tlsProfile(name, unchanged));
    // OpenSSL throws for a group or suite that it does not know.
    expect(() => createSecureContext(options)).not.toThrow();
    expect(options.ecdhCurve).toMatch(/^X25519MLKEM768:/);
  });

  it('PKI-3: modern takes TLS 1.3 alone, intermediate TLS 1.2 too, post-quantum no classical group', () => {
    expect(tlsProfile('modern', unchanged).minVersion).toBe('TLSv1.3');
    const intermediate = tlsProfile('intermediate', unchanged);
    expect(intermediate.minVersion).toBe('TLSv1.2');
    expect(intermediate.suites).toContain('ECDHE-RSA-AES256-GCM-SHA384');
    expect(tlsProfile('post-quantum', unchanged).groups.every((group) => group.includes('MLKEM'))).toBe(true);
  });

  it("PKI-3: an operator's lists and version take the place of the profile's", () => {
    const changes = { minVersion: 'TLSv1.2', groups: ['x25519'], suites: [] } as const;
    const changed = tlsProfile('modern', changes);
    expect(changed).toMatchObject({ minVersion: 'TLSv1.2', groups: ['x25519'] });
    expect(changed.suites).toContain('ECDHE-ECDSA-AES256-GCM-SHA384');
    const one = tlsProfile('modern', { ...unchanged, suites: ['TLS_CHACHA20_POLY1305_SHA256'] });
    expect(nodeTlsOptions(one).ciphers).toBe('TLS_CHACHA20_POLY1305_SHA256');
  });

  it.each([
    ['a group that is not offered', 'modern', { groups: ['X25519Kyber768Draft00'] }],
    ['a suite without forward secrecy', 'intermediate', { suites: ['TLS_AES_256_GCM_SHA384', 'AES256-SHA'] }],
    ['a group twice', 'modern', { groups: ['x25519', 'x25519'] }],
    ['a classical group in post-quantum', 'post-quantum', { groups: ['X25519MLKEM768', 'x25519'] }],
    ['TLS 1.2 in post-quantum', 'post-quantum', { minVersion: 'TLSv1.2' }],
    ['no suite of TLS 1.3', 'intermediate', { suites: ['ECDHE-RSA-AES256-GCM-SHA384'] }],
    ['no suite of TLS 1.2', 'intermediate', { suites: ['TLS_AES_256_GCM_SHA384'] }],
  ] as const)('PKI-3: %s is refused', (_what, name, changes) => {
    expect(() => tlsProfile(name, { ...unchanged, ...changes })).toThrow(
      expect.objectContaining({ code: 'PKI_TLS_PROFILE' }),
    );
  });
});
