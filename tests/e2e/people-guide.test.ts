import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readQrCode } from '../../apps/cli/test/read-qr-code.ts';
import { appCode } from '../../apps/server/src/modules/identity/factors/factor-world.test-support.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { addMember } from './organizations.ts';
import { hasTerminals, type QvPlace, runQv, type Typed, typeIntoQv } from './run-qv.ts';

// docs/operating/people.md as it is written: every command of the page, in its order, at terminals of several people.

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/operating/people.md'), 'utf8');
const commands = page.split('\n').flatMap((line) => (/^ {4}\S/.test(line) ? [line.trim()] : []));

/** As a shell takes it apart, as far as the page needs one. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|\S+/g)].map(([whole, quoted]) => quoted ?? whole).slice(2);

type Who = 'admin' | 'colleague' | 'ben' | 'laptop';

let server: TestServer;
let home = '';
beforeAll(async () => {
  server = await startTestServer();
  home = mkdtempSync(path.join(tmpdir(), 'qv-people-'));
});
afterAll(async () => {
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});

const placeOf = (who: Who): QvPlace => ({
  cwd: home,
  dataDir: path.join(home, 'none'),
  url: server.url,
  configDir: path.join(home, who),
});

const passTime = async (): Promise<void> => {
  const client = await server.database.superuser();
  await client.query('UPDATE totp_factor SET last_step = 0');
  await client.end();
};

const chosen = (text: string): Typed[] => [
  { after: 'New password: ', text },
  { after: 'Again: ', text },
];
const passwords = {
  admin: 'plinth marmot quaver 71',
  ben: 'gusset thole anoint 40',
  bensNext: 'wry tundra & 86 bollards',
};

describe.skipIf(!hasTerminals)('docs/operating/people.md', { timeout: 240_000 }, () => {
  it('ACC-12: every command does what the page says', async () => {
    const left = [...commands];
    /** The next command of the page, with what a person fills in. */
    const next = (beginning: string, filled: Readonly<Record<string, string>> = {}): string[] => {
      const command = left.shift() ?? '';
      expect(command.startsWith(`npx qv ${beginning}`), `${command} is ${beginning}`).toBe(true);
      return wordsOf(command).map((word) => filled[word] ?? word);
    };
    const type = async (who: Who, words: readonly string[], answers: readonly Typed[] = []): Promise<string> => {
      const { exitCode, screen } = await typeIntoQv(words, answers, placeOf(who));
      expect({ words, exitCode, screen }).toMatchObject({ exitCode: 0 });
      return screen;
    };
    const given = (text: string): Typed => ({ after: 'Password: ', text });

    await type('admin', next('login --password'), [given(server.signIn.password)]);
    const change = [{ after: 'Current password: ', text: server.signIn.password }, ...chosen(passwords.admin)];
    await type('admin', next('password change'), change);
    expect(await type('admin', next('whoami'))).toContain('platform-admin');

    await type('admin', next('users invite '));
    expect(await type('admin', next('users list'))).toContain('ben@example.org');
    await type('admin', next('users invite-again'));

    await type('ben', next('join'), chosen(passwords.ben));
    await type('ben', next('login --password'), [given(passwords.ben)]);

    let secret = '';
    const scan = (screen: string): string => {
      const drawn = screen.split(/\r?\n/).filter((line) => /^[█▀▄ ]{20,}$/.test(line));
      secret = new URL(readQrCode(drawn, { drawnIsDark: false })).searchParams.get('secret') ?? '';
      return appCode(secret, new Date());
    };
    await type('ben', next('mfa totp enroll'), [{ after: 'Code that the app shows: ', text: scan }]);
    expect(await type('ben', next('mfa list'))).toContain('recovery codes  10');
    await passTime();
    const code = () => appCode(secret, new Date());
    await type('ben', next('mfa step-up'), [{ after: 'Code of the authenticator app: ', text: code }]);

    let show: (code: string) => void = () => {};
    const shown = new Promise<string>((settle) => {
      show = settle;
    });
    const waiting = runQv(next('login'), {
      ...placeOf('laptop'),
      onError: (text) => {
        const found = /^Code +(\S+)$/m.exec(text)?.[1];
        if (found !== undefined) show(found);
      },
    });
    const userCode = await shown;
    const asked = await type('ben', next('sessions approve', { CODE: userCode }), [{ after: '[y/N] ', text: 'y' }]);
    expect(asked).toContain('The device calls itself "qv on ');
    expect(await waiting).toMatchObject({ exitCode: 0 });
    expect(await type('ben', next('sessions list'))).toContain('this one');
    const sessions = JSON.parse((await runQv(['sessions', '--json'], placeOf('laptop'))).out);
    const other = sessions.find(({ isCurrent }: { isCurrent: boolean }) => isCurrent)?.id;
    await type('ben', next('sessions revoke', { SESSION: other }));
    expect(await runQv(['whoami'], placeOf('laptop'))).toMatchObject({ exitCode: 3 });

    const [recovery = ''] = readFileSync(path.join(home, 'recovery-codes.txt'), 'utf8').split('\n');
    const second = { after: 'or a recovery code: ', text: recovery };
    await type('ben', next('login --password'), [given(passwords.ben), second]);
    await type('admin', next('users reset-factors'));
    // His session has ended; the password alone lets him in now.
    expect(await runQv(['whoami'], placeOf('ben'))).toMatchObject({ exitCode: 3 });
    const login = 'login --password --email ben@example.org'.split(' ');
    await type('ben', login, [given(passwords.ben)]);
    expect(await type('ben', next('access notices'))).toContain('factors-reset');

    const reset = next('users reset-password');
    const refused = await typeIntoQv(reset, [], placeOf('admin'));
    expect(refused).toMatchObject({ exitCode: 3, screen: expect.stringContaining('IDENTITY_RESET_BY_ANOTHER') });
    const colleague = await addMember(server, server.signIn.organizationId, 'organization-admin');
    await runQv(['login', '--api-key'], { ...placeOf('colleague'), input: colleague.apiKey });
    await type('colleague', reset);
    await type('ben', next('password reset'), chosen(passwords.bensNext));
    await type('ben', login, [given(passwords.bensNext)]);

    expect(await type('admin', next('users suspend'))).toContain('suspended');
    expect(await type('admin', next('users resume'))).toContain('active again');
    const report = await type('admin', next('users offboard '));
    expect(report).toMatch(/grants +1\b/);
    expect(await type('admin', next('users offboarding'))).toBe(report);
    await type('admin', next('logout'));
    expect(left).toEqual([]);
    for (const password of Object.values(passwords)) expect(server.logged()).not.toContain(password);
  });
});
