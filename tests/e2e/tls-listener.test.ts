import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpClient } from '../../apps/cli/src/connection/http.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { TestAuthority } from '../harness/tls-authority.ts';

let authority: TestAuthority;
let server: TestServer;
let client: { readonly cert: string; readonly key: string };

beforeAll(async () => {
  authority = await TestAuthority.create();
  const { certificateFile, keyFile } = authority.writeServer(await authority.issue('server', 'CN=vault'));
  client = await authority.issue('client', 'CN=operator');
  server = await startTestServer({
    QV_TLS_CERTIFICATE_FILE: certificateFile,
    QV_TLS_KEY_FILE: keyFile,
    QV_TLS_CLIENT_CERTIFICATES: 'required',
    QV_TLS_CLIENT_CA_FILE: authority.write('clients.pem', authority.root),
    QV_TLS_RELOAD_SECONDS: '1',
  });
});

afterAll(async () => {
  await server?.stop();
  authority.remove();
});

/** The command line's HTTP with these settings. */
function get(target: string, settings: Readonly<Record<string, string>>): Promise<Response> {
  const http = httpClient({ folder: authority.folder, get: (name) => settings[name] });
  const headers = { 'x-api-key': server.signIn.apiKey };
  return http(new URL(target, server.url).href, { method: 'GET', headers });
}

it('PKI-3: the whole server speaks TLS to clients with a certificate, and only to them', async () => {
  expect(server.url).toMatch(/^https:/);
  const trusted = { QV_CA: authority.root, QV_CLIENT_CERTIFICATE: client.cert, QV_CLIENT_KEY: client.key };
  const answer = await get('/health/ready', trusted);
  expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
  // A test certificate lives for a day, which is what an operator must hear of.
  expect(await answer.json()).toMatchObject({ parts: { listener: { status: 'degraded' } } });
  expect((await get('/api/environments', { ...trusted, QV_TLS_PROFILE: 'post-quantum' })).status).toBe(200);
  await expect(get('/health/ready', { QV_CA: authority.root })).rejects.toThrow();
  await expect(get('/health/ready', { ...trusted, QV_CA: '' })).rejects.toThrow(/certificate/);
  await expect(get('/health/ready', { QV_CA: authority.root, QV_CLIENT_KEY: client.key })).rejects.toThrow(/together/);
  // Plain HTTP on the port of a TLS listener is no way in.
  await expect(fetch(server.url.replace('https:', 'http:'))).rejects.toThrow();
});

it('PKI-3: a rotation is served and recorded in the log', async () => {
  authority.writeServer(await authority.issue('server', 'CN=vault after rotation'));
  const trusted = { QV_CA: authority.root, QV_CLIENT_CERTIFICATE: client.cert, QV_CLIENT_KEY: client.key };
  const end = Date.now() + 15_000;
  while (!server.logged().includes('CN=vault after rotation') && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(server.logged()).toContain('the changed TLS files are served');
  expect((await get('/api/environments', trusted)).status).toBe(200);
  const database = await server.database.superuser();
  const { rows } = await database.query(
    "SELECT count(*)::int AS count FROM audit_event WHERE action = 'listener.reloaded'",
  );
  await database.end();
  expect(rows).toEqual([{ count: 1 }]);
});
