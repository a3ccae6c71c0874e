import { describe, expect, it } from 'vitest';
import { brokenSignatureHash } from './algorithm-names.ts';

describe('the hash of a signature', () => {
  const pss = '1.2.840.113549.1.1.10';
  it.each([
    ['MD5 with RSA', { oid: '1.2.840.113549.1.1.4' }, 'MD5'],
    ['SHA-1 with ECDSA', { oid: '1.2.840.10045.4.1' }, 'SHA-1'],
    ['SHA-256 with RSA', { oid: '1.2.840.113549.1.1.11' }, undefined],
    ['PSS whose hash is SHA-1', { oid: pss, pssHashOid: '1.3.14.3.2.26' }, 'SHA-1'],
    ['PSS whose hash is SHA-256', { oid: pss, pssHashOid: '2.16.840.1.101.3.4.2.1' }, undefined],
  ])('of %s is judged by what the certificate names', (_name, facts, broken) => {
    expect(brokenSignatureHash(facts)).toBe(broken);
  });
});
