import { jobKindSchema, jobStatusSchema } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { adviceOf, kindWord, statusWord } from './job-words.ts';

describe('IFC-5: jobs in words', () => {
  it('every kind and state has its word', () => {
    expect(Object.keys(kindWord).sort()).toEqual([...jobKindSchema.options].sort());
    expect(Object.keys(statusWord).sort()).toEqual([...jobStatusSchema.options].sort());
  });

  it('a failure says what is safe and what to do, also one that this release does not know', () => {
    const of = (kind: 'scan-tls' | 'protect-asset', code: string) =>
      adviceOf({ kind, error: { code, message: 'sentence' } });
    expect(of('protect-asset', 'PROTECTION_NOT_OFFERED').next).toContain('Choose a policy');
    expect(of('protect-asset', 'NEW_CODE').safe).toContain('all or nothing');
    expect(of('scan-tls', 'POISONED').safe).toContain('is kept');
  });
});
