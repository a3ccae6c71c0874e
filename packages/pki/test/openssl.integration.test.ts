import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKeyAsync, importSigningKey, type SignatureAlgorithm } from '@quantumvault/crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createRequest,
  issueCertificate,
  issueFromRequest,
  issueRevocationList,
  issueRoot,
  parseCertificate,
  signerOfKey,
  writePem,
} from '../src/index.ts';

// PKI-1: Debian's OpenSSL reads and verifies what we issue with classical keys. Its 3.0 knows no post-quantum algorithm.

const program = 'openssl';
const version = spawnSync(program, ['version'], { encoding: 'utf8' });
const reason = version.status === 0 ? undefined : `${program} is not installed`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qv-pki-openssl-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 86_400_000) };

async function signer(algorithm: SignatureAlgorithm) {
  return signerOfKey(
    importSigningKey(
      await generateSigningKeyAsync(algorithm, algorithm.startsWith('RSA') ? { modulusBits: 2048 } : {}),
    ),
  );
}

function put(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function openssl(...words: readonly string[]): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  return { status, text: stdout + stderr };
}

beforeEach((ctx) => {
  if (reason !== undefined) ctx.skip(reason);
});

describe('PKI-1: Debian’s OpenSSL', () => {
  it.each<SignatureAlgorithm>([
    'ECDSA-P256-SHA256',
    'ECDSA-P384-SHA384',
    'ECDSA-P521-SHA512',
    'Ed25519',
    'RSA-PSS-SHA256',
    'RSA-PKCS1-SHA256',
  ])('%s: chain, names, request and revocation list', async (algorithm) => {
    const root = await signer(algorithm);
    const rootDer = await issueRoot({
      ...{ signer: root, subject: 'CN=Root,O=Example', validity },
      nameConstraints: { permitted: [{ kind: 'dns', value: 'example.org' }] },
    });
    const rootFile = put('root.pem', writePem('CERTIFICATE', rootDer));
    const authority = { certificate: rootDer, signer: root };
    const middle = await signer(algorithm);
    const middleDer = await issueCertificate({
      ...{ authority, profile: 'intermediate', subject: 'CN=Middle', publicKey: middle.publicKey, validity },
    });
    const leafKey = await signer(algorithm);
    const request = await createRequest({
      signer: leafKey,
      subject: 'CN=a.example.org',
      names: [{ kind: 'dns', value: 'a.example.org' }],
    });
    const requestFile = put('leaf.csr', writePem('CERTIFICATE REQUEST', request));
    expect(openssl('req', '-in', requestFile, '-verify', '-noout', '-text')).toMatchObject({ status: 0 });
    const { certificate } = await issueFromRequest({
      ...{ authority: { certificate: middleDer, signer: middle }, request, profile: 'server', validity },
    });
    const middleFile = put('middle.pem', writePem('CERTIFICATE', middleDer));
    const leafFile = put('leaf.pem', writePem('CERTIFICATE', certificate));
    const ask = ['verify', '-x509_strict', '-CAfile', rootFile, '-untrusted', middleFile, '-purpose', 'sslserver'];
    expect(openssl(...ask, '-verify_hostname', 'a.example.org', leafFile).text).toContain('OK');
    expect(openssl(...ask, '-verify_hostname', 'b.example.org', leafFile).status).not.toBe(0);

    const list = async (revoked: readonly string[]) => {
      const der = await issueRevocationList({
        ...{ authority: { certificate: middleDer, signer: middle }, number: 5n },
        ...{ thisUpdate: new Date(Date.now() - 60_000), nextUpdate: validity.notAfter },
        revoked: revoked.map((serialNumber) => ({
          serialNumber,
          revokedAt: '2026-01-01T00:00:00Z',
          reason: 'keyCompromise',
        })),
      });
      return put('middle.crl', writePem('X509 CRL', der));
    };
    const good = await list([]);
    expect(openssl('crl', '-in', good, '-CAfile', middleFile, '-noout', '-text').text).toContain('verify OK');
    expect(openssl(...ask, '-crl_check', '-CRLfile', good, leafFile).text).toContain('OK');
    const bad = await list([parseCertificate(certificate).serialNumber]);
    expect(openssl(...ask, '-crl_check', '-CRLfile', bad, leafFile).text).toContain('revoked');
  });

  it('says which it is', () => {
    console.info(version.stdout.trim());
    expect(version.stdout).toMatch(/^OpenSSL /);
  });
});
