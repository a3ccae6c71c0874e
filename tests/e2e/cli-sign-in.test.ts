import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appCode, wrongAppCode } from '../../apps/server/src/modules/identity/factors/factor-world.test-support.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { hasTerminals, type QvEnd, type QvPlace, runQv, type Typed, typeIntoQv } from './run-qv.ts';

// IFC-4: the real `qv`, as a process at a terminal of its own, against the real server.

let server: TestServer;
let home = '';
let place: QvPlace;

beforeAll(async () => {
  server = await startTestServer();
  home = mkdtempSync(path.join(tmpdir(), 'qv-signs-'));
  // A data folder without the key of the first start: only a sign-in makes somebody of a command.
  place = { cwd: home, dataDir: path.join(home, 'none'), url: server.url, configDir: path.join(home, 'config') };
});
afterAll(async () => {
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});

const qv = (command: string, input?: string): Promise<QvEnd> =>
  runQv(command.split(' '), { ...place, ...(input === undefined ? {} : { input }) });
const type = (command: string, ...answers: readonly Typed[]) => typeIntoQv(command.split(' '), answers, place);
const folder = (): string => path.join(home, 'config', 'quantumvault', 'credentials');
const file = (): string => path.join(folder(), `${encodeURIComponent(server.url)}.json`);
const superuser = async (sql: string, values: unknown[] = []) => {
  const client = await server.database.superuser();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
};
const logIn = (password = server.signIn.password) =>
  type(`login --password --email ${server.signIn.email}`, { after: 'Password: ', text: password });

describe.skipIf(!hasTerminals)('IFC-4: qv at a terminal', { timeout: 120_000 }, () => {
  it('signs in with a password, says who it is, and signs out on the server', async () => {
    expect(await qv('whoami')).toMatchObject({ exitCode: 2, err: expect.stringContaining('qv login') });
    const { exitCode, screen } = await logIn();
    expect({ exitCode, screen }).toMatchObject({ exitCode: 0, screen: expect.stringContaining('signed in to') });
    expect(screen).not.toContain(server.signIn.password);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const me = await qv('whoami --json');
    expect(JSON.parse(me.out)).toMatchObject({ credential: 'session', kind: 'user', source: 'qv login' });
    const kept = JSON.parse(readFileSync(file(), 'utf8'));
    for (const { out, err } of [me, await qv('sessions --json'), await qv('sessions')])
      for (const secret of [kept.accessToken, kept.refreshToken]) expect(out + err).not.toContain(secret);
    expect(await qv('logout')).toMatchObject({ exitCode: 0, out: expect.stringContaining('Signed out') });
    expect(readdirSync(folder()).filter((name) => name.endsWith('.json'))).toEqual([]);
    const [session] = await superuser('SELECT revoked_at FROM session WHERE id = $1', [kept.sessionId]);
    expect(session?.revoked_at).not.toBeNull();
    expect(server.logged()).not.toContain(kept.refreshToken);
  });

  it('ACC-11: a wrong password and a suspended user are refused alike, and leave nothing', async () => {
    const wrong = await logIn('not the password');
    await superuser("UPDATE subject SET status = 'suspended'");
    const suspended = await logIn();
    await superuser("UPDATE subject SET status = 'active'");
    for (const { exitCode, screen } of [wrong, suspended]) {
      expect(exitCode).toBe(3);
      expect(screen).toContain('IDENTITY_SIGN_IN_REFUSED');
    }
    expect(readdirSync(folder()).filter((name) => name.endsWith('.json'))).toEqual([]);
  });

  it('Ctrl-C at a question ends with 130 and leaves nothing', async () => {
    const { exitCode, screen } = await logIn(`${server.signIn.password.slice(0, 5)}\u0003`);
    expect({ exitCode, screen }).toMatchObject({ exitCode: 130 });
    expect(screen).not.toContain(server.signIn.password.slice(0, 5));
    expect(readdirSync(folder()).filter((name) => !name.endsWith('.lock'))).toEqual([]);
  });

  it('ACC-4: ten commands at once with an access token that has ended all succeed, and the session lives on', async () => {
    await logIn();
    const kept = JSON.parse(readFileSync(file(), 'utf8'));
    writeFileSync(file(), JSON.stringify({ ...kept, expiresAt: '2026-01-01T00:00:00.000Z' }));
    const ran = await Promise.all(Array.from({ length: 10 }, () => qv('whoami --json')));
    expect(ran.map(({ exitCode, err }) => ({ exitCode, err }))).toEqual(
      Array.from({ length: 10 }, () => ({ exitCode: 0, err: '' })),
    );
    const now = JSON.parse(readFileSync(file(), 'utf8'));
    expect(now).toMatchObject({ sessionId: kept.sessionId });
    expect(now.refreshToken === kept.refreshToken).toBe(false);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const reused = await superuser("SELECT 1 FROM audit_event WHERE action = 'session.refresh-reused'");
    expect(reused).toEqual([]);
  });

  it('a suspended user’s session is dead in the next command', async () => {
    await superuser("UPDATE subject SET status = 'suspended'");
    expect(await qv('whoami')).toMatchObject({ exitCode: 3 });
    await superuser("UPDATE subject SET status = 'active'");
    expect(await qv('whoami')).toMatchObject({ exitCode: 2, err: expect.stringContaining('qv login') });
  });

  it('RFC 8628: a code that a signed-in session approves signs in; an expired one does not', async () => {
    await logIn();
    const elsewhere = { ...place, configDir: path.join(home, 'other') };
    const approve = async (change: (code: string) => Promise<unknown>) => {
      const { signedIn, code } = startDevice(elsewhere);
      await change(await code);
      return signedIn;
    };
    const approved = await approve((code) => qv(`sessions approve ${code} --yes`));
    expect(approved).toMatchObject({ exitCode: 0 });
    const me = await runQv(['whoami', '--json'], elsewhere);
    expect(JSON.parse(me.out)).toMatchObject({ credential: 'session', source: 'qv login' });
    const denied = await approve((code) => qv(`sessions deny ${code}`));
    expect(denied).toMatchObject({ exitCode: 3, err: expect.stringContaining('turned away') });
    const expired = await approve(async (code) => {
      await superuser('UPDATE device_sign_in SET expires_at = now()');
      expect(await qv(`sessions approve ${code} --yes`)).toMatchObject({ exitCode: 3 });
    });
    expect(expired).toMatchObject({ exitCode: 3, err: expect.stringContaining('in time') });
  });

  it('ACC-5: a factor is added, asked for at sign-in and for a step-up, and the command goes on', async () => {
    await logIn();
    const enrolled = await type('mfa totp enroll --show-secret --codes-file codes.txt', {
      after: 'Code that the app shows: ',
      text: (screen) => appCode(/^Secret +(\S+)/m.exec(screen)?.[1] ?? '', new Date()),
    });
    expect(enrolled).toMatchObject({ exitCode: 0, screen: expect.stringContaining('The app is added.') });
    const secret = /^Secret +(\S+)/m.exec(enrolled.screen)?.[1] ?? '';
    const passTime = () => superuser('UPDATE totp_factor SET last_step = 0');
    const code = () => appCode(secret, new Date());
    expect(statSync(path.join(home, 'codes.txt')).mode & 0o777).toBe(0o600);
    const [recovery = ''] = readFileSync(path.join(home, 'codes.txt'), 'utf8').split('\n');

    const second = 'Code of the authenticator app, or a recovery code: ';
    const passwordFirst = { after: 'Password: ', text: server.signIn.password };
    const command = `login --password --email ${server.signIn.email}`;
    const wrong = await type(command, passwordFirst, { after: second, text: wrongAppCode(secret, new Date()) });
    expect(wrong).toMatchObject({ exitCode: 3, screen: expect.stringContaining('FACTORS_SIGN_IN_REFUSED') });
    expect(await type(command, passwordFirst, { after: second, text: recovery })).toMatchObject({ exitCode: 0 });
    await passTime();
    expect(await type(command, passwordFirst, { after: second, text: code() })).toMatchObject({ exitCode: 0 });

    // The proof grows old.
    await superuser("UPDATE session SET mfa_at = mfa_at - interval '1 hour'");
    expect(await qv('mfa recovery-codes --codes-file new.txt')).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('qv mfa step-up'),
    });
    expect(readdirSync(home)).not.toContain('new.txt');
    await passTime();
    const again = { after: 'Code of the authenticator app: ', text: code() };
    const made = await type('mfa recovery-codes --codes-file new.txt', again);
    expect(made).toMatchObject({ exitCode: 0 });
    expect(readFileSync(path.join(home, 'new.txt'), 'utf8')).toMatch(/^(\S+\n){10}$/);
    await superuser("UPDATE session SET mfa_at = mfa_at - interval '1 hour'");
    await passTime();
    expect(await type('mfa step-up', { ...again, text: code() })).toMatchObject({ exitCode: 0 });
    expect(await qv('mfa totp remove')).toMatchObject({ exitCode: 0 });
    expect(await qv('logout')).toMatchObject({ exitCode: 0 });
  });

  it('ACC-12: somebody is invited, joins, changes the password, and leaves', async () => {
    await logIn();
    expect(await qv('users invite ben@example.org --role operator --token-file invitation.txt')).toMatchObject({
      exitCode: 0,
    });
    const bens = { ...place, configDir: path.join(home, 'ben') };
    const asBen = (command: string, ...answers: readonly Typed[]) => typeIntoQv(command.split(' '), answers, bens);
    const [first, then] = ['correct horse battery staple', 'staple battery horse correct'];
    const chosen = (text: string) => [
      { after: 'New password: ', text },
      { after: 'Again: ', text },
    ];
    expect(await asBen('join --token-file invitation.txt --name Ben', ...chosen(first))).toMatchObject({ exitCode: 0 });
    const signIn = (text: string) => asBen('login --password --email ben@example.org', { after: 'Password: ', text });
    expect(await signIn(first)).toMatchObject({ exitCode: 0 });
    const changed = await asBen('password change', { after: 'Current password: ', text: first }, ...chosen(then));
    expect(changed).toMatchObject({ exitCode: 0 });
    expect(JSON.parse((await runQv(['whoami', '--json'], bens)).out)).toMatchObject({ roles: ['operator'] });
    expect(await qv('users suspend ben@example.org')).toMatchObject({ exitCode: 0 });
    expect(await runQv(['whoami'], bens)).toMatchObject({ exitCode: 3 });
    expect(await signIn(then)).toMatchObject({ exitCode: 3 });
    expect(await qv('users resume ben@example.org')).toMatchObject({ exitCode: 0 });
    expect(await signIn(then)).toMatchObject({ exitCode: 0 });
    const report = JSON.parse((await qv('users offboard ben@example.org --json')).out);
    expect(report).toMatchObject({ revoked: { grants: 1 }, rotate: [] });
    expect(await runQv(['whoami'], bens)).toMatchObject({ exitCode: 3 });
    expect(server.logged()).not.toMatch(/qvi_|battery/);
  });

  it('keeps an API key from standard input, and none that the server does not know', async () => {
    expect(await qv('login --api-key', `${server.signIn.apiKey.slice(0, -1)}!\n`)).toMatchObject({ exitCode: 3 });
    expect(await qv('login --api-key', `${server.signIn.apiKey}\n`)).toMatchObject({ exitCode: 0 });
    expect(JSON.parse((await qv('whoami --json')).out)).toMatchObject({ credential: 'api-key', source: 'qv login' });
    expect(await qv('logout')).toMatchObject({ exitCode: 0, out: expect.stringContaining('stays valid') });
  });
});

/** `qv login` that waits, and the code that it shows meanwhile. */
function startDevice(at: QvPlace): { readonly signedIn: Promise<QvEnd>; readonly code: Promise<string> } {
  let show: (code: string) => void = () => {};
  const code = new Promise<string>((settle) => {
    show = settle;
  });
  const signedIn = runQv(['login'], {
    ...at,
    onError: (text) => {
      const found = /^Code +(\S+)$/m.exec(text)?.[1];
      if (found !== undefined) show(found);
    },
  });
  return { signedIn, code };
}
