import { SecretBytes } from '@quantumvault/crypto';
import { describe, expect, it } from 'vitest';
import { encodeBase32 } from './base32.ts';
import { matchTotp, totpEnrolment, totpForm, totpStepAt } from './totp.ts';

// The last six digits of the eight that RFC 6238 appendix B gives for SHA-1.
const secret = SecretBytes.fromUtf8('12345678901234567890');
const at = (seconds: number): Date => new Date(seconds * 1000);
const vectors: readonly [number, string][] = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
];
const match = (seconds: number, code: string, lastStep = -1n) =>
  matchTotp({ secret, code, now: at(seconds), lastStep });

describe('ACC-2: TOTP', () => {
  it.each(vectors)('ACC-2: at %i s the code of RFC 6238 matches its step', (seconds, code) => {
    expect(match(seconds, code)).toBe(BigInt(Math.floor(seconds / 30)));
  });

  it('ACC-2: a code is good one step early and one step late, and no further', () => {
    const step = totpStepAt(at(1_234_567_890));
    const atStep = (offset: number) => match((Number(step) + offset) * totpForm.periodSeconds, '005924');
    expect([-2, -1, 0, 1, 2].map(atStep)).toEqual([null, step, step, step, null]);
  });

  it('ACC-2: a step that was used, and every step before it, matches no more', () => {
    const step = totpStepAt(at(1_234_567_890));
    expect(match(1_234_567_890, '005924', step - 1n)).toBe(step);
    expect(match(1_234_567_890, '005924', step)).toBeNull();
    expect(match(1_234_567_890, '005924', step + 1n)).toBeNull();
  });

  it.each(['', '5924', '0005924', '005924 ', '００５９２４', '287082', '999999'])('ACC-2: refuses %j', (code) => {
    expect(match(1_234_567_890, code)).toBeNull();
  });

  it('is enrolled by the URI that apps read, whatever the names hold', () => {
    const made = totpEnrolment({ secret, issuer: 'Quantum:Vault', account: 'ada+x@example.org?secret=A&b' });
    expect(made.secret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    const uri = new URL(made.uri);
    expect(decodeURIComponent(uri.pathname)).toMatch(/Quantum Vault:ada\+x@example\.org\?secret=A&b$/);
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      secret: made.secret,
      issuer: 'Quantum Vault',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });

  it('writes base32 as RFC 4648 section 10, without its padding', () => {
    const wanted = ['', 'MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI'];
    expect(wanted.map((_, length) => encodeBase32(Buffer.from('foobar'.slice(0, length))))).toEqual(wanted);
  });
});
