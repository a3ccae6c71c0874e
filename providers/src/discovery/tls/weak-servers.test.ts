import { describe, expect, it } from 'vitest';
import { makeCertificate } from './testing/make-certificate.ts';
import { scanOne } from './testing/servers.ts';
import { startWeakServer, type WeakServerOptions } from './testing/weak-server.ts';

// INV-3: weaknesses as they are seen on the wire, those included that no library of today still has. Each server differs
// from a sound one in one thing, and the findings must differ in just what that means.

const ca = makeCertificate({ keyType: 'ec-p256', commonName: 'Test CA' });
const leaf = makeCertificate({ keyType: 'rsa-2048', commonName: '127.0.0.1', issuer: ca });
const good = 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256';
const sound: WeakServerOptions = {
  versions: ['TLSv1.2'],
  suites: [good],
  groups: [0x001d],
  primeBits: 2048,
  // renegotiation_info and extended_master_secret
  extensions: 'ff01 0001 00 0017 0000',
  chain: [leaf.der, ca.der],
};

const idsOf = async (options: WeakServerOptions): Promise<readonly string[]> => {
  await using server = await startWeakServer(options);
  const result = await scanOne(server.target, { connectionTimeoutMs: 5_000 });
  expect(result).toMatchObject({ reachable: true, error: null });
  return result.findings.map(({ id }) => id);
};

const issued = (options: Partial<Parameters<typeof makeCertificate>[0]>): Partial<WeakServerOptions> => ({
  chain: [makeCertificate({ keyType: 'rsa-2048', commonName: '127.0.0.1', issuer: ca, ...options }).der, ca.der],
});
const beside = (...suites: string[]): Partial<WeakServerOptions> => ({ suites: [good, ...suites] });

describe('INV-3: weaknesses on the wire', () => {
  it('a server of TLS 1.2 with nothing else wrong', async () => {
    expect([...(await idsOf(sound))].sort()).toEqual([
      'certificate-no-names',
      'certificate-quantum-vulnerable',
      'tls-no-pq-group',
      'tls-no-tls13',
    ]);
  });

  it.each<readonly [string, Partial<WeakServerOptions>, readonly string[]]>([
    [
      'SSL 3.0',
      { versions: ['TLSv1.2', 'SSLv3'], suites: [good, 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA'] },
      ['tls-sslv3', 'tls-suite-cbc', 'tls-beast'],
    ],
    [
      'TLS 1.0 with CBC',
      { versions: ['TLSv1.2', 'TLSv1.0'], ...beside('TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA') },
      ['tls-old-version', 'tls-suite-cbc', 'tls-beast'],
    ],
    [
      'TLS 1.1 with CBC',
      { versions: ['TLSv1.2', 'TLSv1.1'], ...beside('TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA') },
      ['tls-old-version', 'tls-suite-cbc'],
    ],
    ['no encryption', beside('TLS_ECDHE_RSA_WITH_NULL_SHA'), ['tls-suite-broken']],
    ['no authentication', beside('TLS_DH_anon_WITH_AES_128_GCM_SHA256'), ['tls-suite-broken']],
    ['an export suite', beside('TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA'), ['tls-suite-export', 'tls-suite-cbc']],
    ['single DES', beside('TLS_DHE_RSA_WITH_DES_CBC_SHA'), ['tls-suite-des', 'tls-suite-cbc']],
    ['RC4', beside('TLS_ECDHE_RSA_WITH_RC4_128_SHA'), ['tls-suite-rc4']],
    ['3DES', beside('TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA'), ['tls-suite-64bit-block', 'tls-suite-cbc']],
    ['static RSA beside', beside('TLS_RSA_WITH_AES_128_GCM_SHA256'), ['tls-suite-static-key']],
    [
      'static RSA alone',
      { suites: ['TLS_RSA_WITH_AES_128_GCM_SHA256'] },
      ['tls-suite-static-key', 'tls-no-forward-secrecy'],
    ],
    ['CBC alone', { suites: ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA'] }, ['tls-suite-cbc', 'tls-no-aead']],
    [
      'weak suites in the client’s order',
      { ...beside('TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA'), followsClient: true },
      ['tls-suite-cbc', 'tls-suite-client-order'],
    ],
    ['MD5', beside('TLS_RSA_WITH_RC4_128_MD5'), ['tls-suite-md5', 'tls-suite-rc4', 'tls-suite-static-key']],
    ['a prime of 1024 bits', { ...beside('TLS_DHE_RSA_WITH_AES_128_GCM_SHA256'), primeBits: 1024 }, ['tls-dhe-weak']],
    ['a prime of 2047 bits', { ...beside('TLS_DHE_RSA_WITH_AES_128_GCM_SHA256'), primeBits: 2047 }, ['tls-dhe-short']],
    ['a prime of 2048 bits', beside('TLS_DHE_RSA_WITH_AES_128_GCM_SHA256'), []],
    ['a weak curve', { groups: [0x001d, 0x0013] }, ['tls-weak-group']],
    ['no renegotiation_info', { extensions: '0017 0000' }, ['tls-no-secure-renegotiation']],
    ['no extended_master_secret', { extensions: 'ff01 0001 00' }, ['tls-no-extended-main-secret']],
    ['a question for a client certificate', { wantsClientCertificate: true }, ['tls-client-certificate']],
    ['a short key', issued({ keyType: 'rsa-1024' }), ['certificate-weak-key']],
    ['a signature with SHA-1', issued({ hash: 'sha1' }), ['certificate-weak-signature']],
    ['an expired certificate', issued({ notAfter: new Date('2026-01-01') }), ['certificate-expired']],
    ['a certificate near its end', issued({ notAfter: new Date('2026-12-01') }), ['certificate-expires-soon']],
    ['a certificate of tomorrow', issued({ notBefore: new Date('2026-11-24') }), ['certificate-not-yet-valid']],
    ['no certificate of the issuer', { chain: [leaf.der] }, ['certificate-chain-incomplete']],
    [
      'a stranger in the chain',
      { chain: [leaf.der, makeCertificate({ keyType: 'ec-p256', commonName: 'X' }).der, ca.der] },
      ['certificate-chain-order'],
    ],
  ])('%s', async (_what, change, added) => {
    const [before, after] = [await soundIds(), await idsOf({ ...sound, ...change })];
    expect(after.filter((id) => !before.includes(id)).sort()).toEqual([...added].sort());
    expect(before.filter((id) => !after.includes(id))).toEqual([]);
  });
});

let known: Promise<readonly string[]> | undefined;
function soundIds(): Promise<readonly string[]> {
  known ??= idsOf(sound);
  return known;
}
