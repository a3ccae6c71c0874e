import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionView, SignedIn } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../test/contract-server.ts';
import { apiKey, openWorkplace, type Ran, shownUrl, transcriptOf, type Workplace } from '../../../test/run-qv.ts';
import { idOf, page } from '../../../test/samples.ts';

// Canaries: whatever a command prints is searched for SSSSS.
const accessToken = (n: number): string => `access-${n}.${'S'.repeat(40)}.${'S'.repeat(20)}`;
const refreshToken = (n: number): string => `qvr_${String(n).padStart(3, '0')}${'S'.repeat(40)}`;
const password = 'canary-password';
const userCode = 'BCDF-GHJK';
const deviceCode = `qvd_${'S'.repeat(43)}`;
const ticket = `qvt_${'S'.repeat(43)}`;

const signedIn = (n: number, facts: Partial<SignedIn> = {}): SignedIn => ({
  status: 'signed-in',
  sessionId: idOf(60),
  organizationId: idOf(1),
  subjectId: idOf(71),
  transport: 'token',
  accessToken: accessToken(n),
  refreshToken: refreshToken(n),
  csrfToken: null,
  // The clock of the workplace begins at noon.
  expiresAt: '2026-11-24T12:10:00.000Z',
  sessionEndsAt: '2026-11-25T00:00:00.000Z',
  mustChangePassword: false,
  ...facts,
});

const me = {
  actorId: idOf(71),
  organizationId: idOf(1),
  kind: 'user',
  credential: 'session',
  roles: ['operator'],
  permissions: ['identity.read'],
};

const view = (n: number, isCurrent: boolean): SessionView => ({
  id: idOf(60 + n),
  subjectId: idOf(71),
  isCurrent,
  transport: 'token',
  createdAt: '2026-11-24T11:00:00.000Z',
  lastUsedAt: '2026-11-24T11:59:00.000Z',
  idleEndsAt: '2026-11-24T13:00:00.000Z',
  endsAt: '2026-11-25T00:00:00.000Z',
  authenticatedAt: '2026-11-24T11:00:00.000Z',
  mfaAt: null,
  sourceAddress: '127.0.0.1',
  userAgent: 'qv \u001b[31mred',
});

const handlers = {
  signIn: () => ({ value: signedIn(1) }),
  whoAmI: () => ({ value: me }),
  listSessions: () => ({ value: { items: [view(0, true), view(1, false)] } }),
  revokeSession: () => ({ status: 204 }),
  revokeOtherSessions: () => ({ value: { revoked: 1 } }),
  signOut: () => ({ status: 204 }),
  startDeviceSignIn: () => ({
    status: 201,
    value: { deviceCode, userCode, expiresAt: '2026-11-24T12:10:00.000Z', intervalSeconds: 5 },
  }),
  lookUpDeviceSignIn: () => ({ value: { clientName: 'qv on \u001b[2Jlaptop' } }),
  decideDeviceSignIn: () => ({ status: 204 }),
  listAssets: () => ({ value: page([]) }),
};

const typed = { secrets: [password] };
const keptFolder = ({ folder }: Workplace): string => join(folder, 'config', 'quantumvault', 'credentials');
const keptFile = (workplace: Workplace): string => join(keptFolder(workplace), `${encodeURIComponent(shownUrl)}.json`);
const routesOf = ({ server }: Workplace): string[] => server.asked.map(({ route }) => route);

async function signIn(workplace: Workplace): Promise<Ran> {
  workplace.server.tokens.add(accessToken(1));
  return workplace.qv('login --password --email anna@example.org', typed);
}

it('IFC-4: reads like a terminal', async () => {
  await using workplace = await openWorkplace(handlers);
  workplace.server.tokens.add(accessToken(1));
  const commands = [
    'login --password --email anna@example.org',
    'whoami',
    'sessions',
    `sessions approve ${userCode} --yes`,
    `sessions revoke ${idOf(61)}`,
    'logout',
    'logout',
  ];
  await expect(await transcriptOf(workplace, commands, typed)).toMatchFileSnapshot(
    '../../../test/transcripts/sign-in.txt',
  );
});

describe('IFC-4: qv login --password', () => {
  it('keeps tokens and uses them instead of the key of the first start', async () => {
    await using workplace = await openWorkplace(handlers);
    expect(await signIn(workplace)).toMatchObject({ exitCode: 0 });
    expect(workplace.server.asked[0]?.body).toEqual({ email: 'anna@example.org', password, transport: 'token' });
    await workplace.qv('whoami');
    expect(workplace.server.asked.at(-1)?.headers).toMatchObject({ authorization: `Bearer ${accessToken(1)}` });
    expect(workplace.server.asked.at(-1)?.headers['x-api-key']).toBeUndefined();
    const { out } = await workplace.qv('whoami --json');
    expect(JSON.parse(out)).toMatchObject({ source: 'qv login', sessionEndsAt: '2026-11-25T00:00:00.000Z' });
  });

  it('a key from the environment comes first, and signing in says so', async () => {
    await using workplace = await openWorkplace(handlers);
    await signIn(workplace);
    const environment = { QV_API_KEY: apiKey };
    await workplace.qv('whoami', { environment });
    expect(workplace.server.asked.at(-1)?.headers).toMatchObject({ 'x-api-key': apiKey });
    expect((await workplace.qv('login --password --email a@b', { ...typed, environment })).err).toContain(
      'comes before',
    );
  });

  it.each([
    ['123456', 'totp'],
    ['abcd-efgh-ijkl-mnop', 'recovery-code'],
  ])('ACC-2: asks for the second factor: %s is %s', async (code, method) => {
    await using workplace = await openWorkplace({
      ...handlers,
      signIn: () => ({
        value: {
          status: 'second-factor',
          ticket,
          methods: ['totp', 'recovery-code'],
          expiresAt: '2026-11-24T12:05:00.000Z',
        },
      }),
      completeSecondFactor: () => ({ value: signedIn(1) }),
    });
    const { exitCode, err } = await workplace.qv('login --password', { secrets: ['anna@example.org', password, code] });
    expect(exitCode).toBe(0);
    expect(err).not.toContain(code === '123456' ? '123456' : 'abcd');
    expect(workplace.server.asked.at(-1)).toMatchObject({
      route: 'completeSecondFactor',
      body: { ticket, method, code },
    });
  });

  it('a passkey alone needs a browser, and a wrong password leaves nothing', async () => {
    const answer = { status: 'second-factor', ticket, methods: ['passkey'], expiresAt: '2026-11-24T12:05:00.000Z' };
    await using withPasskey = await openWorkplace({ ...handlers, signIn: () => ({ value: answer }) });
    expect(await withPasskey.qv('login --password --email a@b', typed)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('browser'),
    });
    await using refused = await openWorkplace({
      signIn: () => {
        throw new Refusal(401, 'IDENTITY_SIGN_IN_REFUSED', 'The sign-in was refused.');
      },
    });
    expect(await refused.qv('login --password --email a@b', typed)).toMatchObject({ exitCode: 3, out: '' });
    expect(() => readdirSync(keptFolder(refused))).toThrow('ENOENT');
  });

  it('a password that must change is said', async () => {
    const value = signedIn(1, { mustChangePassword: true });
    await using workplace = await openWorkplace({ ...handlers, signIn: () => ({ value }) });
    expect((await signIn(workplace)).err).toContain('qv password change');
  });

  it.each([
    ['login --password --api-key', 'not both'],
    ['login --email a@b', '--password'],
    ['login --password --email a@b', 'no terminal'],
    ['sessions revoke', '--all'],
    ['sessions revoke x', 'not the id'],
    ['sessions approve 1234', '<code>'],
  ])('%s is wrong use', async (command, named) => {
    await using workplace = await openWorkplace(handlers);
    const { exitCode, err } = await workplace.qv(command);
    expect(exitCode).toBe(2);
    expect(err).toContain(named);
  });
});

describe('IFC-4: qv login --api-key', () => {
  it('takes the key from standard input, asks the server, and keeps it', async () => {
    await using workplace = await openWorkplace(handlers);
    const input = new TextEncoder().encode(`${apiKey}\n`);
    expect(await workplace.qv('login --api-key --json', { input })).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(readFileSync(keptFile(workplace), 'utf8'))).toMatchObject({ kind: 'api-key', apiKey });
    expect((await workplace.qv('whoami --json')).out).toContain('"source": "qv login"');
    expect((await workplace.qv('logout')).out).toContain('stays valid');
  });

  it('keeps no key that the server does not know, and none that is no key', async () => {
    await using workplace = await openWorkplace(handlers);
    expect(await workplace.qv('login --api-key', { secrets: ['qv_unknown_key'] })).toMatchObject({ exitCode: 3 });
    expect(await workplace.qv('login --api-key', { secrets: ['two words'] })).toMatchObject({ exitCode: 2 });
    expect(await workplace.qv('login --api-key')).toMatchObject({ exitCode: 2 });
    expect(() => readdirSync(keptFolder(workplace))).toThrow('ENOENT');
  });
});

describe('RFC 8628: qv login', () => {
  const polls = (answers: readonly (SignedIn | { status: string } | Refusal)[]) => {
    const left = [...answers];
    return () => {
      const next = left.shift();
      if (next instanceof Refusal) throw next;
      return { value: next ?? { status: 'pending' } };
    };
  };

  it('shows the code, polls as it is told, and slows down when it is told to', async () => {
    let now = 0;
    const times: number[] = [];
    const answers = polls([
      { status: 'pending' },
      { status: 'slow-down' },
      new Refusal(503, 'AWAY', 'away'),
      signedIn(1),
    ]);
    await using workplace = await openWorkplace({
      ...handlers,
      pollDeviceSignIn: () => {
        times.push(now);
        return answers();
      },
    });
    const { exitCode, err } = await workplace.qv('login', {
      onSleep: (milliseconds) => {
        now += milliseconds / 1000;
      },
    });
    expect(exitCode).toBe(0);
    expect(err).toContain(`qv sessions approve ${userCode}`);
    expect(times).toEqual([5, 10, 20, 40]);
    expect(workplace.server.asked[0]?.body).toMatchObject({ clientName: expect.stringMatching(/^qv on ./) });
  });

  it.each([
    ['turned away', [{ status: 'denied' }], 'turned away'],
    ['expired on the server', [new Refusal(403, 'IDENTITY_DEVICE_CODE_REFUSED', 'gone')], 'in time'],
    ['never decided', [], 'in time'],
  ])('ends with 3 when it was %s', async (_, answers, said) => {
    await using workplace = await openWorkplace({ ...handlers, pollDeviceSignIn: polls(answers) });
    expect(await workplace.qv('login')).toMatchObject({ exitCode: 3, err: expect.stringContaining(said) });
    expect(() => readFileSync(keptFile(workplace))).toThrow('ENOENT');
  });

  it('a device is approved after its name was shown, safe to print, and never unseen', async () => {
    await using workplace = await openWorkplace(handlers);
    const asked = await workplace.qv(`sessions approve ${userCode.toLowerCase().replace('-', '')}`, { secrets: ['y'] });
    expect(asked).toMatchObject({ exitCode: 0, err: expect.stringContaining('\\u{1b}[2Jlaptop') });
    expect(workplace.server.asked.at(-1)?.body).toEqual({ userCode, decision: 'approve' });
    const before = routesOf(workplace).length;
    expect(await workplace.qv(`sessions approve ${userCode}`, { secrets: [''] })).toMatchObject({ exitCode: 3 });
    expect(await workplace.qv(`sessions approve ${userCode}`)).toMatchObject({ exitCode: 2 });
    expect(routesOf(workplace).slice(before)).toEqual(['lookUpDeviceSignIn', 'lookUpDeviceSignIn']);
  });
});

describe('ACC-4: a session is kept fresh', () => {
  const renewing = (from = 1) => {
    let n = from;
    return () => {
      n += 1;
      return { value: signedIn(n, { expiresAt: '2026-11-24T12:40:00.000Z' }) };
    };
  };
  const old = { expiresAt: '2026-11-24T12:00:10.000Z' };

  it('ten commands at once with a token that has ended renew it once', async () => {
    await using workplace = await openWorkplace({
      ...handlers,
      signIn: () => ({ value: signedIn(1, old) }),
      refreshSession: renewing(),
    });
    await signIn(workplace);
    workplace.server.tokens.delete(accessToken(1));
    workplace.server.tokens.add(accessToken(2));
    const ran = await Promise.all(Array.from({ length: 10 }, () => workplace.qv('whoami')));
    expect(ran.map(({ exitCode }) => exitCode)).toEqual(Array.from({ length: 10 }, () => 0));
    expect(routesOf(workplace).filter((route) => route === 'refreshSession')).toHaveLength(1);
    expect(JSON.parse(readFileSync(keptFile(workplace), 'utf8'))).toMatchObject({ refreshToken: refreshToken(2) });
  });

  it('also when only the server thinks that the token has ended', async () => {
    await using workplace = await openWorkplace({ ...handlers, refreshSession: renewing() });
    await signIn(workplace);
    workplace.server.tokens.delete(accessToken(1));
    workplace.server.tokens.add(accessToken(2));
    expect(await workplace.qv('whoami')).toMatchObject({ exitCode: 0 });
    expect(workplace.server.asked.find(({ route }) => route === 'refreshSession')?.body).toEqual({
      refreshToken: refreshToken(1),
    });
  });

  it('one that has ended is forgotten, and the command says what to do', async () => {
    await using workplace = await openWorkplace({
      ...handlers,
      refreshSession: () => {
        throw new Refusal(401, 'IDENTITY_SESSION_ENDED', 'ended');
      },
    });
    await signIn(workplace);
    workplace.server.tokens.clear();
    expect(await workplace.qv('whoami')).toMatchObject({ exitCode: 3, err: expect.stringContaining('qv login') });
    expect(() => readFileSync(keptFile(workplace))).toThrow('ENOENT');
  });
});

describe('IFC-4: qv logout', () => {
  it('forgets also what the server did not hear of, and says so', async () => {
    await using workplace = await openWorkplace({
      ...handlers,
      signOut: () => {
        throw new Refusal(503, 'AWAY', 'away');
      },
    });
    await signIn(workplace);
    expect(await workplace.qv('logout')).toMatchObject({ exitCode: 4, out: expect.stringContaining('stays open') });
    expect(() => readFileSync(keptFile(workplace))).toThrow('ENOENT');
  });

  it('--all leaves every server, and a damaged file goes as well', async () => {
    await using workplace = await openWorkplace(handlers);
    await signIn(workplace);
    const other = join(keptFolder(workplace), `${encodeURIComponent('http://127.0.0.1:9')}.json`);
    writeFileSync(other, 'damaged', { mode: 0o600 });
    const { exitCode, out, err } = await workplace.qv('logout --all --json');
    expect([exitCode, err]).toEqual([4, expect.stringContaining('damaged')]);
    expect(JSON.parse(out).toSorted((a: { url: string }, b: { url: string }) => a.url.localeCompare(b.url))).toEqual(
      [
        { url: shownUrl, session: 'ended' },
        { url: 'http://127.0.0.1:9', session: 'not reached' },
      ].toSorted((a, b) => a.url.localeCompare(b.url)),
    );
    expect(readdirSync(keptFolder(workplace)).filter((name) => name.endsWith('.json'))).toEqual([]);
  });

  it('sessions revoke --all ends the one that asks at the end', async () => {
    await using workplace = await openWorkplace(handlers);
    await signIn(workplace);
    expect((await workplace.qv('sessions revoke --all')).out).toBe('2 sessions ended.\n');
    const ended = workplace.server.asked
      .filter(({ route }) => route === 'revokeSession')
      .map(({ params }) => params.id);
    expect(ended).toEqual([idOf(61), idOf(60)]);
  });

  it("ACC-4: all others end with one call, and nobody else's", async () => {
    await using workplace = await openWorkplace(handlers);
    await signIn(workplace);
    expect((await workplace.qv('sessions revoke --others')).out).toBe('1 session ended.\n');
    const asked = workplace.server.asked.map(({ route }) => route);
    expect(asked).toContain('revokeOtherSessions');
    expect(asked).not.toContain('revokeSession');
    expect((await workplace.qv('sessions revoke --others --all')).err).toContain('--all or --others');
  });
});

describe('ACC-5: step-up', () => {
  const factors = {
    isRequired: false,
    isEnrolled: true,
    totp: { createdAt: '2026-11-24T11:00:00.000Z', lastUsedAt: null },
    passkeys: [],
    recoveryCodesLeft: 10,
    stepUpMaxAgeSeconds: 600,
  };
  const demanding = (code: string) => {
    let isProven = false;
    return {
      ...handlers,
      getSecondFactors: () => ({ value: factors }),
      stepUp: () => {
        isProven = true;
        return { value: { authenticatedAt: null, mfaAt: '2026-11-24T12:00:00.000Z', maxAgeSeconds: 600 } };
      },
      listUserSessions: () => {
        if (!isProven) throw new Refusal(403, code, 'A fresh proof is needed.');
        return { value: { items: [view(0, false)] } };
      },
    };
  };
  const command = `sessions list --user ${idOf(71)}`;

  it.each(['ACCESS_STEP_UP_REQUIRED', 'ACCESS_MFA_REQUIRED'])(
    '%s asks, steps up and repeats the request',
    async (code) => {
      await using workplace = await openWorkplace(demanding(code));
      await signIn(workplace);
      expect(await workplace.qv(command, { secrets: ['123456'] })).toMatchObject({ exitCode: 0 });
      expect(workplace.server.asked.find(({ route }) => route === 'stepUp')?.body).toEqual({
        method: 'totp',
        code: '123456',
      });
      expect(routesOf(workplace).slice(-5)).toEqual([
        'listUserSessions',
        'getSecondFactors',
        'getSecondFactors',
        'stepUp',
        'listUserSessions',
      ]);
    },
  );

  it('without a terminal, the command to run is named', async () => {
    await using workplace = await openWorkplace(demanding('ACCESS_STEP_UP_REQUIRED'));
    await signIn(workplace);
    expect(await workplace.qv(command)).toMatchObject({ exitCode: 3, err: expect.stringContaining('qv mfa step-up') });
    expect(routesOf(workplace)).not.toContain('getSecondFactors');
  });
});
