import { describe, expect, it } from 'vitest';
import { readCorpus } from '../../test/corpus.ts';
import { cipherSuites, findSuite, suiteName, suitesToOffer } from './cipher-suites.ts';
import { findGroup, groupName, namedGroups } from './named-groups.ts';

describe('IANA tables', () => {
  it('code points and names are unique', () => {
    for (const table of [cipherSuites, namedGroups]) {
      expect(new Set(table.map(({ codePoint }) => codePoint)).size).toBe(table.length);
      expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
    }
  });

  // The last entry of each run: one name too many or too few in a run would shift it.
  it.each([
    [0x001b, 'TLS_DH_anon_WITH_3DES_EDE_CBC_SHA'],
    [0x002f, 'TLS_RSA_WITH_AES_128_CBC_SHA'],
    [0x0046, 'TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA'],
    [0x006d, 'TLS_DH_anon_WITH_AES_256_CBC_SHA256'],
    [0x009c, 'TLS_RSA_WITH_AES_128_GCM_SHA256'],
    [0x00c7, 'TLS_SM4_CCM_SM3'],
    [0x1302, 'TLS_AES_256_GCM_SHA384'],
    [0x1307, 'TLS_AEGIS_128L_SHA256'],
    [0xc02f, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
    [0xc072, 'TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256'],
    [0xc09c, 'TLS_RSA_WITH_AES_128_CCM'],
    [0xc0aa, 'TLS_PSK_DHE_WITH_AES_128_CCM_8'],
    [0xc0b5, 'TLS_SHA384_SHA384'],
    [0xc106, 'TLS_GOSTR341112_256_WITH_MAGMA_MGM_S'],
    [0xccae, 'TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256'],
    [0xd005, 'TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256'],
    [0x0a0a, '0x0a0a'],
  ])('suite 0x%s is %s', (codePoint, name) => expect(suiteName(codePoint)).toBe(name));

  it.each([
    [29, 'x25519'],
    [23, 'secp256r1'],
    [0x11ec, 'X25519MLKEM768'],
    [0x11eb, 'SecP256r1MLKEM768'],
    [0x11ed, 'SecP384r1MLKEM1024'],
    [0x0202, 'MLKEM1024'],
    [0x0100, 'ffdhe2048'],
    [0x4242, '0x4242'],
  ])('INV-3a: group %i is %s', (codePoint, name) => expect(groupName(codePoint)).toBe(name));

  it('INV-3a: X25519MLKEM768 is not CNSA 2.0; ML-KEM-1024 alone and in a hybrid is', () => {
    expect(findGroup('X25519MLKEM768')?.isCnsa2).toBe(false);
    expect(findGroup('SecP384r1MLKEM1024')?.isCnsa2).toBe(true);
    expect(findGroup('MLKEM1024')?.isCnsa2).toBe(true);
  });

  it.each([
    ['TLS_RSA_WITH_AES_128_GCM_SHA256', ['static-key']],
    ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', ['cbc']],
    ['TLS_RSA_WITH_RC4_128_MD5', ['rc4', 'static-key', 'md5']],
    ['TLS_DH_anon_WITH_AES_128_GCM_SHA256', ['anonymous']],
    ['TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256', ['static-key']],
    ['TLS_RSA_EXPORT_WITH_DES40_CBC_SHA', ['export', 'des', 'cbc', 'static-key']],
    ['TLS_ECDHE_ECDSA_WITH_NULL_SHA', ['null']],
    ['TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256', []],
    ['TLS_AES_128_GCM_SHA256', []],
  ])('the weaknesses of %s are %j', (name, weaknesses) => expect(findSuite(name)?.weaknesses).toEqual(weaknesses));

  it('a TLS 1.2 probe offers sound suites before weak ones, and nothing that needs a shared secret', () => {
    const offered = suitesToOffer('TLSv1.2');
    expect(offered[0]?.name).toBe('TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384');
    const firstWeak = offered.findIndex(({ weaknesses }) => weaknesses.length > 0);
    expect(offered.slice(firstWeak).every(({ weaknesses }) => weaknesses.length > 0)).toBe(true);
    expect(offered.some(({ name }) => /PSK|SRP|KRB5/.test(name))).toBe(false);
  });

  it('covers every group and TLS 1.3 suite of a peer scanner’s tables', (ctx) => {
    const files = readCorpus('peer-pqcscan-tables');
    if (files === undefined) return ctx.skip('../shared/corpora/peer-pqcscan-tables.tar.gz is absent');
    const table = (name: string): Record<string, Record<string, number>> =>
      JSON.parse(new TextDecoder().decode(files.get(`peer-pqcscan-tables/${name}`)));
    const groups = Object.entries(table('tls_groups.json'));
    for (const [name, { group_id: codePoint = -1 }] of groups) {
      // The peer writes all in capitals and leaves out the underscore-less spelling of the registry.
      expect(groupName(codePoint).toUpperCase(), name).toBe(name);
    }
    for (const [name, { cipher_suite_id: codePoint = -1 }] of Object.entries(table('tls_cipher_suites.json'))) {
      expect(suiteName(codePoint)).toBe(name);
    }
    expect(groups.length).toBeGreaterThan(40);
  });
});
