// Attack case 24: a client says by a header that it is somebody else. The address that comes out decides limits, conditions
// and what the log says, so it is looked at where it counts: at the real server, behind a real small proxy.
import { createServer, type IncomingMessage, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../harness/server.ts';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  while (open.length > 0) await open.pop()?.stop();
});

async function server(environment: Record<string, string>): Promise<TestServer> {
  const started = await startTestServer(environment);
  open.push(started);
  return started;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A request from one of the addresses of this host, with header lines exactly as given. */
function ask(
  url: string,
  {
    path = '/api/whoami',
    from = '127.0.0.1',
    headers = {},
  }: { path?: string; from?: string; headers?: Record<string, string | string[]> },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = send(new URL(path, url), { headers, localAddress: from, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** What every reverse proxy does: appends the address of whoever is connected to it, and passes on everything else. */
async function proxy(
  target: string,
  { line = 'append' }: { line?: 'append' | 'own-line' | 'forwarded' } = {},
): Promise<string> {
  const listener: Server = createServer((incoming, answer) => {
    const peer = incoming.socket.remoteAddress ?? '';
    const headers: Record<string, string | string[]> = {};
    for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) headers[name] = value;
    const name = line === 'forwarded' ? 'forwarded' : 'x-forwarded-for';
    const before = [headers[name] ?? []].flat();
    const mine = line === 'forwarded' ? `for=${peer};proto=http` : peer;
    headers[name] = line === 'own-line' ? [...before, mine] : [...before, mine].join(', ');
    headers.host = new URL(target).host;
    const outgoing = send(
      new URL(incoming.url ?? '/', target),
      { method: incoming.method ?? 'GET', headers, agent: false },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  open.push({
    stop: async () => {
      listener.closeAllConnections();
      await new Promise((resolve) => listener.close(resolve));
    },
  });
  return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
}

const limit = { QV_RATE_LIMIT_PER_MINUTE: '10', QV_RATE_LIMIT_IDENTITY_PER_MINUTE: '1000000' };
const spoofs = (at: number): Record<string, string> => ({
  'x-forwarded-for': `192.0.2.${at}, 198.51.100.${at}`,
  forwarded: `for=192.0.2.${at}`,
  'x-real-ip': `192.0.2.${at}`,
  'true-client-ip': `192.0.2.${at}`,
  'cf-connecting-ip': `192.0.2.${at}`,
});

async function allowedOf(url: string, tries: number, make: (at: number) => Parameters<typeof ask>[1]): Promise<number> {
  let allowed = 0;
  for (let at = 0; at < tries; at += 1) if ((await ask(url, make(at))).status !== 429) allowed += 1;
  return allowed;
}

/** The address that the log gives for the last event of an action. */
async function sourceOf(started: TestServer, action: string): Promise<string | null | undefined> {
  const { items } = await started.client.listAudit({ query: { action, limit: 1 } });
  return items[0]?.source;
}

describe('attack case 24: forwarded headers', () => {
  it('by default no header gives a client another address: the limit and the log know the connection', async () => {
    const started = await server(limit);
    expect(await allowedOf(started.url, 20, (at) => ({ headers: spoofs(at) }))).toBe(10);
    expect(await allowedOf(started.url, 5, (at) => ({ from: '127.0.0.2', headers: spoofs(at) }))).toBe(5);
    const key = { 'x-api-key': started.signIn.apiKey };
    const made = await fetch(new URL('/api/environments', started.url), { method: 'POST', headers: key });
    expect(made.status).toBe(429);
  });

  it.each(['append', 'own-line', 'forwarded'] as const)(
    'behind one trusted proxy (%s) clients are told apart, and what they claim themselves is not heard',
    async (line) => {
      const started = await server({
        ...limit,
        QV_TRUSTED_PROXIES: '1',
        QV_FORWARDED_HEADER: line === 'forwarded' ? 'forwarded' : 'x-forwarded-for',
      });
      const url = await proxy(started.url, { line });
      expect(await allowedOf(url, 15, (at) => ({ from: '127.0.0.3', headers: spoofs(at) }))).toBe(10);
      expect(await allowedOf(url, 15, (at) => ({ from: '127.0.0.4', headers: spoofs(at) }))).toBe(10);
    },
  );

  it('the log names the client before the last trusted hop', async () => {
    const started = await server({ QV_TRUSTED_PROXIES: '127.0.0.1/32' });
    const url = await proxy(started.url);
    const headers = { 'x-api-key': started.signIn.apiKey, ...spoofs(1) };
    const missing = '/api/environments/01920000-0000-7000-8000-00000000ffff';
    expect((await ask(url, { path: missing, from: '127.0.0.5', headers })).status).toBe(404);
    expect(await sourceOf(started, 'access.refused')).toBe('127.0.0.5');
    // Past the proxy, from an address that is not trusted: the header is the client's own.
    expect((await ask(started.url, { path: missing, from: '127.0.0.6', headers })).status).toBe(404);
    expect(await sourceOf(started, 'access.refused')).toBe('127.0.0.6');
  });

  it('two proxies in a row: the address before the inner one, not the outer proxy', async () => {
    const started = await server({ QV_TRUSTED_PROXIES: '2' });
    const outer = await proxy(await proxy(started.url));
    const headers = { 'x-api-key': started.signIn.apiKey, ...spoofs(1) };
    const missing = '/api/projects/01920000-0000-7000-8000-00000000ffff';
    expect((await ask(outer, { path: missing, from: '127.0.0.7', headers })).status).toBe(404);
    expect(await sourceOf(started, 'access.refused')).toBe('127.0.0.7');
  });

  it.each([
    ['malformed', '192.0.2.1, nonsense'],
    ['unknown', 'unknown'],
    ['empty', ''],
    ['over-long', `${'192.0.2.1, '.repeat(500)}192.0.2.1`],
    ['a port out of place', '192.0.2.1:80:80'],
  ])('a trusted proxy that writes something %s is refused: no address is made up', async (_, header) => {
    const started = await server({ QV_TRUSTED_PROXIES: '1' });
    const answer = await ask(started.url, {
      headers: { 'x-api-key': started.signIn.apiKey, 'x-forwarded-for': header },
    });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).code).toBe('REQUEST_FORWARDED_INVALID');
    expect(answer.body).not.toContain('nonsense');
  });

  it.each([
    ['192.0.2.1:4711', '192.0.2.1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
  ])('a trusted proxy that writes %s means %s', async (header, source) => {
    const started = await server({ QV_TRUSTED_PROXIES: '1' });
    const headers = { 'x-api-key': started.signIn.apiKey, 'x-forwarded-for': header };
    await ask(started.url, { path: '/api/services/01920000-0000-7000-8000-00000000ffff', headers });
    expect(await sourceOf(started, 'access.refused')).toBe(source);
  });

  it('IPv6 clients of one network of 64 bits share a limit, others do not', async () => {
    const started = await server({ ...limit, QV_TRUSTED_PROXIES: '1' });
    const within = (network: string) => (at: number) => ({ headers: { 'x-forwarded-for': `${network}::${at + 1}` } });
    expect(await allowedOf(started.url, 15, within('2001:db8:1:1'))).toBe(10);
    expect(await allowedOf(started.url, 15, within('2001:db8:1:2'))).toBe(10);
  });

  it('neither host nor scheme is believed of a header', async () => {
    const started = await server({ QV_TRUSTED_PROXIES: '1' });
    const headers = {
      'x-api-key': started.signIn.apiKey,
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
    };
    const answer = await ask(started.url, { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers['strict-transport-security']).toBeUndefined();
    expect(answer.body + JSON.stringify(answer.headers)).not.toContain('evil.example');
    const refused = await ask(started.url, { headers: { ...headers, host: 'evil.example' } });
    expect(refused.status).toBe(400);
  });

  it('what is open to this host alone is not open through a proxy on this host, trusted or not', async () => {
    for (const trusted of ['0', '1']) {
      const started = await server({ QV_TRUSTED_PROXIES: trusted });
      expect((await ask(started.url, { path: '/metrics' })).status).toBe(200);
      expect((await ask(await proxy(started.url), { path: '/metrics' })).status).toBe(401);
      expect((await ask(started.url, { path: '/metrics', headers: { 'x-forwarded-for': '127.0.0.1' } })).status).toBe(
        401,
      );
    }
  });
});
