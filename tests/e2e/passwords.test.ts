import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient, type SignedIn } from '@quantumvault/api';
import { hashPassword, SecretBytes } from '@quantumvault/crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { addMember, type Member } from './organizations.ts';

// ACC-2: the password policy, changes, resets by an administrator, and what forces a change.

const strong = ['plinth-marmot-quaver-71', 'gusset!thole%anoint40', 'wry tundra cleft & 86 bollards'] as const;
// SHA-1 of "zebra-lantern-umbrella-92", which no built-in list has.
const stolen = 'zebra-lantern-umbrella-92';

let server: TestServer;
let member: Member;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qv-breached-'));
  const hash = Buffer.from(await crypto.subtle.digest('SHA-1', Buffer.from(stolen)))
    .toString('hex')
    .toUpperCase();
  const others = Array.from({ length: 500 }, (_, at) => (at * 8_589_934).toString(16).padStart(8, '0').padEnd(40, '0'));
  const lines = [...others.map((text) => text.toUpperCase()), hash].sort().map((text) => `${text}:3\r\n`);
  writeFileSync(path.join(folder, 'hashes.txt'), lines.join(''));
  server = await startTestServer({ QV_BREACHED_PASSWORDS_FILE: path.join(folder, 'hashes.txt') });
  member = await addMember(server, server.signIn.organizationId, 'auditor', email);
  await setHash(member.userId, strong[0]);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const superuser = async (sql: string, values: unknown[] = []) => {
  const client = await server.database.superuser();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
};
async function setHash(userId: string, password: string): Promise<void> {
  using secret = SecretBytes.fromUtf8(password);
  await superuser('UPDATE user_account SET password_hash = $2 WHERE id = $1', [
    userId,
    await hashPassword(secret, 'high'),
  ]);
}

const anonymous = () => createClient({ url: server.url, http: fetch });
const email = 'auditor@example.org';
async function signIn(password: string): Promise<SignedIn> {
  const answer = await anonymous().signIn({ body: { email, password } });
  if (answer.status !== 'signed-in') throw new Error(answer.status);
  return answer;
}
const as = (session: SignedIn) =>
  createClient({ url: server.url, accessToken: session.accessToken ?? '', http: fetch });

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error) => error.problem?.code ?? String(error),
  );

describe('ACC-2: passwords', () => {
  it('ACC-2: short, easy, stolen and personal ones are refused, each with the reason and never with the value', async () => {
    const session = await signIn(strong[0]);
    const cases: [string, RegExp][] = [
      ['x9$Kq', /at least 12 characters/],
      ['aaaaaaaaaaaaaaaa', /easy to guess/],
      ['auditor@example.org', /easy to guess/],
      [stolen, /stolen/],
      ['PASSWORD1', /stolen/],
    ];
    for (const [newPassword, reason] of cases) {
      const failure = await as(session)
        .changePassword({ body: { currentPassword: strong[0], newPassword } })
        .catch((error) => error.problem);
      expect(failure).toMatchObject({ status: 422, code: 'IDENTITY_PASSWORD_WEAK' });
      const said = JSON.stringify(failure.errors);
      expect(said).toMatch(reason);
      expect(said).not.toContain(newPassword);
      expect(failure.errors[0].path).toBe('body.newPassword');
    }
  });

  it('ACC-2: a change needs the present password, ends all sessions and goes on with a new one', async () => {
    const [session, other] = [await signIn(strong[0]), await signIn(strong[0])];
    expect(await codeOf(as(session).changePassword({ body: { newPassword: strong[1] } }))).toBe(
      'IDENTITY_PASSWORD_WRONG',
    );
    const wrong = { currentPassword: 'not it', newPassword: strong[1] };
    expect(await codeOf(as(session).changePassword({ body: wrong }))).toBe('IDENTITY_PASSWORD_WRONG');
    const next = await as(session).changePassword({ body: { currentPassword: strong[0], newPassword: strong[1] } });
    if (next.status !== 'signed-in') throw new Error(next.status);
    expect(next.sessionId).not.toBe(session.sessionId);
    for (const ended of [session, other]) expect(await codeOf(as(ended).whoAmI())).toBe('IDENTITY_UNAUTHENTICATED');
    expect(await as(next).whoAmI()).toMatchObject({ actorId: member.userId });
    expect(await codeOf(signIn(strong[0]))).toBe('IDENTITY_SIGN_IN_REFUSED');
    const events = await superuser(
      "SELECT outcome FROM audit_event WHERE action = 'password.changed' AND actor_id = $1 ORDER BY id",
      [member.userId],
    );
    // Before them, what the rules refused above.
    expect(events.slice(-3).map((row) => row.outcome)).toEqual(['refused', 'refused', 'success']);
    // A shown second factor that is young stands in for the password.
    await superuser('UPDATE session SET mfa_at = now() WHERE id = $1', [next.sessionId]);
    // What was begun with the old one ends with it: a token that an administrator has seen, and a sign-in half done.
    const { token } = await server.client.createPasswordReset({ params: { id: member.userId } });
    await superuser('UPDATE session SET revoked_at = NULL, revoked_reason = NULL WHERE id = $1', [next.sessionId]);
    await superuser(
      `INSERT INTO sign_in_ticket (token_hash, tenant_id, subject_id, transport, authenticated_at, expires_at, attempts_left)
       VALUES (sha256('a ticket'), $1, $2, 'token', now(), now() + interval '5 minutes', 5)`,
      [member.organizationId, member.userId],
    );
    const third = await as(next).changePassword({ body: { newPassword: strong[2] } });
    expect(third).toMatchObject({ status: 'signed-in' });
    const stranger = { token, newPassword: 'marble+orchid 44 fjord~lamp' };
    expect(await codeOf(anonymous().resetPassword({ body: stranger }))).toBe('IDENTITY_RESET_REFUSED');
    expect(await superuser('SELECT FROM sign_in_ticket WHERE subject_id = $1', [member.userId])).toEqual([]);
  });

  it('ACC-2: the present and the former passwords may not come back', async () => {
    const session = await signIn(strong[2]);
    for (const newPassword of strong) {
      const failure = await as(session)
        .changePassword({ body: { currentPassword: strong[2], newPassword } })
        .catch((error) => error.problem);
      expect(failure.errors[0].message).toMatch(/used before/);
    }
    const rows = await superuser('SELECT password_hash FROM password_history WHERE subject_id = $1', [member.userId]);
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row.password_hash).toMatch(/^\$argon2id\$/);
  });

  it('ACC-2: guessing at the present password locks like guessing at sign-in', async () => {
    const session = await signIn(strong[2]);
    for (let at = 0; at < 5; at += 1)
      await codeOf(as(session).changePassword({ body: { currentPassword: `no ${at}`, newPassword: strong[1] } }));
    const right = { currentPassword: strong[2], newPassword: 'brisk!ferrule/osprey-55' };
    expect(await codeOf(as(session).changePassword({ body: right }))).toBe('IDENTITY_PASSWORD_WRONG');
    await superuser('DELETE FROM sign_in_failure');
  });

  it('ACC-2: a stolen password that is in use, an administrator’s demand and age hold the session until it is changed', async () => {
    const holds = [
      () => setHash(member.userId, stolen),
      async () => {
        await setHash(member.userId, strong[2]);
        await server.client.requirePasswordChange({ params: { id: member.userId } });
      },
      async () => {
        await superuser('UPDATE password_state SET must_change = NULL, changed_at = $1', ['2020-01-01']);
        const { version } = await server.client.getSecuritySettings();
        const options = { ifMatch: `"${version}"` };
        await server.client.updateSecuritySettings({ body: { password: { ageDaysMax: 90 } } }, options);
      },
    ];
    const changed = (at: number): string => `nimbus ${at} crag-otter thimble`;
    const passwords = [stolen, strong[2], changed(1)];
    for (const [at, hold] of holds.entries()) {
      await hold();
      const session = await signIn(passwords[at] ?? '');
      expect(session.mustChangePassword).toBe(true);
      const held = as(session);
      for (const refused of [() => held.listPolicies({}), () => held.listSessions(), () => held.getStatus()])
        expect(await codeOf(refused())).toBe('IDENTITY_PASSWORD_CHANGE_REQUIRED');
      const body = { currentPassword: passwords[at] ?? '', newPassword: changed(at) };
      const next = await as(session).changePassword({ body });
      expect(next).toMatchObject({ status: 'signed-in', mustChangePassword: false });
      if (next.status === 'signed-in') await as(next).listPolicies({});
    }
  });

  it('ACC-2: an administrator’s token sets a new password once, and not for somebody who may more', async () => {
    const { token } = await server.client.createPasswordReset({ params: { id: member.userId } });
    const stored = await superuser('SELECT token_hash FROM password_reset');
    expect(JSON.stringify(stored)).not.toContain(token);
    expect(await codeOf(anonymous().resetPassword({ body: { token, newPassword: 'short' } }))).toBe(
      'IDENTITY_PASSWORD_WEAK',
    );
    const newPassword = 'russet kiln 19 harrow+vane';
    const raced = await Promise.all(
      [1, 2, 3].map(() => codeOf(anonymous().resetPassword({ body: { token, newPassword } }))),
    );
    expect(raced.sort()).toEqual(['IDENTITY_RESET_REFUSED', 'IDENTITY_RESET_REFUSED', 'done']);
    await signIn(newPassword);
    const late = await server.client.createPasswordReset({ params: { id: member.userId } });
    await superuser("UPDATE password_reset SET expires_at = now() - interval '1 second'");
    expect(await codeOf(anonymous().resetPassword({ body: { token: late.token, newPassword: strong[0] } }))).toBe(
      'IDENTITY_RESET_REFUSED',
    );
    // An administrator of the organization is not one of the platform.
    const lesser = await addMember(server, server.signIn.organizationId, 'organization-admin');
    const client = createClient({ url: server.url, apiKey: lesser.apiKey, http: fetch });
    const [root] = await superuser("SELECT id FROM user_account WHERE email = 'admin@localhost'");
    expect(await codeOf(client.createPasswordReset({ params: { id: root?.id } }))).toBe('IDENTITY_USER_ABOVE_ACTOR');
    expect(await superuser('SELECT 1 FROM password_reset WHERE subject_id = $1', [root?.id])).toEqual([]);
    await client.createPasswordReset({ params: { id: member.userId } });
  });

  it('AUD-1: what the rules refuse is in the log, at a change, a reset and a joining, without a word of it', async () => {
    const weak = 'canary1';
    const refused = (action: string) =>
      superuser(
        "SELECT encode(event, 'escape') AS event FROM audit_event WHERE action = $1 AND outcome = 'refused' AND encode(event, 'escape') LIKE '%PASSWORD_WEAK%'",
        [action],
      );
    const [changed, reset, joined] = ['password.changed', 'password.reset-used', 'user.joined'] as const;
    const before = await Promise.all([changed, reset, joined].map(async (action) => (await refused(action)).length));
    await setHash(member.userId, strong[0]);
    const session = await signIn(strong[0]);
    const change = { currentPassword: strong[0], newPassword: weak };
    expect(await codeOf(as(session).changePassword({ body: change }))).toBe('IDENTITY_PASSWORD_WEAK');
    const { token } = await server.client.createPasswordReset({ params: { id: member.userId } });
    expect(await codeOf(anonymous().resetPassword({ body: { token, newPassword: weak } }))).toBe(
      'IDENTITY_PASSWORD_WEAK',
    );
    const invited = await server.client.inviteUser({ body: { email: 'weak@example.org' } });
    const join = { token: invited.token, password: weak, displayName: 'Weak' };
    expect(await codeOf(anonymous().join({ body: join }))).toBe('IDENTITY_PASSWORD_WEAK');
    for (const [at, action] of [changed, reset, joined].entries()) {
      const events = await refused(action);
      expect(events.length, action).toBe((before[at] ?? 0) + 1);
      expect(JSON.stringify(events)).not.toContain(weak);
    }
    // Neither token is used up by it.
    expect(
      await codeOf(anonymous().resetPassword({ body: { token, newPassword: 'marble+orchid 44 fjord~lamp' } })),
    ).toBe('done');
    expect(await codeOf(anonymous().join({ body: { ...join, password: strong[1] } }))).toBe('done');
  });

  it('ACC-11: too many sign-ins at once are told to come again, and the server stays up', async () => {
    const { email: admin, password } = server.signIn;
    const answers = await Promise.all(
      Array.from({ length: 90 }, () =>
        server.request('POST', '/api/auth/sign-in', { body: { email: admin, password }, apiKey: null }),
      ),
    );
    const busy = answers.filter(({ status }) => status === 503);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy[0]?.headers.get('retry-after')).toBe('2');
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
  });
});
