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
  certificate: null,
  deviceToken: null,
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
    const signIn = { email: 'person@example.org', password: join.password };
    const session = await ask('POST', '/api/auth/sign-in', { body: signIn, apiKey: null });
    expect(session.status).toBe(200);
    const offboarded = await ask('POST', `/api/users/${id}/offboard`, { body: {} });
    expect(offboarded).toMatchObject({ status: 200, body: { userId: id, revoked: { grants: 1, sessions: 1 } } });
    const bearer = { authorization: `Bearer ${session.body.accessToken}` };
    expect((await ask('GET', '/api/whoami', { headers: bearer, apiKey: null })).status).toBe(401);
    expect((await ask('POST', '/api/auth/sign-in', { body: signIn, apiKey: null })).status).toBe(401);
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

  it('ACC-12: an invitation is good for as long as the organization says', async () => {
    const change = { headers: { 'if-match': '"0"' }, body: { invitation: { hours: 24 } } };
    expect(await ask('PATCH', '/api/security-settings', change)).toMatchObject({
      status: 200,
      body: { invitation: { hours: 24 }, version: 1 },
    });
    const { body } = await ask('POST', '/api/users/invitations', { body: { email: 'soon@example.org', roles: [] } });
    const hours = (Date.parse(body.expiresAt) - Date.parse(body.user.createdAt)) / 3_600_000;
    expect(Math.round(hours)).toBe(24);
    expect((await ask('PATCH', '/api/security-settings', change)).status).toBe(412);
  });
});
