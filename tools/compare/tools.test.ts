import { describe, expect, it } from 'vitest';
import type { Facts } from './facts.ts';
import { ourFacts } from './our-facts.ts';
import { sslscanFacts } from './sslscan.ts';
import { testsslFacts } from './testssl.ts';

// One server, an OpenSSL with an order of its own and an ECDSA beside an RSA certificate, as each scanner describes it.

const plain = (facts: Facts): Record<string, readonly string[]> =>
  Object.fromEntries([...facts].map(([name, { values }]) => [name, values]));

const sslscanXml = `<?xml version="1.0" encoding="UTF-8"?>
<document title="SSLScan Results" version="2.0.7" web="http://github.com/rbsec/sslscan">
 <ssltest host="127.0.0.1" sniname="127.0.0.1" port="4433">
  <protocol type="ssl" version="3" enabled="0" />
  <protocol type="tls" version="1.2" enabled="1" />
  <protocol type="tls" version="1.3" enabled="1" />
  <cipher status="preferred" sslversion="TLSv1.3" bits="256" cipher="TLS_AES_256_GCM_SHA384" id="0x1302" strength="acceptable" curve="25519" ecdhebits="253" />
  <cipher status="preferred" sslversion="TLSv1.2" bits="256" cipher="ECDHE-ECDSA-AES256-GCM-SHA384" id="0xC02C" strength="strong" curve="25519" ecdhebits="253" />
  <cipher status="accepted" sslversion="TLSv1.2" bits="128" cipher="AES128-SHA" id="0x002F" strength="acceptable" />
  <group sslversion="TLSv1.3" bits="128" name="x25519" id="0x001d" />
  <group sslversion="TLSv1.2" bits="128" name="secp256r1 (NIST P-256)" id="0x0017" />
 <certificates>
  <certificate type="short">
   <signature-algorithm>ecdsa-with-SHA256</signature-algorithm>
   <pk error="false" type="EC" curve_name="prime256v1" bits="128" />
   <subject><![CDATA[localhost]]></subject>
   <issuer><![CDATA[Test Authority]]></issuer>
   <not-valid-before>Nov 25 20:21:47 2026 GMT</not-valid-before>
   <not-valid-after>Dec 25 20:21:47 2026 GMT</not-valid-after>
  </certificate>
 </certificates>
 </ssltest>
</document>`;

const row = (id: string, finding: string) => ({ id, ip: '127.0.0.1/127.0.0.1', port: '4433', severity: 'OK', finding });
const testsslJson = JSON.stringify([
  row('SSLv3', 'not offered'),
  row('TLS1', 'not offered'),
  row('TLS1_2', 'offered'),
  row('TLS1_3', 'offered with final'),
  row('PFS', 'offered'),
  row('PFS_ECDHE_curves', 'prime256v1 X25519 '),
  row('DH_groups', 'ffdhe2048'),
  row('cipherorder_TLSv1_2', 'ECDHE-ECDSA-AES256-GCM-SHA384 AES128-SHA '),
  row('cert_numbers', '2'),
  row('cert_signatureAlgorithm <cert#1>', 'SHA256 with RSA'),
  row('cert_keySize <cert#1>', 'RSA 2048 bits'),
  row('cert_fingerprintSHA256 <cert#1>', 'FA6E'),
  row('cert_commonName <cert#1>', 'localhost'),
  row('cert_notBefore <cert#1>', '2026-11-25 20:16'),
  row('cert_notAfter <cert#1>', '2026-12-25 20:16'),
  row('certs_countServer <cert#1>', '2'),
  row('cert_signatureAlgorithm <cert#2>', 'ECDSA with SHA256'),
  row('cert_keySize <cert#2>', 'EC 256 bits'),
  row('cert_fingerprintSHA256 <cert#2>', '9BA4'),
  row('cert_commonName <cert#2>', 'localhost'),
  row('cert_notBefore <cert#2>', '2026-11-25 20:21'),
  row('cert_notAfter <cert#2>', '2026-12-25 20:21'),
  row('certs_countServer <cert#2>', '2'),
  row(
    'cipher-tls1_1_xc014',
    'TLS 1.1   xc014   ECDHE-RSA-AES256-SHA   ECDH 521   AES   256   TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA',
  ),
  row(
    'cipher-tls1_2_xc02c',
    'TLS 1.2   xc02c   ECDHE-ECDSA-AES256-GCM-SHA384   ECDH 253   AESGCM   256   TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  ),
  row('cipher-tls1_2_x2f', 'TLS 1.2   x2f   AES128-SHA   RSA   AES   128   TLS_RSA_WITH_AES_128_CBC_SHA'),
  row(
    'cipher-tls1_3_x1302',
    'TLS 1.3   x1302   TLS_AES_256_GCM_SHA384   ECDH 253   AESGCM   256   TLS_AES_256_GCM_SHA384',
  ),
]);

const suites = ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'TLS_RSA_WITH_AES_128_CBC_SHA'];

describe('what the scanners say, in one vocabulary', () => {
  it('reads sslscan: registry names from code points, the one certificate that it got', () => {
    const facts = sslscanFacts(sslscanXml);
    expect(plain(facts)).toEqual({
      versions: ['TLSv1.2', 'TLSv1.3'],
      groups: ['x25519', 'secp256r1'],
      'suites TLSv1.3': ['TLS_AES_256_GCM_SHA384'],
      'suites TLSv1.2': suites,
      'order TLSv1.2': suites,
      'certificate key': ['EC 256'],
      'certificate signature': ['ECDSA-SHA256'],
      'certificate validity': ['2026-11-25 20:21 to 2026-12-25 20:21'],
      'certificate name': ['localhost'],
    });
    expect(facts.get('certificate key')?.kind).toBe('member');
  });

  it('reads testssl.sh: both certificates, the order by names, TLS 1 apart from TLS 1.1', () => {
    expect(plain(testsslFacts(testsslJson))).toEqual({
      versions: ['TLSv1.2', 'TLSv1.3'],
      groups: ['secp256r1', 'x25519', 'ffdhe2048'],
      'suites TLSv1.1': ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA'],
      'suites TLSv1.2': suites,
      'suites TLSv1.3': ['TLS_AES_256_GCM_SHA384'],
      'order TLSv1.2': suites,
      'certificate key': ['RSA 2048', 'EC 256'],
      'certificate signature': ['RSA-SHA256', 'ECDSA-SHA256'],
      'certificate validity': ['2026-11-25 20:16 to 2026-12-25 20:16', '2026-11-25 20:21 to 2026-12-25 20:21'],
      'certificate name': ['localhost'],
      'certificate sha-256': ['fa6e', '9ba4'],
      'chain length': ['2'],
    });
  });

  it.each([
    ['server', ['server', 'server']],
    ['NOT a cipher order configured', ['client', 'client']],
    ['server -- TLS 1.3 client determined', ['client', 'server']],
    ['server -- < TLS 1.3 client determined', ['server', 'client']],
    ['something new', [undefined, undefined]],
  ])('reads who chooses the suite from testssl.sh: %s', (finding, expected) => {
    const suite = (version: string, code: string) => row(`cipher-${version}_x${code}`, `x${code}   NAME`);
    const rows = [suite('tls1_3', '1301'), suite('tls1_3', '1302'), suite('tls1_2', 'c02b'), suite('tls1_2', 'c02c')];
    const facts = testsslFacts(JSON.stringify([row('cipher_order', finding), ...rows]));
    expect(['TLSv1.3', 'TLSv1.2'].map((version) => facts.get(`chooses the suite ${version}`)?.values[0])).toEqual(
      expected,
    );
  });

  it('reads ours: an order only where the server has one, a fact per chain', () => {
    const certificate = {
      subject: 'CN=localhost',
      keyAlgorithm: 'EC-P256',
      signatureAlgorithm: 'ECDSA-SHA256',
      notBefore: '2026-11-25T20:21:47Z',
      notAfter: '2026-12-25T20:21:47Z',
      fingerprint256: '9ba4',
    };
    const rsa = { ...certificate, keyAlgorithm: 'RSA-2048', signatureAlgorithm: 'RSA-PKCS1-SHA256' };
    const facts = ourFacts({
      versions: ['TLSv1.2', 'TLSv1.3'],
      groups: ['x25519'],
      suitesByVersion: [
        { version: 'TLSv1.3', suites: ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'], preference: 'client' },
        { version: 'TLSv1.2', suites, preference: 'server' },
      ],
      chains: [{ chain: [certificate, certificate] }, { chain: [rsa] }],
    });
    expect(plain(facts)).toMatchObject({
      'order TLSv1.2': suites,
      'certificate key': ['EC 256', 'RSA 2048'],
      'certificate signature': ['ECDSA-SHA256', 'RSA-SHA256'],
      'chain length': ['2', '1'],
    });
    expect(facts.has('order TLSv1.3')).toBe(false);
  });

  it.each(['', '[', '{}', '[{"id":1}]'])('finds no version in what a broken run leaves: %j', (text) => {
    expect(testsslFacts(text).get('versions')?.values).toEqual([]);
    expect(sslscanFacts(text).get('versions')?.values).toEqual([]);
  });
});
