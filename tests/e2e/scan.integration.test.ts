import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpensslServer, type OpensslServerOptions } from '../../tools/services/openssl-server.ts';
import { withService } from '../../tools/services/service.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { runQv } from './run-qv.ts';

// DISC-1, INV-1 to INV-9: the main job against a server as people run it today, Debian's OpenSSL: scan, keep, protect,
// serve what was made, scan again. `qv` is a process of its own, the server of QuantumVault a real one.

interface Scan {
  readonly host: string;
  readonly port: number;
  readonly reachable: boolean;
  readonly versions: string[];
  readonly suites: string[];
  readonly groups: string[];
  readonly preference: string;
  readonly chain: { subject: string; issuer: string; keyAlgorithm: string; notAfter: string; fingerprint256: string }[];
  readonly findings: { id: string; severity: string }[];
  readonly error: string | null;
}

interface Asset {
  readonly id: string;
  readonly endpoint: string;
  readonly risk: { readonly score: number; readonly band: string };
}

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startTestServer();
  folder = mkdtempSync(path.join(tmpdir(), 'qv-scan-'));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function qv<T>(...words: string[]): Promise<T> {
  const end = await runQv([...words, '--json'], { cwd: folder, dataDir: server.dataDir });
  if (end.exitCode !== 0) throw new Error(`qv ${words.join(' ')} ended with ${end.exitCode}: ${end.err}`);
  return JSON.parse(end.out);
}

async function scan(target: string, ...words: string[]): Promise<Scan> {
  const [result] = await qv<Scan[]>('scan', 'tls', target, ...words);
  if (result === undefined) throw new Error('no result');
  return result;
}

/** Serves a bundle with Node, as its owner would, and gives the port. */
async function serve(bundle: string): Promise<{ server: Server; port: number }> {
  const file = (name: string): string => readFileSync(path.join(bundle, name), 'utf8');
  const served = createServer(
    { ...JSON.parse(file('tls-options.json')), key: file('key.pem'), cert: file('cert.pem') },
    (socket) => {
      socket.on('error', () => socket.destroy());
      socket.end();
    },
  );
  served.on('tlsClientError', () => {});
  await new Promise<void>((settle) => served.listen(0, '127.0.0.1', settle));
  const address = served.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server: served, port: address.port };
}

describe('the main job against Debian’s OpenSSL', { timeout: 120_000 }, () => {
  it('INV-9: scan, keep, protect, serve the bundle with Node, scan again', async (ctx) => {
    const service = new OpensslServer({ key: 'rsa:2048' });
    const missing = service.missing();
    if (missing !== undefined) return ctx.skip(missing);
    await withService(service, async ({ port }) => {
      const target = `localhost:${port}`;
      const before = await scan(target, '--save');
      expect(before).toMatchObject({ host: 'localhost', port, reachable: true, error: null });
      expect(before.versions).toContain('TLSv1.3');
      expect(before.groups).toEqual(expect.arrayContaining(['x25519', 'secp256r1']));
      expect(before.groups.filter((name) => /MLKEM|Kyber/i.test(name))).toEqual([]);
      expect(before.chain[0]).toMatchObject({ subject: 'CN=localhost', issuer: 'CN=Test Authority' });
      expect(before.findings.length).toBeGreaterThan(0);

      const assets = await qv<Asset[]>('assets', 'list', '--sort', 'risk');
      const asset = assets.find(({ endpoint }) => endpoint === target);
      expect(asset?.risk.score).toBeGreaterThan(0);

      const bundle = path.join(folder, 'bundle');
      const job = await qv<{ status: string }>('protect', target, '--policy', 'hybrid-default', '--out', bundle);
      expect(job.status).toBe('succeeded');

      const served = await serve(bundle);
      try {
        const after = await scan(`localhost:${served.port}`);
        expect(after.groups[0]).toBe('X25519MLKEM768');
        expect(after.versions).toEqual(['TLSv1.3']);
        expect(after.findings.filter(({ severity }) => ['high', 'critical'].includes(severity))).toEqual([]);
      } finally {
        served.server.close();
      }
      const [protectedAsset] = (await qv<Asset[]>('assets', 'list')).filter(({ endpoint }) => endpoint === target);
      expect(protectedAsset?.risk.score).toBeLessThan(asset?.risk.score ?? 0);
    });
  });

  it('INV-1: a second scan of the same endpoint is the same asset, with newer evidence', async (ctx) => {
    const service = new OpensslServer({ key: 'ec:P-256' });
    const missing = service.missing();
    if (missing !== undefined) return ctx.skip(missing);
    await withService(service, async ({ port }) => {
      await scan(`localhost:${port}`, '--save');
      const count = (await qv<Asset[]>('assets', 'list')).length;
      await scan(`localhost:${port}`, '--save');
      expect(await qv<Asset[]>('assets', 'list')).toHaveLength(count);
    });
  });

  const shapes: readonly (readonly [string, OpensslServerOptions, Partial<Scan>])[] = [
    [
      'TLS 1.2 alone with one suite and one group',
      { key: 'ec:P-256', args: ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256', '-groups', 'P-384'] },
      { versions: ['TLSv1.2'], suites: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'], groups: ['secp384r1'] },
    ],
    [
      'TLS 1.3 alone with one suite and two groups',
      { key: 'ed25519', args: ['-tls1_3', '-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256', '-groups', 'X448:P-521'] },
      { versions: ['TLSv1.3'], suites: ['TLS_CHACHA20_POLY1305_SHA256'] },
    ],
  ];
  it.for(shapes)(
    'DISC-1: %s is described as it is, by the names of the IANA registry',
    async ([, options, expected], ctx) => {
      const service = new OpensslServer(options);
      const missing = service.missing();
      if (missing !== undefined) return ctx.skip(missing);
      await withService(service, async ({ port }) => {
        const found = await scan(`127.0.0.1:${port}`);
        expect(found).toMatchObject({ ...expected, reachable: true, error: null });
        for (const { fingerprint256, notAfter } of found.chain) {
          expect(fingerprint256).toMatch(/^[0-9a-f]{64}$/);
          expect(notAfter).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
        }
      });
    },
  );
});
