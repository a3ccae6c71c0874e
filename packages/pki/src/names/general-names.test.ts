import { describe, expect, it } from 'vitest';
import { derTag, hex, readDer } from '../der/reader.ts';
import { sequence } from '../der/writer.ts';
import { PkiError } from '../errors.ts';
import { groupNames } from '../x509/certificate-details.ts';
import { readGeneralNames, type SubjectName, writeSubjectName } from './general-names.ts';

describe('PKI-1: names that a certificate stands for', () => {
  it('are written and read back', () => {
    const names: readonly SubjectName[] = [
      { kind: 'dns', value: 'a.example.org' },
      { kind: 'dns', value: '*.example.org' },
      { kind: 'address', value: '192.0.2.1' },
      { kind: 'address', value: '2001:db8::1' },
      { kind: 'email', value: 'a.b+c@example.org' },
      { kind: 'uri', value: 'spiffe://example.org/service' },
    ];
    const written = sequence(...names.map(writeSubjectName));
    expect(groupNames(readGeneralNames(readDer(written, derTag.sequence).content))).toEqual({
      dns: ['a.example.org', '*.example.org'],
      addresses: ['192.0.2.1', '2001:db8::1'],
      emails: ['a.b+c@example.org'],
      uris: ['spiffe://example.org/service'],
      directories: [],
      others: 0,
    });
  });

  it('have the tags of RFC 5280', () => {
    expect(hex(writeSubjectName({ kind: 'dns', value: 'a' }))).toBe('820161');
    expect(hex(writeSubjectName({ kind: 'address', value: '1.2.3.4' }))).toBe('870401020304');
  });

  it.each<SubjectName>([
    { kind: 'dns', value: '' },
    { kind: 'dns', value: '*' },
    { kind: 'dns', value: '*.org' },
    { kind: 'dns', value: 'a.*.org' },
    { kind: 'dns', value: 'a..org' },
    { kind: 'dns', value: '-a.org' },
    { kind: 'dns', value: 'a.org\0.evil' },
    { kind: 'dns', value: 'münchen.example' },
    { kind: 'dns', value: '192.0.2.1' },
    { kind: 'dns', value: `${'a'.repeat(64)}.org` },
    { kind: 'address', value: '192.0.2.256' },
    { kind: 'address', value: 'a.example' },
    { kind: 'email', value: 'example.org' },
    { kind: 'email', value: 'a b@example.org' },
    { kind: 'uri', value: '/relative' },
    { kind: 'uri', value: 'https://exa mple' },
  ])('%j is refused', (name) => {
    expect(() => writeSubjectName(name)).toThrow(PkiError);
    expect(() => writeSubjectName(name)).toThrow(expect.objectContaining({ code: 'PKI_INPUT_INVALID' }));
  });
});
