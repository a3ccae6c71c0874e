import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { addMember } from './organizations.ts';
import { runQv } from './run-qv.ts';

describe('devices, as an administrator and an agent have them', () => {
  let server: TestServer;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'qv-devices-'));
    server = await startTestServer();
    writeFileSync(path.join(folder, 'admin.key'), server.signIn.apiKey, { mode: 0o600 });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const qv = async (words: string) => {
    const keyFile = path.join(folder, 'admin.key');
    const end = await runQv(words.split(' '), { cwd: folder, url: server.url, keyFile });
    return { ...end, json: () => JSON.parse(end.out) };
  };
  const ask = async (apiKey: string, headers: Record<string, string> = {}) =>
    (await server.request('GET', '/api/assets', { apiKey, headers })).status;

  it('ACC-2: a machine enrols itself, acts with what it is granted, and is gone at once', async () => {
    expect((await qv('devices enroll-token sensor --out token.txt')).exitCode).toBe(0);
    const enrolled = await qv('agent enroll --token-file token.txt --out device.key --algorithm ML-DSA-65 --json');
    expect(enrolled.exitCode).toBe(0);
    const { deviceId } = enrolled.json();
    // The token is used up.
    expect((await qv('agent enroll --token-file token.txt --out other.key')).exitCode).toBe(3);

    const token = (await qv('agent token --key device.key')).out.trim();
    expect(await ask(token)).toBe(403);
    expect((await qv(`grants create ${deviceId} auditor`)).exitCode).toBe(0);
    expect(await ask(token)).toBe(200);
    // As a bearer token too, as RFC 6750 has it.
    const bearer = await server.request('GET', '/api/whoami', {
      apiKey: null,
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await bearer.json()).toMatchObject({ actorId: deviceId, kind: 'device', credential: 'device-key' });

    const [listed] = (await qv('devices --json')).json();
    expect(listed).toMatchObject({ id: deviceId, name: 'sensor', status: 'active', lastSeenAt: expect.any(String) });
    expect((await qv(`devices revoke ${deviceId}`)).exitCode).toBe(0);
    expect(await ask(token)).toBe(401);
    expect((await qv('agent token --key device.key')).exitCode).toBe(3);
  });

  it('ACC-7: a right that is bound to a device is there for a person on that device alone', async () => {
    await qv('devices enroll-token laptop --out laptop.txt');
    const { deviceId } = (await qv('agent enroll --token-file laptop.txt --out laptop.key --json')).json();
    const person = await addMember(server, server.signIn.organizationId, null);
    const created = await server.request('POST', '/api/grants', {
      body: { subjectId: person.userId, role: 'auditor', rules: { devices: [deviceId] } },
    });
    expect(created.status).toBe(201);
    const token = (await qv('agent token --key laptop.key')).out.trim();
    expect(await ask(person.apiKey)).toBe(403);
    expect(await ask(person.apiKey, { 'x-qv-device': token })).toBe(200);
    expect(await ask(person.apiKey, { 'x-qv-device': `${token.slice(0, -1)}_` })).toBe(401);
    // The id of a device is no secret, and no proof.
    expect(await ask(person.apiKey, { 'x-qv-device': deviceId })).toBe(401);
  });

  it('ACC-2: neither tokens nor private keys are in the log or in an event', async () => {
    const { privateKey } = JSON.parse(readFileSync(path.join(folder, 'laptop.key'), 'utf8'));
    const oneTime = readFileSync(path.join(folder, 'laptop.txt'), 'utf8').trim().slice(-43);
    const superuser = await server.database.superuser();
    for (const table of ['audit_event', 'device', 'device_enrollment', 'device_session', 'idempotency_key']) {
      const { rows } = await superuser.query(
        `SELECT FROM qv."${table}" t WHERE t::text LIKE '%' || $1 || '%' OR t::text LIKE '%' || $2 || '%'`,
        [privateKey, oneTime],
      );
      expect({ table, rows: rows.length }).toEqual({ table, rows: 0 });
    }
    await superuser.end();
    expect(server.logged()).not.toContain(privateKey);
    expect(server.logged()).not.toContain(oneTime);
  });
});
