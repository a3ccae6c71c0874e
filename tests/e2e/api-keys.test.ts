import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Problem, problemSchema } from '@quantumvault/api';
import { randomBytes } from '@quantumvault/crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { addOrganization } from './organizations.ts';
import { runQv } from './run-qv.ts';

const givenKey = `qv_abcdefghij23_${Buffer.from(randomBytes(32)).toString('base64url')}`;

const problemOf = async (response: Response): Promise<Problem> => problemSchema.parse(await response.json());

describe('API keys and service accounts, as a user has them', () => {
  let server: TestServer;
  let folder: string;
  let adminKey: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'qv-api-keys-'));
    adminKey = path.join(folder, 'admin.key');
    writeFileSync(adminKey, `${givenKey}\n`, { mode: 0o600 });
    server = await startTestServer({ QV_FIRST_API_KEY_FILE: adminKey });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const qv = async (words: string, keyFile = adminKey) => {
    const end = await runQv(words.split(' '), { cwd: folder, url: server.url, keyFile });
    return { ...end, json: () => JSON.parse(end.out) };
  };
  const ask = (apiKey: string, route = '/api/assets', headers: Record<string, string> = {}) =>
    server.request('GET', route, { apiKey, headers });
  const secretOf = (file: string): string => readFileSync(path.join(folder, file), 'utf8').trimEnd();
  const healthOf = async () => (await server.request('GET', '/health/ready', { apiKey: null })).json();

  it('ACC-2: a first key of a secret file works, is nowhere in plain text, and is reported until it is replaced', async () => {
    expect((await ask(givenKey)).status).toBe(200);
    expect(readFileSync(path.join(server.dataDir, 'bootstrap-admin.json'), 'utf8')).not.toContain(givenKey);
    const superuser = await server.database.superuser();
    const tables = await superuser.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relnamespace = 'qv'::regnamespace AND relkind = 'r'",
    );
    const secret = givenKey.slice(-43);
    for (const { name } of tables.rows) {
      const { rows } = await superuser.query(`SELECT FROM qv."${name}" t WHERE t::text LIKE '%' || $1 || '%'`, [
        secret,
      ]);
      expect({ name, rows: rows.length }).toEqual({ name, rows: 0 });
    }
    await superuser.end();
    expect(server.logged()).not.toContain(secret);
    expect(server.logged()).toContain('QV_FIRST_API_KEY is still good');

    expect(await healthOf()).toMatchObject({ parts: { 'first-api-key': { status: 'degraded' } } });
    expect((await qv('status')).out).toContain('QV_FIRST_API_KEY is still good');
    expect((await qv('doctor')).out).toContain('QV_FIRST_API_KEY is still good');
    const [listed] = (await qv('api-keys --json')).json();
    expect(listed).toMatchObject({ name: 'bootstrap', origin: 'setting', state: 'active' });

    const rotated = await qv(`api-keys rotate ${listed.id} --overlap 0 --out next.key --json`);
    expect(rotated.exitCode).toBe(0);
    expect(rotated.json()).toMatchObject({ key: { origin: 'made', replaces: listed.id } });
    expect((await ask(givenKey)).status).toBe(401);
    adminKey = path.join(folder, 'next.key');
    expect(statSync(adminKey).mode & 0o777).toBe(0o600);
    expect(await healthOf()).toMatchObject({ parts: { 'first-api-key': { status: 'ok' } } });
  });

  it('ACC-2: a robot gets an account, a role and a key for less, uses it, and has it replaced and taken away', async () => {
    expect((await qv('service-accounts create scanner --description nightly')).exitCode).toBe(0);
    const account = (await qv('service-accounts show scanner --json')).json();
    const create =
      'api-keys create nightly --service-account scanner --permissions asset.read,identity.self --days 30 --out robot.key';
    const made = (await qv(`${create} --json`)).json();
    const first = secretOf('robot.key');
    // A key opens what its owner was given, and this one has been given nothing yet.
    expect((await ask(first)).status).toBe(403);
    expect((await qv(`grants create ${account.id} organization-user`)).exitCode).toBe(0);
    expect((await ask(first)).status).toBe(200);
    // The role may read policies; the key may not.
    const refused = await ask(first, '/api/policies');
    expect([refused.status, (await problemOf(refused)).code]).toEqual([403, 'ACCESS_DENIED']);

    const robotKey = path.join(folder, 'robot.key');
    const overlapping = await qv(`api-keys rotate ${made.key.id} --overlap 1 --out robot2.key`, robotKey);
    // Own keys are a user's; the key of a robot is replaced by its administrators, or by itself.
    expect(overlapping.exitCode).toBe(0);
    const second = secretOf('robot2.key');
    expect([(await ask(first)).status, (await ask(second)).status]).toEqual([200, 200]);
    const superuser = await server.database.superuser();
    await superuser.query("UPDATE qv.api_key SET expires_at = now() - interval '1 second' WHERE id = $1", [
      made.key.id,
    ]);
    await superuser.end();
    expect([(await ask(first)).status, (await ask(second)).status]).toEqual([401, 200]);

    await qv('service-accounts suspend scanner');
    expect((await ask(second)).status).toBe(401);
    await qv('service-accounts resume scanner');
    expect((await ask(second)).status).toBe(200);
    const keys = (await qv(`api-keys --owner ${account.id} --json`)).json();
    expect(keys).toMatchObject([{ owner: { id: account.id }, replaces: made.key.id }]);
    expect((await qv(`api-keys revoke ${keys[0].id} --organization`)).exitCode).toBe(0);
    expect((await ask(second)).status).toBe(401);
    expect((await qv('service-accounts delete scanner')).exitCode).toBe(0);
  });

  it('ACC-2: a key outside its networks, a wrong one and one of nobody get the same answer', async () => {
    const elsewhere = (await qv('api-keys create elsewhere --network 192.0.2.0/24 --json')).json();
    const here = (await qv('api-keys create here --network 127.0.0.0/8 --json')).json();
    expect((await ask(here.secret)).status).toBe(200);
    const wrong = `${here.secret.slice(0, -1)}${here.secret.endsWith('A') ? 'B' : 'A'}`;
    const answers = [];
    for (const key of [elsewhere.secret, wrong, `qv_zzzzzzzzzzzz_${'z'.repeat(43)}`]) {
      const response = await ask(key);
      const { requestId: _, ...problem } = await problemOf(response);
      answers.push({ status: response.status, problem });
    }
    expect(answers[0]?.status).toBe(401);
    expect(answers.map((answer) => JSON.stringify(answer))).toEqual(Array(3).fill(JSON.stringify(answers[0])));
    // The address that counts is that of the other end, not what a caller writes into a header.
    expect((await ask(elsewhere.secret, '/api/assets', { 'x-forwarded-for': '192.0.2.7' })).status).toBe(401);
  });

  it('ACC-2: a key for one environment changes nothing of the account behind it, and ends no key but itself', async () => {
    const { key, secret } = (
      await qv(`api-keys create placed --environment ${(await qv('environments --json')).json()[0].id} --json`)
    ).json();
    const another = (await qv('api-keys create another --json')).json();
    const someId = another.key.id;
    const send = (apiKey: string, method: string, route: string, body?: Record<string, unknown>) =>
      server.request(method, route, {
        apiKey,
        ...(body === undefined ? {} : { body, headers: { 'if-match': '"1"' } }),
      });
    expect((await ask(secret, '/api/whoami')).status).toBe(200);
    for (const [method, route, body] of [
      ['PATCH', '/api/me', { displayName: 'Somebody Else' }],
      ['POST', '/api/sessions/revoke-others', undefined],
      ['DELETE', `/api/sessions/${someId}`, undefined],
      ['PATCH', `/api/me/second-factors/passkeys/${someId}`, { name: 'taken' }],
      ['DELETE', `/api/me/api-keys/${someId}`, undefined],
    ] as const) {
      const refused = await send(secret, method, route, body);
      expect([route, refused.status, (await problemOf(refused)).code]).toEqual([route, 403, 'IDENTITY_KEY_PLACED']);
    }
    // Keys that would sign the owner's approvals are of the account too.
    const withdrawal = await send(secret, 'DELETE', `/api/approver-keys/${someId}`);
    expect([withdrawal.status, (await problemOf(withdrawal)).code]).toEqual([403, 'ACCESS_DENIED']);
    const refusals: { reason: { code: string } }[] = (await qv('audit tail --action access.refused --json')).json();
    const recorded = refusals.filter(({ reason }) => reason.code === 'IDENTITY_KEY_PLACED');
    expect(recorded).toHaveLength(5);
    expect((await ask(another.secret)).status).toBe(200);
    expect((await send(secret, 'DELETE', `/api/me/api-keys/${key.id}`)).status).toBe(204);
    expect((await ask(secret, '/api/whoami')).status).toBe(401);
    expect((await send(another.secret, 'PATCH', '/api/me', { displayName: 'Administrator' })).status).toBe(200);
  });

  it('attack case 1: keys and accounts of another organization answer like those that do not exist', async () => {
    const robot = (await qv('service-accounts create own --json')).json();
    const key = (await qv('api-keys create own --service-account own --json')).json();
    const other = await addOrganization(server, { name: 'Other', role: 'organization-admin' });
    const foreignKey = path.join(folder, 'foreign.key');
    writeFileSync(foreignKey, other.apiKey, { mode: 0o600 });
    for (const words of [
      `api-keys revoke ${key.key.id} --organization`,
      `api-keys rotate ${key.key.id} --organization`,
    ])
      expect(await qv(words, foreignKey)).toMatchObject({
        exitCode: 3,
        err: expect.stringContaining('No such API key'),
      });
    expect((await qv('service-accounts --json', foreignKey)).json()).toEqual([]);
    const stolen = await server.request('POST', '/api/api-keys', {
      apiKey: other.apiKey,
      body: { serviceAccountId: robot.id, name: 'stolen' },
    });
    expect([stolen.status, (await problemOf(stolen)).code]).toEqual([404, 'IDENTITY_SERVICE_ACCOUNT_NOT_FOUND']);
  });
});
