import type { PasskeyRequest, SignedIn, SignInAnswer } from '@quantumvault/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appCode, wrongAppCode } from '../../apps/server/src/modules/identity/factors/factor-world.test-support.ts';
import { SoftwareAuthenticator } from '../../apps/server/src/modules/identity/factors/software-authenticator.test-support.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';

// Attack case 23 over the wire: replay of codes, tickets and assertions, and every way around the second factor.

let server: TestServer;
let secret: string;
let recoveryCodes: readonly string[];
let session: SignedIn;
const authenticator = () =>
  new SoftwareAuthenticator({ algorithm: 'ES256', origin: server.url.replace('127.0.0.1', 'localhost') });
let passkey: SoftwareAuthenticator;

const ask = (method: string, path: string, token: string | null, body?: unknown) =>
  server.request(method, path, {
    apiKey: null,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body }),
  });
const post = (path: string, body?: unknown, token: string | null = null) => ask('POST', path, token, body);
const jsonOf = async <T>(response: Response): Promise<T> => {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text) as T;
};
const codeOf = async (response: Response): Promise<string> =>
  `${response.status} ${((await response.json()) as { code?: string }).code}`;
const superuser = async (sql: string, values: unknown[] = []) => {
  const client = await server.database.superuser();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
};

async function firstStep(): Promise<string> {
  const { email, password } = server.signIn;
  const answer = await jsonOf<SignInAnswer>(await post('/api/auth/sign-in', { email, password }));
  if (answer.status !== 'second-factor') throw new Error('no second factor was asked for');
  return answer.ticket;
}
const secondStep = (ticket: string, proof: object) => post('/api/auth/second-factor', { ticket, ...proof });
/** The steps that were used are forgotten, as if half a minute had passed for each. */
const passTime = () => superuser('UPDATE totp_factor SET last_step = 0');
const present = () => ({ method: 'totp', code: appCode(secret, new Date()) });

beforeAll(async () => {
  server = await startTestServer({ QV_RATE_LIMIT_SIGN_IN_PER_MINUTE: '100000' });
  const { email, password } = server.signIn;
  const first = await jsonOf<SignInAnswer>(await post('/api/auth/sign-in', { email, password }));
  if (first.status !== 'signed-in') throw new Error(first.status);
  session = first;
  const token = session.accessToken;
  const started = await jsonOf<{ secret: string }>(await post('/api/me/second-factors/totp', undefined, token));
  secret = started.secret;
  const confirmed = await jsonOf<{ recoveryCodes: string[] }>(
    await post('/api/me/second-factors/totp/confirm', { code: appCode(secret, new Date()) }, token),
  );
  recoveryCodes = confirmed.recoveryCodes;
  passkey = authenticator();
  const begun = await jsonOf<{ challengeId: string; options: never }>(
    await post('/api/me/second-factors/passkeys/options', undefined, token),
  );
  const credential = passkey.create(begun.options);
  const body = { challengeId: begun.challengeId, name: 'Key', credential };
  await jsonOf(await post('/api/me/second-factors/passkeys', body, token));
  await passTime();
});
afterAll(() => server.stop());

describe('attack 23: replay', () => {
  it('ACC-5: the password alone gives a ticket, and the ticket no access', async () => {
    const ticket = await firstStep();
    expect(await codeOf(await ask('GET', '/api/whoami', ticket))).toBe('401 IDENTITY_UNAUTHENTICATED');
  });

  it('ACC-2: one code, a hundred tickets of the right password at once: one session', async () => {
    await passTime();
    const tickets: string[] = [];
    // More passwords than this at once are turned away.
    while (tickets.length < 100) tickets.push(...(await Promise.all(Array.from({ length: 20 }, () => firstStep()))));
    const proof = present();
    const before = await superuser('SELECT 1 FROM session');
    const answers = await Promise.all(tickets.map((ticket) => secondStep(ticket, proof)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await superuser('SELECT 1 FROM session')).toHaveLength(before.length + 1);
    await superuser('DELETE FROM second_factor_failure');
  }, 120_000);

  it('ACC-5: a ticket is good once, and only five attempts long', async () => {
    await passTime();
    const ticket = await firstStep();
    const [first = ''] = recoveryCodes;
    expect((await secondStep(ticket, { method: 'recovery-code', code: first })).status).toBe(200);
    const again = { method: 'recovery-code', code: recoveryCodes[1] ?? '' };
    expect(await codeOf(await secondStep(ticket, again))).toBe('401 FACTORS_SIGN_IN_REFUSED');
    const other = await firstStep();
    for (let time = 0; time < 5; time += 1)
      await secondStep(other, { method: 'recovery-code', code: 'AAAA-AAAA-AAAA-AAAA' });
    expect(await codeOf(await secondStep(other, again))).toBe('401 FACTORS_SIGN_IN_REFUSED');
    expect((await secondStep(await firstStep(), again)).status).toBe(200);
  });

  it('ACC-5: a ticket from another network, of somebody else, expired or made up has the answer of a wrong code', async () => {
    await passTime();
    const wanted = '401 FACTORS_SIGN_IN_REFUSED';
    expect(await codeOf(await secondStep(`qvt_${'A'.repeat(43)}`, present()))).toBe(wanted);
    const moved = await firstStep();
    await superuser("UPDATE sign_in_ticket SET network_hash = sha256('elsewhere')");
    expect(await codeOf(await secondStep(moved, present()))).toBe(wanted);
    const late = await firstStep();
    await superuser("UPDATE sign_in_ticket SET expires_at = now() - interval '1 second'");
    expect(await codeOf(await secondStep(late, present()))).toBe(wanted);
    expect(
      await codeOf(await secondStep(await firstStep(), { method: 'totp', code: wrongAppCode(secret, new Date()) })),
    ).toBe(wanted);
    await superuser('DELETE FROM second_factor_failure');
  });

  it('ACC-2: a passkey signs in alone, an assertion once, and not for another ceremony', async () => {
    const begin = async () => jsonOf<PasskeyRequest>(await post('/api/auth/passkey/options'));
    const { challengeId, options } = await begin();
    const credential = passkey.get(options);
    const opened = await jsonOf<SignedIn>(await post('/api/auth/passkey', { challengeId, credential }));
    const [row] = await superuser('SELECT mfa_at FROM session WHERE id = $1', [opened.sessionId]);
    expect(row?.mfa_at).toBeInstanceOf(Date);
    const again = await post('/api/auth/passkey', { challengeId, credential });
    expect(await codeOf(again)).toBe('401 FACTORS_SIGN_IN_REFUSED');
    const another = await begin();
    const replayed = await post('/api/auth/passkey', { challengeId: another.challengeId, credential });
    expect(await codeOf(replayed)).toBe('401 FACTORS_SIGN_IN_REFUSED');
    // The challenge of a ticket does not sign in without it, nor the other way round.
    const ticket = await firstStep();
    const second = await jsonOf<PasskeyRequest>(await post('/api/auth/second-factor/passkey', { ticket }));
    const body = { challengeId: second.challengeId, credential: passkey.get(second.options) };
    expect(await codeOf(await post('/api/auth/passkey', body))).toBe('401 FACTORS_SIGN_IN_REFUSED');
    const third = await jsonOf<PasskeyRequest>(await post('/api/auth/second-factor/passkey', { ticket }));
    const proof = { method: 'passkey', challengeId: third.challengeId, credential: passkey.get(third.options) };
    expect((await secondStep(ticket, proof)).status).toBe(200);
  });
});

describe('attack 23: around the step-up', () => {
  const change = (token: string | null, apiKey: string | null = null) =>
    server.request('PATCH', '/api/security-settings', {
      apiKey,
      headers: { 'if-match': '"999"', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      body: { lockout: { failuresMax: 7 } },
    });

  it('ACC-5: an old proof is refused for what is dangerous, and a fresh one opens it', async () => {
    await superuser("UPDATE session SET mfa_at = now() - interval '1 day' WHERE id = $1", [session.sessionId]);
    expect(await codeOf(await change(session.accessToken))).toBe('403 ACCESS_STEP_UP_REQUIRED');
    expect((await ask('GET', '/api/security-settings', session.accessToken)).status).toBe(200);
    // The password is not enough for whoever has a second factor.
    const { password } = server.signIn;
    expect((await post('/api/auth/step-up', { method: 'password', password }, session.accessToken)).status).toBe(200);
    expect(await codeOf(await change(session.accessToken))).toBe('403 ACCESS_STEP_UP_REQUIRED');
    await passTime();
    const proof = present();
    expect((await post('/api/auth/step-up', proof, session.accessToken)).status).toBe(200);
    expect(await codeOf(await change(session.accessToken))).toBe('412 REQUEST_ETAG_MISMATCH');
    expect(await codeOf(await post('/api/auth/step-up', proof, session.accessToken))).toBe('403 FACTORS_PROOF_REFUSED');
  });

  it('ACC-5: where a second factor is required: no API key for what is dangerous, and the last factor stays', async () => {
    const { apiKey } = server.signIn;
    expect(await codeOf(await change(null, apiKey))).toBe('412 REQUEST_ETAG_MISMATCH');
    const required = await server.client.updateSecuritySettings(
      { body: { mfa: { requiredFor: 'everyone' } } },
      { ifMatch: '"0"' },
    );
    expect(required.mfa.requiredFor).toBe('everyone');
    expect(await codeOf(await change(null, apiKey))).toBe('403 ACCESS_STEP_UP_REQUIRED');
    expect((await server.request('GET', '/api/assets')).status).toBe(200);
    expect(await codeOf(await server.request('POST', '/api/me/second-factors/totp'))).toBe(
      '403 ACCESS_STEP_UP_REQUIRED',
    );
    expect((await ask('DELETE', '/api/me/second-factors/totp', session.accessToken)).status).toBe(204);
    const { passkeys } = await jsonOf<{ passkeys: { id: string }[] }>(
      await ask('GET', '/api/me/second-factors', session.accessToken),
    );
    const remove = await ask('DELETE', `/api/me/second-factors/passkeys/${passkeys[0]?.id}`, session.accessToken);
    expect(await codeOf(remove)).toBe('409 FACTORS_LAST_REQUIRED');
  });

  it('ACC-5: whoever must have a second factor and has none may enrol and nothing else', async () => {
    await superuser('DELETE FROM passkey');
    const { email, password } = server.signIn;
    const answer = await jsonOf<SignInAnswer>(await post('/api/auth/sign-in', { email, password }));
    if (answer.status !== 'signed-in') throw new Error(answer.status);
    const token = answer.accessToken;
    for (const path of ['/api/assets', '/api/audit', '/api/users', '/api/security-settings', '/api/status'])
      expect(await codeOf(await ask('GET', path, token)), path).toBe('403 ACCESS_MFA_REQUIRED');
    expect(await codeOf(await server.request('GET', '/api/assets'))).toBe('403 ACCESS_MFA_REQUIRED');
    const refused = await superuser(
      "SELECT count(*) AS count FROM audit_event WHERE action = 'access.refused' AND actor_id = $1",
      [answer.subjectId],
    );
    expect(Number(refused[0]?.count)).toBeGreaterThanOrEqual(6);
    const started = await jsonOf<{ secret: string }>(await post('/api/me/second-factors/totp', undefined, token));
    const code = appCode(started.secret, new Date());
    expect((await post('/api/me/second-factors/totp/confirm', { code }, token)).status).toBe(200);
    expect((await ask('GET', '/api/assets', token)).status).toBe(200);
  });
});
