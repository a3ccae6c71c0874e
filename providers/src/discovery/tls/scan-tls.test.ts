import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { scanTls } from './scan-tls.ts';
import { makeCertificate } from './testing/make-certificate.ts';
import { localGuard, scanOne, startTlsServer, testNow } from './testing/servers.ts';

const ec = makeCertificate({ keyType: 'ec-p256', commonName: 'scan.test' });
const identity = { key: ec.keyPem, cert: ec.certPem };
const ids = (result: { findings: readonly { id: string }[] }) => result.findings.map(({ id }) => id);

describe('INV-3, INV-3a: scanning Node’s own TLS servers', () => {
  it('a default server shows both versions, one suite each, its groups and the proven hybrid', async () => {
    await using server = await startTlsServer(identity);
    const result = await scanOne(server.target);
    expect(result).toMatchObject({ ...server.target, reachable: true, error: null, unresolved: [] });
    expect(result.versions).toEqual(['TLSv1.2', 'TLSv1.3']);
    expect(result.suites).toContain('TLS_AES_256_GCM_SHA384');
    expect(result.suites).toContain('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
    expect(result.groups[0]).toBe('X25519MLKEM768');
    expect(result.provenGroup).toBe('X25519MLKEM768');
    expect(ids(result)).not.toContain('tls-no-pq-group');
  });

  it('a TLS 1.3-only hybrid server lists its groups in its own order', async () => {
    await using server = await startTlsServer({
      ...identity,
      minVersion: 'TLSv1.3',
      honorCipherOrder: true,
      ecdhCurve: 'SecP384r1MLKEM1024:X25519MLKEM768:SecP256r1MLKEM768:MLKEM1024:X25519:P-256:P-384:P-521:X448',
    });
    const result = await scanOne(server.target);
    expect(result.versions).toEqual(['TLSv1.3']);
    expect(result.groups).toEqual([
      'SecP384r1MLKEM1024',
      'X25519MLKEM768',
      'SecP256r1MLKEM768',
      'MLKEM1024',
      'x25519',
      'secp256r1',
      'secp384r1',
      'secp521r1',
      'x448',
    ]);
    expect(result.preference).toBe('server');
    expect(result.provenGroup).toBe('SecP384r1MLKEM1024');
    expect(ids(result)).not.toContain('tls-not-cnsa2');
  });

  it('classical groups only: found in order, reported as without post-quantum protection', async () => {
    await using server = await startTlsServer({ ...identity, ecdhCurve: 'X25519:P-256', honorCipherOrder: true });
    const result = await scanOne(server.target);
    expect(result.groups).toEqual(['x25519', 'secp256r1']);
    expect(result.preference).toBe('server');
    expect(ids(result)).toContain('tls-no-pq-group');
  });

  it('a server that prefers classical although it offers post-quantum is a finding of its own', async () => {
    await using server = await startTlsServer({
      ...identity,
      ecdhCurve: 'X25519:X25519MLKEM768',
      honorCipherOrder: true,
    });
    const result = await scanOne(server.target);
    expect(result.groups).toEqual(['x25519', 'X25519MLKEM768']);
    expect(ids(result)).toContain('tls-classical-preferred');
    expect(ids(result)).not.toContain('tls-no-pq-group');
  });

  it('a server with one group leaves the preference unknown', async () => {
    await using server = await startTlsServer({ ...identity, ecdhCurve: 'P-384' });
    const result = await scanOne(server.target);
    expect(result.groups).toEqual(['secp384r1']);
    expect(result.preference).toBe('unknown');
  });

  it('a server without preference of its own follows the client', async () => {
    await using server = await startTlsServer({
      ...identity,
      ecdhCurve: 'P-256:X25519:P-384',
      honorCipherOrder: false,
    });
    const result = await scanOne(server.target);
    expect(result.preference).toBe('client');
    expect(new Set(result.groups)).toEqual(new Set(['x25519', 'secp256r1', 'secp384r1']));
  });

  it('a TLS 1.2-only server: groups from ServerKeyExchange, chain in clear, TLS 1.3 reported missing', async () => {
    await using server = await startTlsServer({
      ...identity,
      maxVersion: 'TLSv1.2',
      ecdhCurve: 'P-384:X25519',
      honorCipherOrder: true,
    });
    const result = await scanOne(server.target);
    expect(result.versions).toEqual(['TLSv1.2']);
    expect(result.groups).toEqual(['secp384r1', 'x25519']);
    expect(result.chain).toHaveLength(1);
    expect(ids(result)).toEqual(expect.arrayContaining(['tls-no-tls13', 'tls-no-pq-group']));
    expect(result.error).toBeNull();
  });

  it('old versions and weak suites are found by asking for nothing else', async () => {
    const rsa = makeCertificate({ keyType: 'rsa-2048', commonName: 'old.test' });
    await using server = await startTlsServer({
      key: rsa.keyPem,
      cert: rsa.certPem,
      minVersion: 'TLSv1',
      ciphers: 'ALL:@SECLEVEL=0',
    });
    const result = await scanOne(server.target);
    expect(result.versions).toEqual(['TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
    expect(ids(result)).toEqual(
      expect.arrayContaining(['tls-old-version', 'tls-suite-static-key', 'tls-suite-cbc', 'tls-suite-broken']),
    );
  });

  it('a mutual-TLS server shows its chain without a client certificate, in TLS 1.3 and in TLS 1.2', async () => {
    for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
      await using server = await startTlsServer({
        ...identity,
        requestCert: true,
        rejectUnauthorized: true,
        maxVersion,
      });
      const result = await scanOne(server.target);
      expect(result.chain.map(({ subject }) => subject)).toEqual(['CN=scan.test']);
      expect(ids(result)).toContain('tls-client-certificate');
    }
  });

  it('a server that needs SNI gets the host name, or the name that the caller gives', async () => {
    await using server = await startTlsServer({
      ...identity,
      SNICallback: (name, done) => (name === 'needed.test' ? done(null) : done(new Error('unknown name'))),
    });
    const port = server.target.port;
    const named = await scanOne({ host: 'needed.test', port }, { resolve: async () => ['127.0.0.1'] });
    expect(named.versions).toContain('TLSv1.3');
    const wrong = await scanOne({ host: 'wrong.test', port }, { resolve: async () => ['127.0.0.1'] });
    expect(wrong.versions).toEqual([]);
    expect(['alert', 'reset']).toContain(wrong.error);
    const given = await scanOne(server.target, { serverName: 'needed.test' });
    expect(given.versions).toContain('TLSv1.3');
  });

  it('the chain is what the server sent: names, algorithms by registry id, dates and fingerprint', async () => {
    const authority = makeCertificate({ keyType: 'rsa-2048', commonName: 'Test CA, "one"' });
    const leaf = makeCertificate({
      keyType: 'ec-p256',
      commonName: 'leaf.test',
      issuer: authority,
      notAfter: new Date('2040-05-06T07:08:09Z'),
    });
    await using server = await startTlsServer({ key: leaf.keyPem, cert: leaf.certPem + authority.certPem });
    const { chain } = await scanOne(server.target);
    expect(chain).toHaveLength(2);
    expect(chain[0]).toMatchObject({
      subject: 'CN=leaf.test',
      issuer: 'CN=Test CA\\, \\"one\\"',
      keyAlgorithm: 'EC-P256',
      signatureAlgorithm: 'RSA-PKCS1-SHA256',
      notAfter: '2040-05-06T07:08:09Z',
      fingerprint256: createHash('sha256').update(leaf.der).digest('hex'),
    });
    expect(chain[1]).toMatchObject({
      keyAlgorithm: 'RSA-2048',
      keyBits: 2048,
      fingerprint256: createHash('sha256').update(authority.der).digest('hex'),
    });
  });

  it('a server with a post-quantum certificate is read like any other', async () => {
    const pq = makeCertificate({ keyType: 'ml-dsa-44', commonName: 'pq.test' });
    await using server = await startTlsServer({
      key: pq.keyPem,
      cert: pq.certPem,
      minVersion: 'TLSv1.3',
      ecdhCurve: 'X25519MLKEM768',
    });
    const result = await scanOne(server.target);
    expect(result.groups).toEqual(['X25519MLKEM768']);
    expect(result.chain[0]).toMatchObject({
      keyAlgorithm: 'ML-DSA-44',
      signatureAlgorithm: 'ML-DSA-44',
      quantumVulnerable: false,
    });
    expect(ids(result)).not.toContain('certificate-quantum-vulnerable');
  });

  it('weak, expired and SHA-1-signed certificates are findings', async () => {
    const weak = makeCertificate({
      keyType: 'rsa-1024',
      commonName: 'weak.test',
      hash: 'sha1',
      notBefore: new Date('2020-01-01'),
      notAfter: new Date('2021-01-01'),
    });
    await using server = await startTlsServer({ key: weak.keyPem, cert: weak.certPem, ciphers: 'DEFAULT:@SECLEVEL=0' });
    const result = await scanOne(server.target);
    expect(ids(result)).toEqual(
      expect.arrayContaining([
        'certificate-weak-key',
        'certificate-expired',
        'certificate-weak-signature',
        'certificate-self-signed',
        'certificate-quantum-vulnerable',
      ]),
    );
  });

  it('at most five connections are in flight to one host, also when several targets share it', async () => {
    await using server = await startTlsServer(identity);
    const outcomes = await scanTls([server.target, server.target, server.target], { guard: localGuard, now: testNow });
    expect(outcomes.every((outcome) => outcome.kind === 'scanned')).toBe(true);
    // The server notices a closed connection a moment after the scanner has opened the next one.
    expect(server.peakConnections()).toBeLessThanOrEqual(10);
    expect(server.peakConnections()).toBeGreaterThan(1);
  });

  it('outcomes keep the order of the targets', async () => {
    await using first = await startTlsServer(identity);
    await using second = await startTlsServer({ ...identity, maxVersion: 'TLSv1.2' });
    const targets = [second.target, first.target, second.target];
    const seen: number[] = [];
    const outcomes = await scanTls(targets, {
      guard: localGuard,
      now: testNow,
      onOutcome: ({ target }) => seen.push(target.port),
    });
    expect(outcomes.map(({ target }) => target.port)).toEqual(targets.map(({ port }) => port));
    expect(seen.toSorted()).toEqual(targets.map(({ port }) => port).toSorted());
  });
});
