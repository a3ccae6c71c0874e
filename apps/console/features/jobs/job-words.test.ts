import { jobKindSchema, jobStatusSchema } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { adviceOf, kindWord, outcomeOf, statusWord } from './job-words.ts';

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

  it('a line says what came of it, and names the first of many', () => {
    const asset = { target: 'a.example:443', assetId: 'id', isNew: true };
    const silent = { target: 'b.example:443', error: 'refused' as const };
    const of = (targets: number, assets: (typeof asset)[], unreachable: (typeof silent)[]) =>
      outcomeOf({ error: null, result: { targets, assets, unreachable } });
    expect(of(1, [asset], [])).toBe('a.example:443: answered');
    expect(of(1, [], [silent])).toBe('b.example:443: no answer');
    expect(of(7, [asset], [silent])).toBe('a.example:443 and 6 more');
    expect(outcomeOf({ error: null, result: { artifactId: 'id', artifactKind: 'jwks' } })).toContain(
      'JSON Web Key Set',
    );
    expect(outcomeOf({ error: { code: 'CODE', message: 'sentence' }, result: null })).toBe('sentence');
    expect(outcomeOf({ error: null, result: null })).toBe('');
  });
});
