import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testRegistry } from '../../test/algorithms.ts';
import { type CryptoUse, cryptoRoles } from '../asset/encryption-profile.ts';
import { quantumReadiness, readinesses } from './quantum-readiness.ts';

const readiness = (...uses: readonly (readonly [CryptoUse['role'], string])[]) =>
  quantumReadiness(
    uses.map(([role, algorithm]) => ({ role, algorithm })),
    testRegistry,
  );

describe('INV-2: quantum readiness', () => {
  it('nothing known, or not all of it, is unknown', () => {
    expect(readiness()).toBe('unknown');
    expect(readiness(['key-establishment', 'unknown'], ['encryption', 'AES-256-GCM'])).toBe('unknown');
    expect(readiness(['key-establishment', 'X-Wing'], ['signature', '1.2.3'])).toBe('unknown');
  });

  it('a key establishment that falls, or none, is vulnerable whatever stands beside it', () => {
    expect(readiness(['key-establishment', 'x25519'], ['signature', 'EC-P256'])).toBe('vulnerable');
    expect(readiness(['key-establishment', 'none'])).toBe('vulnerable');
    expect(readiness(['key-establishment', 'x25519'], ['signature', 'unknown'])).toBe('vulnerable');
  });

  it('signatures alone that fall are partial beside a safe key establishment, and vulnerable without one', () => {
    expect(readiness(['key-establishment', 'X-Wing'], ['signature', 'EC-P256'])).toBe('partial');
    expect(readiness(['signature', 'EC-P256'])).toBe('vulnerable');
    expect(readiness(['key-establishment', 'unknown'], ['signature', 'EC-P256'])).toBe('vulnerable');
  });

  it('what is broken today is not safe from a quantum computer, whatever nobody has written of its bits', () => {
    const registry = {
      ...testRegistry,
      findAlgorithm: (id: string) =>
        id === 'RC4'
          ? { id, family: 'cipher', quantumVulnerable: false, status: { kind: 'disallowed' } }
          : testRegistry.findAlgorithm(id),
    };
    const uses = [
      { role: 'key-establishment', algorithm: 'X-Wing' },
      { role: 'encryption', algorithm: 'RC4' },
    ] as const;
    expect(quantumReadiness(uses, registry)).toBe('vulnerable');
  });

  it('all of it sound is safe', () => {
    expect(readiness(['key-establishment', 'X-Wing'], ['encryption', 'AES-256-GCM'])).toBe('safe');
  });

  it('one more vulnerable use never makes it better', () => {
    const algorithm = fc.constantFrom('x25519', 'X-Wing', 'EC-P256', 'AES-256-GCM', 'none', 'unknown', '1.2.3');
    const some = fc.array(fc.record({ role: fc.constantFrom(...cryptoRoles), algorithm }), { maxLength: 5 });
    const rank = { safe: 0, unknown: 1, partial: 1, vulnerable: 2 } as const;
    fc.assert(
      fc.property(some, fc.constantFrom(...cryptoRoles), (before, role) => {
        const now = quantumReadiness([...before, { role, algorithm: 'x25519' }], testRegistry);
        expect(readinesses).toContain(now);
        expect(rank[now]).toBeGreaterThanOrEqual(rank[quantumReadiness(before, testRegistry)]);
      }),
    );
  });
});
