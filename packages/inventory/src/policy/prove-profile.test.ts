import { describe, expect, it } from 'vitest';
import type { AppliedPolicy, CryptoUse, EncryptionProfile } from '../asset/encryption-profile.ts';
import { observeProfile, proveProfile } from './prove-profile.ts';

const appliedPolicy: AppliedPolicy = {
  policyId: 'p',
  policyVersion: 1,
  jobId: 'j',
  appliedAt: '2026-11-20T00:00:00Z',
  expects: [
    { role: 'key-establishment', algorithms: ['X25519MLKEM768'] },
    { role: 'signature', algorithms: ['ECDSA-P256-SHA256', 'EC-P256'] },
  ],
  certificates: ['aa'],
};
const good: readonly CryptoUse[] = [
  { role: 'key-establishment', algorithm: 'X25519MLKEM768' },
  { role: 'signature', algorithm: 'EC-P256' },
  { role: 'encryption', algorithm: 'AES-128-GCM' },
];
const old: readonly CryptoUse[] = [{ role: 'key-establishment', algorithm: 'x25519' }, ...good.slice(1)];
const seen = (uses: readonly CryptoUse[], change: Partial<EncryptionProfile> = {}): EncryptionProfile => ({
  source: 'scan',
  observedAt: '2026-11-21T00:00:00Z',
  uses,
  weaknesses: [],
  ...change,
});
const stateOf = (profile: EncryptionProfile | null) => proveProfile(profile)?.state;

describe('INV-9: a scan proves what a job promised', () => {
  it('there is nothing to prove where no job promised anything', () => {
    expect(proveProfile(null)).toBeNull();
    expect(proveProfile(seen(good))).toBeNull();
    // Written by the release before this one.
    expect(proveProfile(seen(good, { appliedPolicy: { policyId: 'p', policyVersion: 1, jobId: 'j' } }))).toBeNull();
  });

  it('proven: all that is expected was seen since', () => {
    expect(proveProfile(seen(good, { appliedPolicy }))).toEqual({ state: 'proven', gaps: [] });
  });

  it('not yet: nobody has looked since, whatever was seen before', () => {
    expect(stateOf(seen(good, { appliedPolicy, observedAt: '2026-11-19T23:59:59Z' }))).toBe('not-yet');
    expect(stateOf(seen(good, { appliedPolicy, source: 'protection' }))).toBe('not-yet');
    expect(stateOf(seen(good, { appliedPolicy, source: 'declared' }))).toBe('not-yet');
  });

  it('not yet: the endpoint serves what it served before, and each gap is named', () => {
    expect(proveProfile(seen(old, { appliedPolicy, certificateSha256: 'bb' }))).toEqual({
      state: 'not-yet',
      gaps: [
        { role: 'key-establishment', message: 'Its key-establishment is x25519; the policy asks for X25519MLKEM768.' },
      ],
    });
  });

  it('failed: it serves the certificate that was made and yet not what was expected', () => {
    expect(stateOf(seen(old, { appliedPolicy, certificateSha256: 'aa' }))).toBe('failed');
  });

  it('what is not seen is a gap, never taken for granted', () => {
    expect(proveProfile(seen(good.slice(1), { appliedPolicy }))?.gaps).toEqual([
      { role: 'key-establishment', message: 'Nothing is known of its key-establishment.' },
    ]);
  });

  it('one key among several that does not satisfy is a gap', () => {
    const uses = [...good, { role: 'signature', algorithm: 'RSA-1024' }] as const;
    expect(proveProfile(seen(uses, { appliedPolicy }))?.gaps).toHaveLength(1);
  });

  it('the first proof is remembered, and losing it afterwards is a failure', () => {
    const applied = seen(old, { appliedPolicy });
    const proven = observeProfile(applied, seen(good));
    expect(proven.appliedPolicy?.provenAt).toBe('2026-11-21T00:00:00Z');
    const again = observeProfile(proven, seen(good, { observedAt: '2026-11-22T00:00:00Z' }));
    expect(again.appliedPolicy?.provenAt).toBe('2026-11-21T00:00:00Z');
    const lost = observeProfile(again, seen(old, { observedAt: '2026-11-23T00:00:00Z', certificateSha256: 'bb' }));
    expect(stateOf(lost)).toBe('failed');
    expect(observeProfile(null, seen(good))).toEqual(seen(good));
  });
});
