import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { internalRequest } from '../../apps/server/src/kernel/actor.ts';
import { type Composition, compose } from '../../apps/server/src/main.compose.ts';
import { createLogger } from '../../apps/server/src/platform/logging/logger.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { addMember } from './organizations.ts';

let server: TestServer;
/** A second process on the same database, as far as authentication goes: its own connections, caches and authenticator. */
let other: Composition;

beforeAll(async () => {
  server = await startTestServer();
  other = compose({
    databases: server.database.databases,
    checkpointDir: path.join(server.dataDir, 'checkpoints'),
    keyFile: path.join(server.dataDir, 'seal.key'),
    logger: createLogger('silent'),
  });
  await other.unseal();
});
afterAll(() => server.stop());

const ask = async (method: string, target: string, options: Parameters<TestServer['request']>[2] = {}) => {
  const response = await server.request(method, target, options);
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
};

const presented = (apiKey: string) => ({
  header: apiKey,
  cookie: null,
  csrfToken: null,
  isSafe: true,
  isSameOrigin: false,
  route: null,
});

describe('ACC-12: people over HTTP', () => {
  it('ACC-12: from the invitation to the off-boarding; the token is in no log line', async () => {
    const invited = await ask('POST', '/api/users/invitations', {
      body: { email: 'person@example.org', roles: ['auditor'] },
    });
    expect(invited.status).toBe(201);
    const { id } = invited.body.user;
    const join = { token: invited.body.token, password: 'correct horse battery staple', displayName: 'Person' };
    const joined = await ask('POST', '/api/auth/join', { body: join, apiKey: null });
    expect(joined).toMatchObject({ status: 201, body: { userId: id, email: 'person@example.org' } });
    const again = await ask('POST', '/api/auth/join', { body: join, apiKey: null });
    expect(again).toMatchObject({ status: 401, body: { code: 'IDENTITY_INVITATION_INVALID' } });
    expect((await ask('GET', '/api/users?emailPrefix=PERSON')).body.items).toMatchObject([{ id, status: 'active' }]);
    const offboarded = await ask('POST', `/api/users/${id}/offboard`, { body: {} });
    expect(offboarded).toMatchObject({ status: 200, body: { userId: id, revoked: { grants: 1 } } });
    expect(await ask('GET', `/api/users/${id}/offboarding`)).toEqual(offboarded);
    expect(server.logged()).not.toContain(invited.body.token);
    expect(server.logged()).not.toContain(join.password);
  });

  it('ACC-12: a suspended user’s key is dead in the next request, also on another process that knew it', async () => {
    const member = await addMember(server, server.signIn.organizationId, 'auditor');
    const elsewhere = () => other.authenticator.authenticate(presented(member.apiKey), internalRequest('elsewhere'));
    expect((await ask('GET', '/api/assets', { apiKey: member.apiKey })).status).toBe(200);
    expect((await elsewhere()).id).toBe(member.userId);
    expect((await ask('POST', `/api/users/${member.userId}/suspend`, { body: {} })).status).toBe(200);
    await expect(elsewhere()).rejects.toMatchObject({ code: 'IDENTITY_UNAUTHENTICATED' });
    expect((await ask('GET', '/api/assets', { apiKey: member.apiKey })).status).toBe(401);
    expect((await ask('POST', `/api/users/${member.userId}/resume`, { body: {} })).status).toBe(200);
    expect((await elsewhere()).id).toBe(member.userId);
    expect((await ask('POST', `/api/users/${member.userId}/offboard`, { body: {} })).status).toBe(200);
    await expect(elsewhere()).rejects.toMatchObject({ code: 'IDENTITY_UNAUTHENTICATED' });
  });

  it('ACC-12: what the organization demands is changed against its version', async () => {
    const before = await ask('GET', '/api/identity-settings');
    expect(before.body).toEqual({ apiKeyDaysMax: null, invitationHours: 72, version: 0 });
    const change = { headers: { 'if-match': '"0"' }, body: { invitationHours: 24 } };
    expect((await ask('PATCH', '/api/identity-settings', change)).body).toMatchObject({
      invitationHours: 24,
      version: 1,
    });
    expect((await ask('PATCH', '/api/identity-settings', change)).status).toBe(412);
  });
});
