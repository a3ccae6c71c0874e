import { createClient, type SessionView, type SignedIn, type SignInAnswer } from '@quantumvault/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../harness/server.ts';

// ACC-4, ACC-11 over the wire: sign-in, tokens, refresh, the end of sessions, lockout.

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  server.request('POST', path, { body, apiKey: null, headers });
const withToken = (method: string, path: string, token: string | null, body?: unknown) =>
  server.request(method, path, {
    apiKey: null,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body }),
  });

async function signIn(): Promise<SignedIn> {
  const { email, password } = server.signIn;
  const response = await post('/api/auth/sign-in', { email, password });
  expect(response.status).toBe(200);
  const answer = (await response.json()) as SignInAnswer;
  if (answer.status !== 'signed-in') throw new Error(answer.status);
  return answer;
}

const jsonOf = async <T>(response: Response): Promise<T> => (await response.json()) as T;
const codeOf = async (response: Response): Promise<string> =>
  `${response.status} ${((await response.json()) as { code: string }).code}`;
const superuser = async (sql: string, values: unknown[] = []) => {
  const client = await server.database.superuser();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
};

describe('ACC-4: sessions', () => {
  it('ACC-4: the right password gives tokens, and the access token is an actor', async () => {
    const session = await signIn();
    expect(session).toMatchObject({ transport: 'token', csrfToken: null, mustChangePassword: false });
    const me = await (await withToken('GET', '/api/whoami', session.accessToken)).json();
    expect(me).toMatchObject({ actorId: session.subjectId, credential: 'session', kind: 'user' });
    const [row] = await superuser('SELECT address, user_agent FROM session WHERE id = $1', [session.sessionId]);
    expect(Buffer.from(row?.address ?? []).toString('latin1')).not.toContain('127.0.0.1');
    const { items } = await jsonOf<{ items: SessionView[] }>(
      await withToken('GET', '/api/sessions', session.accessToken),
    );
    expect(items[0]).toMatchObject({ id: session.sessionId, isCurrent: true, sourceAddress: '127.0.0.1' });
  });

  it('ACC-4: the published keys are those that sign, without any private part', async () => {
    const { accessToken } = await signIn();
    const published = await server.request('GET', '/.well-known/jwks.json', { apiKey: null });
    const { keys } = await jsonOf<{ keys: { kid: string }[] }>(published);
    const [key] = keys;
    const header = JSON.parse(Buffer.from(accessToken?.split('.')[0] ?? '', 'base64url').toString());
    expect(keys).toMatchObject([{ kid: header.kid, alg: 'Ed25519', kty: 'OKP', use: 'sig' }]);
    expect(Object.keys(key ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    expect(header).toEqual({ alg: 'Ed25519', kid: key?.kid, typ: 'at+jwt' });
  });

  it('ACC-4: signing out ends the session for its access token at once, and for its refresh token', async () => {
    const session = await signIn();
    expect((await withToken('POST', '/api/auth/sign-out', session.accessToken)).status).toBe(204);
    expect(await codeOf(await withToken('GET', '/api/whoami', session.accessToken))).toBe(
      '401 IDENTITY_UNAUTHENTICATED',
    );
    expect(await codeOf(await post('/api/auth/refresh', { refreshToken: session.refreshToken }))).toBe(
      '401 IDENTITY_SESSION_ENDED',
    );
  });

  it('ACC-4: a refresh token is good once; used again it ends the family, and the event says so', async () => {
    const first = await signIn();
    const refresh = async (token: string | null) => post('/api/auth/refresh', { refreshToken: token });
    const second = (await (await refresh(first.refreshToken)).json()) as SignedIn;
    expect(second.sessionId).toBe(first.sessionId);
    expect((await withToken('GET', '/api/whoami', second.accessToken)).status).toBe(200);
    // The thief, or the owner after the thief: both have the same family.
    expect(await codeOf(await refresh(first.refreshToken))).toBe('401 IDENTITY_SESSION_ENDED');
    expect(await codeOf(await withToken('GET', '/api/whoami', second.accessToken))).toBe(
      '401 IDENTITY_UNAUTHENTICATED',
    );
    expect(await codeOf(await refresh(second.refreshToken))).toBe('401 IDENTITY_SESSION_ENDED');
    const events = await superuser(
      "SELECT action, outcome FROM audit_event WHERE resource_type = 'session' AND resource_id = $1 ORDER BY id",
      [first.sessionId],
    );
    expect(events).toEqual([
      { action: 'session.created', outcome: 'success' },
      { action: 'session.refresh-reused', outcome: 'refused' },
      { action: 'session.revoked', outcome: 'success' },
    ]);
  });

  it('ACC-4: of two who use one refresh token at once, one gets tokens, and the family ends', async () => {
    const session = await signIn();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post('/api/auth/refresh', { refreshToken: session.refreshToken })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await codeOf(await withToken('GET', '/api/whoami', session.accessToken))).toBe(
      '401 IDENTITY_UNAUTHENTICATED',
    );
  });

  it('ACC-4: an idle session, one past its end and one of a suspended user are refused by the database’s clock', async () => {
    const changes = [
      "UPDATE session SET last_used_at = now() - interval '61 minutes' WHERE id = $1",
      'UPDATE session SET ends_at = now() WHERE id = $1',
      "UPDATE subject SET status = 'suspended' WHERE id = (SELECT subject_id FROM session WHERE id = $1)",
    ];
    for (const change of changes) {
      const session = await signIn();
      expect((await withToken('GET', '/api/whoami', session.accessToken)).status).toBe(200);
      await superuser(change, [session.sessionId]);
      expect((await withToken('GET', '/api/whoami', session.accessToken)).status, change).toBe(401);
      expect((await post('/api/auth/refresh', { refreshToken: session.refreshToken })).status, change).toBe(401);
      await superuser("UPDATE subject SET status = 'active'");
    }
  });

  it('ACC-4: the oldest session ends when there are too many, and the own ones can be ended', async () => {
    const key = server.client;
    const before = await key.getSecuritySettings();
    expect(before).toMatchObject({ version: 0, session: { concurrentMax: 10 } });
    const options = { ifMatch: '"0"' };
    await key.updateSecuritySettings({ body: { session: { concurrentMax: 2 } } }, options);
    await expect(key.updateSecuritySettings({ body: { lockout: { failuresMax: 9 } } }, options)).rejects.toMatchObject({
      problem: { code: 'REQUEST_ETAG_MISMATCH' },
    });
    const [first, second, third] = [await signIn(), await signIn(), await signIn()];
    expect((await withToken('GET', '/api/whoami', first.accessToken)).status).toBe(401);
    expect((await withToken('GET', '/api/whoami', second.accessToken)).status).toBe(200);
    expect((await withToken('DELETE', `/api/sessions/${second.sessionId}`, third.accessToken)).status).toBe(204);
    expect((await withToken('GET', '/api/whoami', second.accessToken)).status).toBe(401);
    expect((await withToken('DELETE', `/api/sessions/${second.sessionId}`, third.accessToken)).status).toBe(404);
    const revoked = await key.revokeUserSessions({ params: { id: third.subjectId }, body: {} });
    expect(revoked).toEqual({ revoked: 1 });
    expect((await withToken('GET', '/api/whoami', third.accessToken)).status).toBe(401);
    await key.updateSecuritySettings({ body: { session: { concurrentMax: 10 } } }, { ifMatch: '"1"' });
  });
});

describe('ACC-11: refusals', () => {
  it('ACC-11: unknown, wrong, suspended and locked have one answer', async () => {
    const { email, password, organizationId } = server.signIn;
    const answers = [
      await post('/api/auth/sign-in', { email: 'nobody@example.org', password }),
      await post('/api/auth/sign-in', { email, password: 'not the password' }),
      await post('/api/auth/sign-in', { email, password, organizationId: '01920000-0000-7000-8000-000000000000' }),
    ];
    await superuser("UPDATE subject SET status = 'suspended'");
    answers.push(await post('/api/auth/sign-in', { email, password }));
    await superuser("UPDATE subject SET status = 'active'");
    const bodies = await Promise.all(
      answers.map(async (answer) => ({
        ...(await jsonOf<object>(answer)),
        requestId: '',
      })),
    );
    for (const body of bodies) expect(body).toEqual(bodies[0]);
    expect(bodies[0]).toMatchObject({ status: 401, code: 'IDENTITY_SIGN_IN_REFUSED' });
    expect((await post('/api/auth/sign-in', { email: email.toUpperCase(), password, organizationId })).status).toBe(
      200,
    );
  });

  it('ACC-10: failures lock an identity in every spelling, an administrator unlocks it, and a lock doubles', async () => {
    const { email, password } = server.signIn;
    const wrong = ['A', 'b', 'C', 'd', 'E'];
    for (const [at, word] of wrong.entries())
      await post('/api/auth/sign-in', { email: at % 2 === 0 ? email : email.toUpperCase(), password: word });
    expect(await codeOf(await post('/api/auth/sign-in', { email, password }))).toBe('401 IDENTITY_SIGN_IN_REFUSED');
    const rows = async () =>
      superuser(
        'SELECT locks, failures, subject_id, notice_due, extract(epoch FROM locked_until - last_failed_at) AS seconds FROM sign_in_failure WHERE subject_id IS NOT NULL',
      );
    const [locked] = await rows();
    expect(locked).toMatchObject({ locks: 1, failures: 0, notice_due: true });
    // Nothing in the table tells whose address it is.
    const all = JSON.stringify(await superuser('SELECT * FROM sign_in_failure'));
    expect(all).not.toContain('localhost');

    await server.client.unlockSignIn({ params: { id: locked?.subject_id } });
    expect((await post('/api/auth/sign-in', { email, password })).status).toBe(200);

    for (const word of wrong) await post('/api/auth/sign-in', { email, password: word });
    await superuser("UPDATE sign_in_failure SET locked_until = now() - interval '1 second'");
    for (const word of wrong) await post('/api/auth/sign-in', { email, password: word });
    const [again] = await rows();
    expect(again?.locks).toBe(2);
    const [length] = await superuser(
      'SELECT round(extract(epoch FROM max(locked_until) - now())) AS seconds FROM sign_in_failure WHERE subject_id IS NOT NULL',
    );
    expect(Number(length?.seconds)).toBeGreaterThan(30);
    expect(Number(length?.seconds)).toBeLessThanOrEqual(60);
    await superuser('DELETE FROM sign_in_failure');
  });

  it('ACC-10: an address that guesses at many identities is locked too', async () => {
    const { email, password } = server.signIn;
    for (let at = 0; at < 50; at += 1)
      await post('/api/auth/sign-in', { email: `nobody-${at}@example.org`, password: 'x' });
    expect((await post('/api/auth/sign-in', { email, password })).status).toBe(401);
    await superuser('DELETE FROM sign_in_failure');
    expect((await post('/api/auth/sign-in', { email, password })).status).toBe(200);
  });

  it('ACC-4: what has ended is forgotten after a month, and nothing that lives', async () => {
    const { email, password } = server.signIn;
    for (let count = 0; count < 3; count += 1) await post('/api/auth/sign-in', { email, password });
    const ids = (await superuser('SELECT id FROM session ORDER BY created_at DESC LIMIT 3')).map(({ id }) => id);
    const set = (id: string, change: string) => superuser(`UPDATE session SET ${change} WHERE id = $1`, [id]);
    await set(ids[0], "ends_at = now() - interval '31 days'");
    await set(ids[1], "ends_at = now() - interval '29 days'");
    const auth = await server.database.connectAs('qv_auth');
    await auth.query('SELECT auth_prune_sign_in()');
    await auth.end();
    const left = (await superuser('SELECT id FROM session WHERE id = ANY ($1)', [ids])).map(({ id }) => id);
    expect(left.sort()).toEqual(ids.slice(1).sort());
    expect(await superuser('SELECT 1 FROM refresh_token WHERE session_id = $1', [ids[0]])).toEqual([]);
    await superuser('DELETE FROM session WHERE id = $1', [ids[1]]);
  });

  it('ACC-4: sign-in by the SDK needs no key', async () => {
    const client = createClient({ url: server.url, http: fetch });
    const { email, password } = server.signIn;
    expect(await client.signIn({ body: { email, password } })).toMatchObject({ status: 'signed-in' });
  });
});
