import { createClient, type SignedIn } from '@quantumvault/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../harness/server.ts';

// ACC-4, RFC 8628: a device shows a code, a signed-in person approves it, the device gets a session of that person.

let server: TestServer;
let person: SignedIn;
beforeAll(async () => {
  server = await startTestServer();
  const { email, password } = server.signIn;
  const answer = await anonymous().signIn({ body: { email, password } });
  if (answer.status !== 'signed-in') throw new Error(answer.status);
  person = answer;
});
afterAll(() => server.stop());

const anonymous = () => createClient({ url: server.url, http: fetch });
const as = (session: SignedIn) =>
  createClient({ url: server.url, accessToken: session.accessToken ?? '', http: fetch });
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error) => error.problem?.code ?? String(error),
  );
const superuser = async (sql: string) => {
  const client = await server.database.superuser();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};
const start = () => anonymous().startDeviceSignIn({ body: { clientName: 'build-7' } });
const poll = (deviceCode: string) => anonymous().pollDeviceSignIn({ body: { deviceCode } });

describe('ACC-4: sign-in of a device', () => {
  it('ACC-4: pending, slow down, approved: a session once, with the factors of the person', async () => {
    await superuser('UPDATE session SET mfa_at = now()');
    const { deviceCode, userCode, intervalSeconds } = await start();
    expect(userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(intervalSeconds).toBe(5);
    expect(await poll(deviceCode)).toEqual({ status: 'pending' });
    expect(await poll(deviceCode)).toEqual({ status: 'slow-down' });
    expect(await as(person).lookUpDeviceSignIn({ body: { userCode } })).toEqual({ clientName: 'build-7' });
    await as(person).decideDeviceSignIn({ body: { userCode, decision: 'approve' } });
    const answers = await Promise.all([1, 2, 3, 4].map(() => poll(deviceCode).catch((error) => error.problem.code)));
    const sessions = answers.filter((answer) => answer.status === 'signed-in');
    expect(sessions).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'IDENTITY_DEVICE_CODE_REFUSED')).toHaveLength(3);
    expect(await as(sessions[0]).whoAmI()).toMatchObject({ actorId: person.subjectId });
    const { items } = await as(sessions[0]).listSessions();
    expect(items.find(({ isCurrent }) => isCurrent)?.mfaAt).not.toBeNull();
    // ACC-5: who was lured into approving a stranger's device has not proved anything there.
    const { version } = await as(sessions[0]).getSecuritySettings();
    const change = () => as(sessions[0]).updateSecuritySettings({ body: {} }, { ifMatch: `"${version}"` });
    expect(await codeOf(change())).toBe('ACCESS_STEP_UP_REQUIRED');
    const { password } = server.signIn;
    await as(sessions[0]).stepUp({ body: { method: 'password', password } });
    expect(await codeOf(change())).toBe('done');
    expect(await codeOf(as(person).decideDeviceSignIn({ body: { userCode, decision: 'approve' } }))).toBe(
      'IDENTITY_DEVICE_CODE_REFUSED',
    );
  });

  it('ACC-4: turned away, expired and invented codes give nothing; codes are stored as hashes', async () => {
    const first = await start();
    const stored = JSON.stringify(await superuser('SELECT * FROM device_sign_in'));
    for (const code of [first.deviceCode, first.userCode]) expect(stored).not.toContain(code);
    await as(person).decideDeviceSignIn({ body: { userCode: first.userCode, decision: 'deny' } });
    expect(await poll(first.deviceCode)).toEqual({ status: 'denied' });
    expect(await codeOf(poll(first.deviceCode))).toBe('IDENTITY_DEVICE_CODE_REFUSED');
    const late = await start();
    await superuser("UPDATE device_sign_in SET expires_at = now() - interval '1 second'");
    expect(await codeOf(as(person).lookUpDeviceSignIn({ body: { userCode: late.userCode } }))).toBe(
      'IDENTITY_DEVICE_CODE_REFUSED',
    );
    expect(await codeOf(poll(late.deviceCode))).toBe('IDENTITY_DEVICE_CODE_REFUSED');
    expect(await codeOf(poll(`qvd_${'A'.repeat(43)}`))).toBe('IDENTITY_DEVICE_CODE_REFUSED');
  });

  it('ACC-4: what a session has approved ends with it, before the device has fetched its own', async () => {
    const { email, password } = server.signIn;
    const stolen = await anonymous().signIn({ body: { email, password } });
    if (stolen.status !== 'signed-in') throw new Error(stolen.status);
    const { userCode, deviceCode } = await start();
    await as(stolen).decideDeviceSignIn({ body: { userCode, decision: 'approve' } });
    await as(person).revokeSession({ params: { id: stolen.sessionId } });
    expect(await poll(deviceCode)).toEqual({ status: 'denied' });
    expect(await codeOf(poll(deviceCode))).toBe('IDENTITY_DEVICE_CODE_REFUSED');
  });

  it('ACC-4: all other sessions end at once, with one event each, and the one that asks goes on', async () => {
    const { email, password } = server.signIn;
    const others = [];
    for (let count = 0; count < 2; count += 1) {
      const other = await anonymous().signIn({ body: { email, password } });
      if (other.status !== 'signed-in') throw new Error(other.status);
      others.push(other);
    }
    const { items: before } = await as(person).listSessions();
    expect(before.map(({ id }) => id)).toEqual(expect.arrayContaining(others.map(({ sessionId }) => sessionId)));
    expect(await as(person).revokeOtherSessions()).toEqual({ revoked: before.length - 1 });
    const { items: after } = await as(person).listSessions();
    expect(after.map(({ id, isCurrent }) => [id, isCurrent])).toEqual([[person.sessionId, true]]);
    for (const other of others) expect(await codeOf(as(other).listSessions())).not.toBe('done');
    for (const { sessionId } of others) {
      const { items } = await server.client.listAudit({ query: { resourceId: sessionId } });
      expect(items.map(({ action }) => action)).toContain('session.revoked');
    }
    expect(await as(person).revokeOtherSessions()).toEqual({ revoked: 0 });
  });

  it('ACC-4: a key approves nothing, and a user who was suspended meanwhile gets no session', async () => {
    const { userCode, deviceCode } = await start();
    expect(await codeOf(server.client.decideDeviceSignIn({ body: { userCode, decision: 'approve' } }))).toBe(
      'IDENTITY_SESSION_REQUIRED',
    );
    await as(person).decideDeviceSignIn({ body: { userCode, decision: 'approve' } });
    await superuser("UPDATE subject SET status = 'suspended'");
    expect(await poll(deviceCode)).toEqual({ status: 'denied' });
    await superuser("UPDATE subject SET status = 'active'");
  });

  it('ACC-4: who is not signed in cannot fill the table', async () => {
    await superuser(`INSERT INTO device_sign_in (device_code_hash, user_code_hash, client_name, expires_at)
      SELECT sha256(n::text::bytea), sha256(('u' || n)::bytea), 'x', now() + interval '1 minute' FROM generate_series(1, 10000) AS n`);
    expect(await codeOf(start())).toBe('IDENTITY_SIGN_IN_BUSY');
  });
});
