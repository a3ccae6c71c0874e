import { describe, expect, it } from 'vitest';
import { generateRecoveryCodes, recoveryCodeHash } from './recovery-codes.ts';

const owner = { tenantId: '01920000-0000-7000-8000-000000000001', subjectId: '01920000-0000-7000-8000-000000000002' };
const hash = (code: string, of = owner): string => Buffer.from(recoveryCodeHash(of, code)).toString('hex');

describe('ACC-2: recovery codes', () => {
  it('ACC-2: are ten, all different, in groups that people can type', () => {
    const codes = generateRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
  });

  it('ACC-2: are found however they are typed, and belong to one user', () => {
    const code = 'ABCD-EFGH-2345-67AB';
    for (const typed of ['abcd-efgh-2345-67ab', ' ABCDEFGH234567AB ', 'ABCD EFGH 2345 67AB'])
      expect(hash(typed)).toBe(hash(code));
    const another = { ...owner, subjectId: owner.tenantId };
    expect(hash(code, another)).not.toBe(hash(code));
    expect(hash(code, { ...owner, tenantId: owner.subjectId })).not.toBe(hash(code));
  });

  it('that are malformed hash to what no code hashes to', () => {
    const nothing = hash('');
    for (const bad of ['ABCD', 'ABCD-EFGH-2345-67AB-A', 'ABCD-EFGH-2345-67A1', 'x'.repeat(10_000)])
      expect(hash(bad)).toBe(nothing);
    for (const code of generateRecoveryCodes()) expect(hash(code)).not.toBe(nothing);
  });
});
