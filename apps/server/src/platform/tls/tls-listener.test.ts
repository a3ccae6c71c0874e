import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { nodeTlsOptions, tlsProfile } from '@quantumvault/pki';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestAuthority } from '../../../../../tests/harness/tls-authority.ts';
import type { TlsListenerSettings } from '../../config/load-settings.ts';
import { TlsListener } from './tls-listener.ts';
import { loadTlsMaterial, type TlsMaterial } from './tls-material.ts';

const profile = tlsProfile('modern', { minVersion: null, groups: [], suites: [] });

let authority: TestAuthority;
let settings: TlsListenerSettings;
const ends: (() => void)[] = [];

beforeEach(async () => {
  authority = await TestAuthority.create();
  const files = authority.writeServer(await authority.issue('server', 'CN=first'));
  settings = { ...files, clientCertificates: 'none', clientCaFile: null, profile, reloadSeconds: 1 };
});

afterEach(() => {
  for (const end of ends.splice(0)) end();
  authority.remove();
});

const loaded = (given: TlsListenerSettings): TlsMaterial => loadTlsMaterial(given, Date.now());

interface Listening {
  readonly port: number;
  readonly events: string[];
  readonly listener: TlsListener;
  /** How many requests were carried out. */
  readonly served: () => number;
}

/** A listener as the server makes it, around a server that says who the client is. */
async function listen(changes: Partial<TlsListenerSettings> = {}): Promise<Listening> {
  const events: string[] = [];
  const listener = new TlsListener({
    settings: { ...settings, ...changes },
    now: () => Date.now(),
    onReload: ({ subject }) => events.push(`reloaded ${subject}`),
    onRefused: (reason) => events.push(`refused ${reason}`),
  });
  let count = 0;
  const server: Server = createServer(listener.serverOptions, (_request, response) => {
    count += 1;
    response.end('served');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(
    listener.attach(server),
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { port: (server.address() as AddressInfo).port, events, listener, served: () => count };
}

/** Connects, asks once, and gives what was seen; rejects when the server closes without an answer. */
function ask(port: number, options: ConnectionOptions = {}): Promise<{ answer: string; socket: TLSSocket }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca: authority.root, ...nodeTlsOptions(profile), ...options });
    ends.push(() => socket.destroy());
    socket.on('secureConnect', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    socket.once('data', (data) => resolve({ answer: data.toString(), socket }));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
  });
}

const subjectOf = (socket: TLSSocket): unknown => socket.getPeerCertificate().subject?.CN;

/** Looks again and again, because the listener does so once a second. */
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await what())) {
    if (Date.now() > end) throw new Error('it did not happen within ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the listener', () => {
  it('PKI-3: agrees on TLS 1.3 and a hybrid group, with a post-quantum certificate', async () => {
    const { port } = await listen();
    const { answer, socket } = await ask(port);
    expect(answer).toContain('served');
    expect(socket.getProtocol()).toBe('TLSv1.3');
    expect(socket.getEphemeralKeyInfo()).toMatchObject({ name: 'X25519MLKEM768' });
    await expect(ask(port, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' })).rejects.toThrow();
  });

  it('PKI-3: post-quantum refuses a client that knows classical groups alone; intermediate serves TLS 1.2', async () => {
    const changes = { minVersion: null, groups: [], suites: [] } as const;
    const strict = await listen({ profile: tlsProfile('post-quantum', changes) });
    await expect(ask(strict.port, { ecdhCurve: 'X25519:P-256' })).rejects.toThrow();
    expect((await ask(strict.port)).answer).toContain('served');
    // TLS 1.2 has no post-quantum signatures, neither in the certificate nor above it.
    const older = await TestAuthority.create('ECDSA-P256-SHA256');
    ends.push(() => older.remove());
    const files = older.writeServer(await older.issue('server', 'CN=a', { algorithm: 'ECDSA-P256-SHA256' }));
    const { port } = await listen({ ...files, profile: tlsProfile('intermediate', changes) });
    const tls12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' } as const;
    expect((await ask(port, { ...tls12, ca: older.root, ecdhCurve: 'X25519:P-256' })).socket.getProtocol()).toBe(
      'TLSv1.2',
    );
  });

  it('PKI-3: required client certificates: none, a foreign one and one for servers are refused, ours is served', async () => {
    const clientCaFile = authority.write('clients.pem', authority.root);
    const { port } = await listen({ clientCertificates: 'required', clientCaFile });
    await expect(ask(port)).rejects.toThrow();
    const foreign = await TestAuthority.create();
    ends.push(() => foreign.remove());
    await expect(ask(port, await foreign.issue('client', 'CN=stranger'))).rejects.toThrow();
    await expect(ask(port, await authority.issue('server', 'CN=not a client'))).rejects.toThrow();
    expect((await ask(port, await authority.issue('client', 'CN=client'))).answer).toContain('served');
  });

  it('PKI-3: optional client certificates: nothing is shown, or something good', async () => {
    const clientCaFile = authority.write('clients.pem', authority.root);
    const { port, served } = await listen({ clientCertificates: 'optional', clientCaFile });
    expect((await ask(port)).answer).toContain('served');
    expect((await ask(port, await authority.issue('client', 'CN=client'))).answer).toContain('served');
    const foreign = await TestAuthority.create();
    ends.push(() => foreign.remove());
    const before = served();
    await expect(ask(port, await foreign.issue('client', 'CN=stranger'))).rejects.toThrow();
    // A request that comes along with the handshake is not carried out either: the answer alone would be lost.
    const options = { host: '127.0.0.1', port, ca: authority.root, ...nodeTlsOptions(profile) };
    const hasty = connect({ ...options, ...(await foreign.issue('client', 'CN=hasty')) });
    hasty.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n');
    await new Promise<void>((resolve) => hasty.on('error', () => {}).on('close', () => resolve()));
    expect(served()).toBe(before);
  });

  it('PKI-3: files that can no longer be looked at are named, and the earlier ones are served on', async () => {
    const { port, events, listener } = await listen();
    rmSync(settings.keyFile);
    symlinkSync(settings.keyFile, settings.keyFile);
    await until(() => events.length > 0);
    expect(listener.refused).toMatch(/server\.key cannot be read \(ELOOP\)/);
    expect((await ask(port)).answer).toContain('served');
  });

  it('PKI-3: changed files are served without a restart, and running connections go on', async () => {
    const { port, events } = await listen();
    const { socket: running } = await ask(port);
    authority.writeServer(await authority.issue('server', 'CN=second', { algorithm: 'Ed25519' }));
    await until(() => events.includes('reloaded CN=second'));
    expect(subjectOf((await ask(port)).socket)).toBe('second');
    const again = new Promise<string>((resolve) => running.once('data', (data) => resolve(data.toString())));
    running.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await again).toContain('served');
    expect(subjectOf(running)).toBe('first');
  });

  it('PKI-3: half of a rotation changes nothing, is named once, and is over when the other half comes', async () => {
    const { port, events, listener } = await listen();
    const second = await authority.issue('server', 'CN=second');
    authority.write('server.key', second.key);
    await until(() => events.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(events).toEqual([expect.stringMatching(/^refused .*server\.pem and .*server\.key do not fit together/)]);
    expect(listener.refused).toContain('do not fit');
    expect(subjectOf((await ask(port)).socket)).toBe('first');
    authority.write('server.pem', second.cert);
    await until(() => listener.refused === null);
    expect(subjectOf((await ask(port)).socket)).toBe('second');
  });

  it('PKI-3: a client authority that was taken out is refused from then on', async () => {
    const clientCaFile = authority.write('clients.pem', authority.root);
    const client = await authority.issue('client', 'CN=client');
    const { port, events } = await listen({ clientCertificates: 'required', clientCaFile });
    expect((await ask(port, client)).answer).toContain('served');
    const other = await TestAuthority.create();
    ends.push(() => other.remove());
    authority.write('clients.pem', other.root);
    await until(() => events.length > 0);
    await expect(ask(port, client)).rejects.toThrow();
  });
});

describe('the files of a listener', () => {
  it('PKI-3: are refused when they are missing, empty, open to others, expired or of another key', async () => {
    expect(() => loaded({ ...settings, keyFile: authority.file('absent') })).toThrow(
      /absent cannot be read \(ENOENT\)/,
    );
    expect(() => loaded({ ...settings, certificateFile: authority.write('empty', '') })).toThrow(/no certificate/);
    const clientCaFile = authority.write('empty-ca', 'nothing here');
    expect(() => loaded({ ...settings, clientCertificates: 'required', clientCaFile })).toThrow(/nobody could connect/);
    chmodSync(settings.keyFile, 0o644);
    expect(() => loaded(settings)).toThrow(/may be read or changed by others \(mode 644\)/);
    chmodSync(settings.keyFile, 0o640);
    expect(loaded(settings).subject).toBe('CN=first');
    expect(() => loadTlsMaterial(settings, Date.now() + 25 * 3_600_000)).toThrow(/was valid only until/);
    expect(() => loadTlsMaterial(settings, Date.now() - 25 * 3_600_000)).toThrow(/is valid only from/);
    const { key } = await authority.issue('server', 'CN=other');
    expect(() => loaded({ ...settings, keyFile: authority.write('other.key', key) })).toThrow(/do not fit together/);
    expect(
      () =>
        new TlsListener({
          settings: { ...settings, keyFile: authority.file('other.key') },
          now: () => Date.now(),
          onReload: () => {},
          onRefused: () => {},
        }),
    ).toThrow(expect.objectContaining({ code: 'TLS_MATERIAL_INVALID' }));
  });
});
