import { type ChildProcess, spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  generateSigningKeyAsync,
  importSigningKey,
  privateKeyPkcs8,
  type SignatureAlgorithm,
  secretAccess,
} from '@quantumvault/crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCertificate, issueRoot, type Signer, signerOfKey, writePem } from '../src/index.ts';

// PKI-1: chains of ours in real handshakes, with mutual authentication, against the runtime's OpenSSL in another process.

const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 86_400_000) };
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qv-pki-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Holder {
  readonly signer: Signer;
  readonly keyPem: string;
}

async function holder(algorithm: SignatureAlgorithm): Promise<Holder> {
  const pair = await generateSigningKeyAsync(algorithm, algorithm.startsWith('RSA') ? { modulusBits: 2048 } : {});
  using pkcs8 = privateKeyPkcs8(algorithm, pair.privateKey);
  const keyPem = pkcs8.open(secretAccess, (der) =>
    createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' }),
  );
  return { signer: signerOfKey(importSigningKey(pair)), keyPem: String(keyPem) };
}

async function chain(algorithm: SignatureAlgorithm, leafAlgorithm: SignatureAlgorithm) {
  const root = await holder(algorithm);
  const rootDer = await issueRoot({ signer: root.signer, subject: 'CN=Root', validity });
  const middle = await holder(algorithm);
  const middleDer = await issueCertificate({
    ...{
      authority: { certificate: rootDer, signer: root.signer },
      profile: 'intermediate',
      subject: 'CN=Middle',
      validity,
    },
    publicKey: middle.signer.publicKey,
  });
  const issue = async (profile: 'server' | 'client', subject: string) => {
    const key = await holder(leafAlgorithm);
    const der = await issueCertificate({
      ...{ authority: { certificate: middleDer, signer: middle.signer }, profile, subject, validity },
      names: [{ kind: 'dns', value: 'server.example' }],
      publicKey: key.signer.publicKey,
    });
    return { keyPem: key.keyPem, chainPem: writePem('CERTIFICATE', der) + writePem('CERTIFICATE', middleDer) };
  };
  return {
    rootPem: writePem('CERTIFICATE', rootDer),
    server: await issue('server', 'CN=server.example'),
    client: await issue('client', 'CN=client'),
  };
}

async function startPeer(name: string, made: Awaited<ReturnType<typeof chain>>) {
  const file = (kind: string, content: string): string => {
    const path = join(folder, `${name}.${kind}`);
    writeFileSync(path, content);
    return path;
  };
  const files = [file('key', made.server.keyPem), file('crt', made.server.chainPem), file('root', made.rootPem)];
  const peer = spawn(process.execPath, [join(import.meta.dirname, 'tls-peer.mjs'), ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve, reject) => {
    peer.stdout.once('data', (data: Buffer) => resolve(data.toString()));
    peer.once('exit', (code) => reject(new Error(`the peer ended with ${code}`)));
  });
  const facts: { openssl: string; keyFits: boolean; keyType: string; port: number } = JSON.parse(line);
  return { peer, facts };
}

function get(options: RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...options, host: '127.0.0.1', servername: 'server.example', agent: false }, (response) => {
      response.setEncoding('utf8').once('data', resolve);
    });
    asked.once('error', reject);
    asked.end();
  });
}

describe('PKI-1: TLS 1.3 with certificates of ours on both sides', () => {
  it.each<[SignatureAlgorithm, SignatureAlgorithm]>([
    ['ML-DSA-65', 'ML-DSA-65'],
    ['ML-DSA-87', 'ML-DSA-44'],
    ['Ed25519', 'Ed25519'],
    ['ECDSA-P256-SHA256', 'ECDSA-P256-SHA256'],
    ['ECDSA-P384-SHA384', 'ECDSA-P521-SHA512'],
    ['RSA-PSS-SHA256', 'RSA-PSS-SHA256'],
    // A hash-based root above lattice leaves: TLS has no handshake signature of SLH-DSA here, chains of it are fine.
    ['SLH-DSA-SHA2-128f', 'ML-DSA-65'],
  ])('authorities with %s, leaves with %s', async (algorithm, leafAlgorithm) => {
    const made = await chain(algorithm, leafAlgorithm);
    const { peer, facts } = await startPeer(algorithm, made);
    try {
      console.info(`${algorithm} over ${leafAlgorithm}: OpenSSL ${facts.openssl}, key ${facts.keyType}`);
      expect(facts.keyFits).toBe(true);
      const own = { key: made.client.keyPem, cert: made.client.chainPem };
      const answer = await get({ ...own, port: facts.port, ca: made.rootPem });
      expect(JSON.parse(answer)).toEqual({ client: 'client' });
      // A client that trusts another root, and one that shows a server's certificate, get nowhere.
      const other = await chain('Ed25519', 'Ed25519');
      await expect(get({ ...own, port: facts.port, ca: other.rootPem })).rejects.toThrow(/certificate/);
      const posing = { key: made.server.keyPem, cert: made.server.chainPem };
      await expect(get({ ...posing, port: facts.port, ca: made.rootPem })).rejects.toThrow();
    } finally {
      await stop(peer);
    }
  });
});

async function stop(peer: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => {
    peer.once('exit', resolve);
  });
  peer.kill();
  await ended;
}
