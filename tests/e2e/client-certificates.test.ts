import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpClient } from '../../apps/cli/src/connection/http.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { TestAuthority, type TestLeaf } from '../harness/tls-authority.ts';
import { addMember, addOrganization, type Member } from './organizations.ts';

let authority: TestAuthority;
let server: TestServer;
let robot: TestLeaf;
let other: TestLeaf;

beforeAll(async () => {
  authority = await TestAuthority.create();
  const { certificateFile, keyFile } = authority.writeServer(await authority.issue('server', 'CN=vault'));
  robot = await authority.issue('client', 'CN=robot');
  other = await authority.issue('client', 'CN=other');
  server = await startTestServer({
    QV_TLS_CERTIFICATE_FILE: certificateFile,
    QV_TLS_KEY_FILE: keyFile,
    QV_TLS_CLIENT_CERTIFICATES: 'optional',
    QV_TLS_CLIENT_CA_FILE: authority.write('clients.pem', authority.root),
  });
});
afterAll(async () => {
  await server?.stop();
  authority.remove();
});

interface Asking {
  readonly certificate?: TestLeaf;
  readonly apiKey?: string;
  readonly organization?: string;
  readonly body?: unknown;
  readonly method?: string;
}

async function ask(target: string, { certificate, apiKey, organization, body, method = 'GET' }: Asking) {
  const settings: Record<string, string> = { QV_CA: authority.root };
  if (certificate !== undefined) {
    settings.QV_CLIENT_CERTIFICATE = certificate.cert;
    settings.QV_CLIENT_KEY = certificate.key;
  }
  const http = httpClient({ folder: authority.folder, get: (name) => settings[name] });
  const response = await http(new URL(target, server.url).href, {
    method,
    headers: {
      ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
      ...(organization === undefined ? {} : { 'x-qv-organization': organization }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? null : JSON.parse(text) };
}

/** Binds as an administrator of the organization. */
const bind = (admin: Pick<Member, 'apiKey'>, subjectId: string, certificate: TestLeaf, match = 'certificate') =>
  ask('/api/client-certificates', {
    method: 'POST',
    apiKey: admin.apiKey,
    body: { subjectId, match, certificate: certificate.cert },
  });
const newRobot = async (admin: Pick<Member, 'apiKey'>, name: string): Promise<string> => {
  const made = await ask('/api/service-accounts', { method: 'POST', apiKey: admin.apiKey, body: { name } });
  expect(made.status).toBe(201);
  return made.json.id;
};
const whoIs = (certificate: TestLeaf | undefined, organization: string | undefined) =>
  ask('/api/whoami', {
    ...(certificate === undefined ? {} : { certificate }),
    ...(organization === undefined ? {} : { organization }),
  });

it('ACC-2: a certificate stands for a service account, in its organization alone, until it is unbound', async () => {
  const admin = server.signIn;
  const home = admin.organizationId;
  const id = await newRobot(admin, 'robot');
  expect((await whoIs(robot, home)).status).toBe(401);
  const bound = await bind(admin, id, robot);
  expect(bound).toMatchObject({ status: 201, json: { subjectId: id, subjectName: 'CN=robot', match: 'certificate' } });
  expect(await whoIs(robot, home)).toMatchObject({
    status: 200,
    json: { actorId: id, kind: 'service-account', credential: 'certificate' },
  });
  // What it may is granted to the account.
  expect((await ask('/api/assets', { certificate: robot, organization: home })).status).toBe(403);
  const grant = { subjectId: id, role: 'auditor' };
  expect((await ask('/api/grants', { method: 'POST', apiKey: admin.apiKey, body: grant })).status).toBe(201);
  expect((await ask('/api/assets', { certificate: robot, organization: home })).status).toBe(200);

  // Nobody without the certificate, with another one, elsewhere, or without a word of where.
  const foreign = await addOrganization(server, { name: 'Other', role: 'organization-admin' });
  for (const [certificate, organization] of [
    [undefined, home],
    [other, home],
    [robot, foreign.organizationId],
    [robot, '01920000-0000-7000-8000-00000000dead'],
    [robot, undefined],
    [robot, 'x'],
  ] as const)
    expect((await whoIs(certificate, organization)).status).toBe(401);
  // A key that is sent along says who asks, and a wrong one is not saved by a certificate.
  const wrong = { apiKey: `qv_aaaaaaaaaaaa_${'a'.repeat(43)}`, certificate: robot, organization: home };
  expect((await ask('/api/whoami', wrong)).status).toBe(401);

  const taken = await bind(admin, id, robot);
  expect([taken.status, taken.json.code]).toEqual([409, 'IDENTITY_CERTIFICATE_TAKEN']);
  const unbind = (by: Pick<Member, 'apiKey'>) =>
    ask(`/api/client-certificates/${bound.json.id}`, { method: 'DELETE', apiKey: by.apiKey });
  expect((await unbind(foreign)).status).toBe(404);
  expect((await whoIs(robot, home)).status).toBe(200);
  expect((await unbind(admin)).status).toBe(204);
  expect((await whoIs(robot, home)).status).toBe(401);
});

it('attack case 3: what was asked for with a certificate that was unbound since is not carried out', async () => {
  const admin = server.signIn;
  const organization = admin.organizationId;
  const thief = await authority.issue('client', 'CN=thief');
  const id = await newRobot(admin, 'stolen');
  const bound = await bind(admin, id, thief);
  const post = (target: string, apiKey: string, body: unknown) => ask(target, { method: 'POST', apiKey, body });
  await post('/api/grants', admin.apiKey, { subjectId: id, role: 'organization-admin' });
  const asset = await post('/api/assets/manual', admin.apiKey, {
    ...{ name: 'kept', type: 'data-store', endpoint: 'postgres://kept', tags: [] },
    ...{ sensitivity: 'internal', exposure: 'internal', dataLifetimeYears: 1 },
  });
  const superuser = await server.database.superuser();
  await superuser.query(
    `INSERT INTO approval_policy (tenant_id, operation, quorum, expires_in_seconds, signature_required, reason_required, updated_by)
     VALUES ($1, 'asset.archive', 1, 3600, false, false, $1)`,
    [organization],
  );
  await superuser.end();
  expect(asset.json).toMatchObject({ name: 'kept' });
  const { json: asked } = await ask(`/api/assets/${asset.json.id}`, {
    method: 'DELETE',
    certificate: thief,
    organization,
  });
  expect(asked.code).toBe('APPROVALS_REQUIRED');
  await ask(`/api/client-certificates/${bound.json.id}`, { method: 'DELETE', apiKey: admin.apiKey });
  const { apiKey } = await addMember(server, organization, 'organization-admin');
  const approved = await post(`/api/approvals/${asked.approvalId}/approve`, apiKey, { planHash: asked.planHash });
  expect(approved.json.execution).toMatchObject({ outcome: 'failed', code: 'APPROVALS_REQUESTER_GONE' });
});

it('attack case 1: another organization binds the same certificate for itself, and neither gets at the other', async () => {
  const home = server.signIn.organizationId;
  const foreign = await addOrganization(server, { name: 'Third', role: 'organization-admin' });
  const [own, theirs] = [await newRobot(server.signIn, 'own'), await newRobot(foreign, 'theirs')];
  expect((await bind(server.signIn, own, robot)).status).toBe(201);
  expect((await bind(foreign, theirs, robot)).status).toBe(201);
  expect((await whoIs(robot, home)).json.actorId).toBe(own);
  expect((await whoIs(robot, foreign.organizationId)).json.actorId).toBe(theirs);
  // Nobody lets a certificate stand for somebody of another organization, or for a person.
  for (const subjectId of [own, foreign.userId])
    expect(await bind(foreign, subjectId, other)).toMatchObject({
      status: 404,
      json: { code: 'IDENTITY_MACHINE_NOT_FOUND' },
    });
  expect((await ask(`/api/service-accounts/${own}`, { method: 'DELETE', apiKey: server.signIn.apiKey })).status).toBe(
    204,
  );
  expect((await whoIs(robot, home)).status).toBe(401);
  expect((await whoIs(robot, foreign.organizationId)).status).toBe(200);
});

it('ACC-2: bound by its names, a renewed certificate stands for the same machine, and other names do not', async () => {
  const home = server.signIn.organizationId;
  const id = await newRobot(server.signIn, 'renewed');
  expect((await bind(server.signIn, id, other, 'names')).status).toBe(201);
  const renewed = await authority.issue('client', 'CN=other');
  expect((await whoIs(renewed, home)).json.actorId).toBe(id);
  expect((await whoIs(await authority.issue('client', 'CN=other,O=other'), home)).status).toBe(401);
});

it('ACC-2: what is no certificate is refused, and says so', async () => {
  const id = await newRobot(server.signIn, 'none');
  const server2 = { cert: robot.cert.replace(/[A-Za-z0-9+/]{64}\n/, ''), key: '' };
  for (const certificate of [server2, { cert: `${robot.cert}${other.cert}`, key: '' }, { cert: 'none', key: '' }])
    expect(await bind(server.signIn, id, certificate)).toMatchObject({
      status: 422,
      json: { code: 'IDENTITY_CERTIFICATE_INVALID' },
    });
});
