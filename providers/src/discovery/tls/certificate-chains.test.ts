import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeCertificate, type TestCertificate, type TestKeyType } from './testing/make-certificate.ts';
import { scanOne, startTlsServer } from './testing/servers.ts';

const make = (keyType: TestKeyType) => makeCertificate({ keyType, commonName: `${keyType}.test` });
const serving = (certificates: readonly TestCertificate[]) => ({
  key: certificates.map(({ keyPem }) => keyPem),
  cert: certificates.map(({ certPem }) => certPem),
});
const fingerprint = ({ der }: TestCertificate) => createHash('sha256').update(der).digest('hex');
const rsa = make('rsa-2048');
const ecdsa = make('ec-p256');
const ed25519 = make('ed25519');
const mlDsa = make('ml-dsa-44');

describe('INV-3: a server with several certificates shows each of them', () => {
  it('TLS 1.3: RSA, ECDSA, Ed25519 and ML-DSA, whichever it would have chosen', async () => {
    await using server = await startTlsServer({ ...serving([rsa, ecdsa, ed25519, mlDsa]), minVersion: 'TLSv1.3' });
    const { chain, chains, unresolved } = await scanOne(server.target);
    const seen = new Map(chains.map((entry) => [entry.keyAlgorithm, entry.chain[0]?.fingerprint256]));
    expect([...seen].toSorted()).toEqual(
      [
        ['EC-P256', fingerprint(ecdsa)],
        ['Ed25519', fingerprint(ed25519)],
        ['ML-DSA-44', fingerprint(mlDsa)],
        ['RSA-2048', fingerprint(rsa)],
      ].toSorted(),
    );
    expect(chains[0]?.chain).toEqual(chain);
    expect(unresolved).toEqual([]);
  });

  it('TLS 1.2: the suites of each key show its chain', async () => {
    await using server = await startTlsServer({ ...serving([rsa, ecdsa]), maxVersion: 'TLSv1.2' });
    const { chains } = await scanOne(server.target);
    const seen = chains.map((entry) => entry.chain[0]?.fingerprint256);
    expect(seen.toSorted()).toEqual([fingerprint(ecdsa), fingerprint(rsa)].toSorted());
  });

  it('one certificate is one chain, however often it was sent', async () => {
    await using server = await startTlsServer(serving([ecdsa]));
    const { chain, chains } = await scanOne(server.target);
    expect(chains).toEqual([{ keyAlgorithm: 'EC-P256', chain }]);
  });
});
