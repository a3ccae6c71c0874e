import type { SignedIn } from '@quantumvault/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { countedRefusals } from './counted-refusals.ts';

// Attack case 26, CSRF: what a browser does for a page of ours, and what a page of somebody else can make it do.

let server: TestServer;
let origin: string;
beforeAll(async () => {
  server = await startTestServer();
  origin = new URL(server.url).origin;
});
afterAll(() => server.stop());

const ours = () => ({ origin, 'sec-fetch-site': 'same-origin' });
const send = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
  server.request(method, path, { apiKey: null, headers, ...(body === undefined ? {} : { body }) });
const codeOf = async (response: Response): Promise<string> =>
  `${response.status} ${((await response.json()) as { code: string }).code}`;

interface Browser {
  readonly cookies: Map<string, string>;
  readonly attributes: Map<string, string>;
  readonly answer: SignedIn;
}

function keep(browser: Pick<Browser, 'cookies' | 'attributes'>, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair = '', ...attributes] = line.split('; ');
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    browser.attributes.set(name, attributes.join('; '));
    if (attributes.includes('Max-Age=0')) browser.cookies.delete(name);
    else browser.cookies.set(name, pair.slice(at + 1));
  }
}

const cookieHeader = (browser: Browser, names = [...browser.cookies.keys()]): Record<string, string> => ({
  cookie: names.map((name) => `${name}=${browser.cookies.get(name)}`).join('; '),
});

async function signIn(): Promise<Browser> {
  const { email, password } = server.signIn;
  // Whatever a browser asks for: the tokens do not come into the hands of a script.
  const response = await send('POST', '/api/auth/sign-in', ours(), { email, password, transport: 'token' });
  expect(response.status).toBe(200);
  const stored = { cookies: new Map<string, string>(), attributes: new Map<string, string>() };
  keep(stored, response);
  return { ...stored, answer: (await response.json()) as SignedIn };
}

const settings = { path: '/api/security-settings', body: { session: { concurrentMax: 10 } } };

describe('attack 26: CSRF', () => {
  it('attack 26: a browser gets cookies of this host alone that no script can read, and no token', async () => {
    const browser = await signIn();
    expect(browser.answer).toMatchObject({ transport: 'cookie', accessToken: null, refreshToken: null });
    expect(Object.fromEntries(browser.attributes)).toEqual({
      '__Host-qv-session': expect.stringMatching(/^Path=\/; Max-Age=\d+; Secure; SameSite=Strict; HttpOnly$/),
      '__Host-qv-session-rest': expect.stringMatching(/^Path=\/; Max-Age=0; Secure; SameSite=Strict; HttpOnly$/),
      '__Host-qv-csrf': expect.stringMatching(/^Path=\/; Max-Age=\d+; Secure; SameSite=Strict$/),
      '__Secure-qv-refresh': expect.stringMatching(
        /^Path=\/api\/auth\/refresh; Max-Age=\d+; Secure; SameSite=Strict; HttpOnly$/,
      ),
    });
    const text = JSON.stringify(browser.answer);
    for (const name of ['__Host-qv-session', '__Secure-qv-refresh'])
      expect(text).not.toContain(browser.cookies.get(name));
    expect((await send('GET', '/api/whoami', { ...ours(), ...cookieHeader(browser) })).status).toBe(200);
  });

  it('attack 26: a change needs the token of this very session and a page of this origin', async () => {
    const [browser, other] = [await signIn(), await signIn()];
    const version = { 'if-match': '"0"' };
    const csrf = (token: string | null) => ({ 'x-csrf-token': token ?? '' });
    const own = browser.answer.csrfToken;
    const attempts: readonly [string, Record<string, string>][] = [
      ['no token', ours()],
      ['an empty token', { ...ours(), ...csrf('') }],
      ['the token of another session', { ...ours(), ...csrf(other.answer.csrfToken) }],
      ['a changed token', { ...ours(), ...csrf(`${own?.startsWith('A') ? 'B' : 'A'}${own?.slice(1)}`) }],
      ['a page of another origin', { ...csrf(own), origin: 'https://example.org', 'sec-fetch-site': 'cross-site' }],
      ['a sister host', { ...csrf(own), origin: 'https://other.127.0.0.1.example.org', 'sec-fetch-site': 'same-site' }],
      ['another port', { ...csrf(own), origin: 'http://127.0.0.1:1' }],
      ['an opaque origin', { ...csrf(own), origin: 'null' }],
      [
        'a foreign origin that calls itself same',
        { ...csrf(own), origin: 'https://example.org', 'sec-fetch-site': 'same-origin' },
      ],
      ['no word of the origin', csrf(own)],
    ];
    for (const [title, headers] of attempts) {
      const response = await send(
        'PATCH',
        settings.path,
        { ...version, ...headers, ...cookieHeader(browser) },
        settings.body,
      );
      expect(await codeOf(response), title).toBe('403 IDENTITY_CSRF_REFUSED');
    }
    const state = await server.client.getSecuritySettings();
    expect(state.version).toBe(0);
    const right = { ...version, ...ours(), ...csrf(own), ...cookieHeader(browser) };
    expect((await send('PATCH', settings.path, right, settings.body)).status).toBe(200);
  });

  it('attack 26: a page of a sister host, which has the cookies, reads nothing and uses up no approved export', async () => {
    const browser = await signIn();
    for (const site of ['same-site', 'cross-site']) {
      const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors', ...cookieHeader(browser) };
      expect(await codeOf(await send('GET', '/api/audit/export', headers)), site).toBe('403 IDENTITY_CSRF_REFUSED');
    }
    const events = await server.client.listAudit({ query: { action: 'audit.exported' } });
    expect(events.items).toEqual([]);
    // An address that somebody types comes from no page.
    const typed = { 'sec-fetch-site': 'none', ...cookieHeader(browser) };
    expect((await send('GET', '/api/whoami', typed)).status).toBe(200);
  });

  it('attack 26: a cookie’s token is worth nothing as a header, a header’s nothing as a cookie', async () => {
    const browser = await signIn();
    const stolen = browser.cookies.get('__Host-qv-session') ?? '';
    expect((await send('GET', '/api/whoami', { authorization: `Bearer ${stolen}` })).status).toBe(401);
    const { email, password } = server.signIn;
    const answer = await (await send('POST', '/api/auth/sign-in', {}, { email, password })).json();
    const { accessToken } = answer as SignedIn;
    expect((await send('GET', '/api/whoami', { ...ours(), cookie: `__Host-qv-session=${accessToken}` })).status).toBe(
      401,
    );
    // Two cookies of one name: somebody else has set one of them.
    const twice = `__Host-qv-session=${stolen}; __Host-qv-session=${accessToken}`;
    expect((await send('GET', '/api/whoami', { ...ours(), cookie: twice })).status).toBe(401);
    // A key beside cookies is what counts, and needs no token.
    const key = { 'x-api-key': server.signIn.apiKey, ...cookieHeader(browser) };
    expect((await send('POST', '/api/auth/sign-out', key)).status).toBe(403);
    expect((await send('GET', '/api/whoami', { ...ours(), ...cookieHeader(browser) })).status).toBe(200);
  });

  it('attack 26: nobody is signed in as somebody else: a foreign page may not sign in, reset or poll', async () => {
    const { email, password } = server.signIn;
    const foreign = { origin: 'https://example.org', 'sec-fetch-site': 'cross-site' };
    const bodies: readonly [string, unknown][] = [
      ['/api/auth/sign-in', { email, password }],
      ['/api/auth/password-reset', { token: `qvp_${'A'.repeat(43)}`, newPassword: 'x' }],
      ['/api/auth/device/token', { deviceCode: `qvd_${'A'.repeat(43)}` }],
    ];
    for (const [path, body] of bodies) {
      const response = await send('POST', path, foreign, body);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(await codeOf(response), path).toBe('403 IDENTITY_CSRF_REFUSED');
    }
    const form = await server.request('POST', '/api/auth/sign-in', {
      apiKey: null,
      rawBody: `email=${email}&password=${password}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form.status).toBe(415);
  });

  it('attack 26: refreshing by cookie needs the token too, and its cookie goes to that path alone', async () => {
    const browser = await signIn();
    const refreshCookie = cookieHeader(browser, ['__Secure-qv-refresh']);
    const csrf = { 'x-csrf-token': browser.answer.csrfToken ?? '' };
    expect(await codeOf(await send('POST', '/api/auth/refresh', { ...ours(), ...refreshCookie }, {}))).toBe(
      '403 IDENTITY_CSRF_REFUSED',
    );
    const foreign = { ...csrf, origin: 'https://example.org' };
    expect(await codeOf(await send('POST', '/api/auth/refresh', { ...foreign, ...refreshCookie }, {}))).toBe(
      '403 IDENTITY_CSRF_REFUSED',
    );
    const response = await send('POST', '/api/auth/refresh', { ...ours(), ...csrf, ...refreshCookie }, {});
    expect(response.status).toBe(200);
    const former = browser.cookies.get('__Host-qv-session');
    keep(browser, response);
    expect(browser.cookies.get('__Secure-qv-refresh')).not.toBe(refreshCookie.cookie?.split('=')[1]);
    expect(browser.cookies.get('__Host-qv-session')).toBeDefined();
    expect(former).toBeDefined();
    // The same token in the body would hand tokens to a script.
    const text = browser.cookies.get('__Secure-qv-refresh');
    expect((await send('POST', '/api/auth/refresh', csrf, { refreshToken: text })).status).toBe(401);
  });

  it('AUD-1: each refusal is counted for its address, a forged request like a foreign page, and nothing of it is kept', async () => {
    const sql = await server.database.superuser();
    try {
      const browser = await signIn();
      const { email, password } = server.signIn;
      // What was refused before has reached the database within its second.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const before = await countedRefusals(sql);
      const foreign = { origin: 'https://example.org', 'sec-fetch-site': 'cross-site' };
      const token = 'canary-of-a-forged-token';
      const forged = { ...ours(), ...cookieHeader(browser), 'x-csrf-token': token };
      const refused = [
        await send('POST', '/api/auth/sign-in', foreign, { email, password }),
        await send('POST', '/api/auth/sign-out', forged),
        await send('POST', '/api/auth/refresh', forged, {}),
      ];
      for (const response of refused) expect(await codeOf(response)).toBe('403 IDENTITY_CSRF_REFUSED');
      await expect.poll(() => countedRefusals(sql), { timeout: 10_000 }).toBe(before + refused.length);
      const { rows } = await sql.query('SELECT * FROM auth_refusal_count');
      const kept = `${server.logged()}${JSON.stringify(rows)}`;
      for (const secret of [token, password, '127.0.0.1']) expect(JSON.stringify(rows)).not.toContain(secret);
      expect(kept).not.toContain(token);
    } finally {
      await sql.end();
    }
  });

  it('attack 26: signing out takes the cookies and all that the browser keeps', async () => {
    const browser = await signIn();
    const csrf = { 'x-csrf-token': browser.answer.csrfToken ?? '' };
    const before = cookieHeader(browser);
    const response = await send('POST', '/api/auth/sign-out', { ...ours(), ...csrf, ...before });
    expect(response.status).toBe(204);
    expect(response.headers.get('clear-site-data')).toBe('"cache", "cookies", "storage"');
    keep(browser, response);
    expect([...browser.cookies.keys()]).toEqual([]);
    expect((await send('GET', '/api/whoami', { ...ours(), ...before })).status).toBe(401);
  });
});

describe('ACC-4: tokens under ML-DSA-65', () => {
  it('ACC-4: sign in, fit into headers and cookies, and are published', async () => {
    const quantum = await startTestServer({ QV_SESSION_ALGORITHM: 'ML-DSA-65' });
    try {
      const { email, password } = quantum.signIn;
      const request = (headers: Record<string, string>) =>
        quantum.request('POST', '/api/auth/sign-in', { body: { email, password }, apiKey: null, headers });
      const { accessToken } = (await (await request({})).json()) as SignedIn;
      expect(accessToken?.length).toBeGreaterThan(4_096);
      const authorization = `Bearer ${accessToken}`;
      expect((await quantum.request('GET', '/api/whoami', { apiKey: null, headers: { authorization } })).status).toBe(
        200,
      );
      const response = await request({ origin: quantum.url });
      const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
      for (const cookie of cookies) expect(cookie.length).toBeLessThan(4_000);
      const headers = { origin: quantum.url, cookie: cookies.join('; ') };
      expect((await quantum.request('GET', '/api/whoami', { apiKey: null, headers })).status).toBe(200);
      const published = await quantum.request('GET', '/.well-known/jwks.json', { apiKey: null });
      expect(await published.json()).toMatchObject({ keys: [{ kty: 'AKP', alg: 'ML-DSA-65' }] });
    } finally {
      await quantum.stop();
    }
  });
});
