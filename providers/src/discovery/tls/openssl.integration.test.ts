import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cipherSuites } from '@quantumvault/inventory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../../tests/harness/free-port.ts';
import { makeCertificate } from './testing/make-certificate.ts';
import { scanOne } from './testing/servers.ts';

const version = spawnSync('openssl', ['version'], { encoding: 'utf8' });
const isAbsent = version.status !== 0;
const reason = 'the openssl command is absent';

describe('INV-3: against the system’s own openssl s_server', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qv-openssl-'));
    const rsa = makeCertificate({ keyType: 'rsa-2048', commonName: 'openssl.test' });
    writeFileSync(join(folder, 'key.pem'), rsa.keyPem, { mode: 0o600 });
    writeFileSync(join(folder, 'cert.pem'), rsa.certPem);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function withServer(flags: readonly string[], use: (port: number) => Promise<void>): Promise<void> {
    const port = await freePort();
    const child = spawn(
      'openssl',
      [
        's_server',
        '-accept',
        `127.0.0.1:${port}`,
        '-key',
        join(folder, 'key.pem'),
        '-cert',
        join(folder, 'cert.pem'),
        '-quiet',
        ...flags,
      ],
      { stdio: 'ignore' },
    );
    try {
      await waitForPort(port);
      await use(port);
    } finally {
      await stop(child);
    }
  }

  it('a default server: TLS 1.2 and 1.3, classical groups', async (ctx) => {
    if (isAbsent) return ctx.skip(reason);
    await withServer([], async (port) => {
      const result = await scanOne({ host: '127.0.0.1', port });
      expect(result.versions).toEqual(expect.arrayContaining(['TLSv1.2', 'TLSv1.3']));
      expect(result.groups).toEqual(expect.arrayContaining(['x25519', 'secp256r1']));
      expect(result.chain[0]).toMatchObject({ subject: 'CN=openssl.test', keyAlgorithm: 'RSA-2048' });
      expect(result.error).toBeNull();
    });
  });

  it('its own order of groups is found when it prefers it', async (ctx) => {
    if (isAbsent) return ctx.skip(reason);
    await withServer(['-tls1_3', '-serverpref', '-groups', 'P-384:X25519:P-256'], async (port) => {
      const result = await scanOne({ host: '127.0.0.1', port });
      expect(result.versions).toEqual(['TLSv1.3']);
      expect(result.groups).toEqual(['secp384r1', 'x25519', 'secp256r1']);
      expect(result.preference).toBe('server');
    });
  });

  it('without a preference of its own it follows the client', async (ctx) => {
    if (isAbsent) return ctx.skip(reason);
    // In TLS 1.2: a HelloRetryRequest of OpenSSL before 3.5 names the server's own first group even then.
    await withServer(['-tls1_2', '-groups', 'P-384:X25519:P-256'], async (port) => {
      const result = await scanOne({ host: '127.0.0.1', port });
      expect(result.preference).toBe('client');
      expect(new Set(result.groups)).toEqual(new Set(['x25519', 'secp256r1', 'secp384r1']));
    });
  });

  it('a TLS 1.2-only server', async (ctx) => {
    if (isAbsent) return ctx.skip(reason);
    await withServer(['-tls1_2'], async (port) => {
      const result = await scanOne({ host: '127.0.0.1', port });
      expect(result.versions).toEqual(['TLSv1.2']);
      expect(result.groups).toContain('x25519');
      expect(result.findings.map(({ id }) => id)).toContain('tls-no-tls13');
    });
  });

  it('its list of suites agrees with ours, name by name', (ctx) => {
    if (isAbsent) return ctx.skip(reason);
    const listed = spawnSync('openssl', ['ciphers', '-V', '-stdname', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'], {
      encoding: 'utf8',
    }).stdout;
    const rows = [...listed.matchAll(/0x([0-9A-F]{2}),0x([0-9A-F]{2}) - (TLS_\S+)/g)];
    const ours = new Map(cipherSuites.map(({ codePoint, name }) => [codePoint, name]));
    for (const [, high, low, name] of rows) expect(ours.get(Number.parseInt(`${high}${low}`, 16))).toBe(name);
    expect(rows.length).toBeGreaterThan(100);
  });
});

async function waitForPort(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('close', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('openssl s_server did not start');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
