import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, addOrganization, type Member } from '../../../../../tests/e2e/organizations.ts';
import { startTestServer, type TestServer } from '../../../../../tests/harness/server.ts';

const json = async (response: Response) => JSON.parse(await response.text());
const missing = '01920000-0000-7000-8000-00000000ffff';

describe('ACC-1: the hierarchy', () => {
  let server: TestServer;
  let other: Member & { environmentId: string };
  beforeAll(async () => {
    server = await startTestServer();
    other = await addOrganization(server, { name: 'Other', role: 'platform-admin' });
  });
  afterAll(() => server.stop());

  const ask = async (
    method: string,
    path: string,
    options: { body?: unknown; apiKey?: string; headers?: Record<string, string> } = {},
  ) => {
    const response = await server.request(method, path, options);
    const text = await response.text();
    return { status: response.status, etag: response.headers.get('etag'), body: text === '' ? null : JSON.parse(text) };
  };
  const create = async (path: string, body: object) => {
    const made = await ask('POST', path, { body });
    expect(made.status).toBe(201);
    return made.body;
  };

  it('ACC-1: an environment holds projects, a project holds services, each inherits its place', async () => {
    const environment = await create('/api/environments', { name: 'Shop', type: 'staging' });
    const project = await create('/api/projects', { environmentId: environment.id, name: 'Checkout' });
    const service = await create('/api/services', { projectId: project.id, name: 'Payments' });
    expect(project).toMatchObject({ environmentId: environment.id, name: 'Checkout', version: 1 });
    expect(service).toMatchObject({ environmentId: environment.id, projectId: project.id, name: 'Payments' });
    expect((await ask('GET', `/api/environments/${environment.id}`)).body).toEqual(environment);
    expect((await ask('GET', `/api/projects/${project.id}`)).body).toEqual(project);
    expect((await ask('GET', `/api/services/${service.id}`)).body).toEqual(service);

    expect((await ask('DELETE', `/api/environments/${environment.id}`)).body.code).toBe('TENANCY_NOT_EMPTY');
    expect((await ask('DELETE', `/api/projects/${project.id}`)).body.code).toBe('TENANCY_NOT_EMPTY');
    for (const path of [`services/${service.id}`, `projects/${project.id}`, `environments/${environment.id}`]) {
      expect((await ask('DELETE', `/api/${path}`)).status).toBe(204);
      expect((await ask('GET', `/api/${path}`)).status).toBe(404);
    }
    const actions = (await server.client.listAudit({ query: { limit: 20 } })).items.map(({ action }) => action);
    for (const level of ['environment', 'project', 'service']) {
      expect(actions).toEqual(expect.arrayContaining([`${level}.created`, `${level}.deleted`]));
    }
  });

  it('ACC-1: rights that hold in a place keep it; rights that have ended are history, and go on naming it', async () => {
    const { client } = server;
    const environment = await create('/api/environments', { name: 'Left', type: 'staging' });
    const project = await create('/api/projects', { environmentId: environment.id, name: 'Left too' });
    const subjectId = (await create('/api/service-accounts', { name: 'Leaver' })).id;
    const grant = await client.createGrant({ body: { subjectId, role: 'auditor', place: { projectId: project.id } } });
    const { key } = await client.createOwnApiKey({
      body: { name: 'in a place', environmentId: environment.id, permissions: ['asset.read'], allowedNetworks: [] },
    });
    const remove = async (path: string) => (await ask('DELETE', `/api/${path}`)).status;
    expect(await remove(`projects/${project.id}`)).toBe(409);
    await client.revokeGrant({ params: { id: grant.id } });
    expect(await remove(`projects/${project.id}`)).toBe(204);
    expect(await remove(`environments/${environment.id}`)).toBe(409);
    await client.revokeOwnApiKey({ params: { id: key.id } });
    expect(await remove(`environments/${environment.id}`)).toBe(204);
    expect((await client.getGrant({ params: { id: grant.id } })).place).toMatchObject({ projectId: project.id });
    const late = await ask('POST', '/api/grants', {
      body: { subjectId, role: 'auditor', place: { projectId: project.id } },
    });
    expect(late.status).toBe(422);
  });

  it('ACC-1: a right that is being given in a place waits for its deletion, and is refused then', async () => {
    const environment = await create('/api/environments', { name: 'Raced', type: 'staging' });
    const subjectId = (await create('/api/service-accounts', { name: 'Racer' })).id;
    const [one, two] = [await server.database.superuser(), await server.database.superuser()];
    try {
      await one.query('BEGIN');
      await one.query('DELETE FROM environment WHERE id = $1', [environment.id]);
      const given = two
        .query(
          `INSERT INTO access_grant (id, tenant_id, subject_id, role, environment_id)
             SELECT gen_random_uuid(), tenant_id, id, 'auditor', $2 FROM subject WHERE id = $1`,
          [subjectId, environment.id],
        )
        .then(
          () => 'given',
          (error: { code?: string }) => error.code,
        );
      await one.query('COMMIT');
      expect(await given).toBe('23503');
    } finally {
      await one.end();
      await two.end();
    }
  });

  it('ACC-1: changes name the version that they change', async () => {
    const environment = await create('/api/environments', { name: 'Versions', type: 'development' });
    const path = `/api/environments/${environment.id}`;
    expect((await ask('PATCH', path, { body: { name: 'New' } })).status).toBe(428);
    expect((await ask('PATCH', path, { body: { name: 'New' }, headers: { 'if-match': '"2"' } })).status).toBe(412);
    const changed = await ask('PATCH', path, { body: { type: 'production' }, headers: { 'if-match': '"1"' } });
    expect(changed).toMatchObject({
      status: 200,
      etag: '"2"',
      body: { name: 'Versions', type: 'production', version: 2 },
    });
    expect((await ask('PATCH', path, { body: {}, headers: { 'if-match': '"2"' } })).status).toBe(400);
  });

  it('ACC-1: a name is taken once in its parent, and free in another', async () => {
    const [a, b] = [
      await create('/api/environments', { name: 'Names A', type: 'local' }),
      await create('/api/environments', { name: 'Names B', type: 'local' }),
    ];
    const taken = async (path: string, body: object) => (await ask('POST', path, { body })).body.code;
    expect(await taken('/api/environments', { name: 'Names A', type: 'staging' })).toBe('TENANCY_NAME_TAKEN');
    const project = await create('/api/projects', { environmentId: a.id, name: 'Same' });
    await create('/api/projects', { environmentId: b.id, name: 'Same' });
    const second = await create('/api/projects', { environmentId: a.id, name: 'Second' });
    const renamed = await ask('PATCH', `/api/projects/${second.id}`, {
      body: { name: 'Same' },
      headers: { 'if-match': '"1"' },
    });
    expect(renamed).toMatchObject({ status: 409, body: { code: 'TENANCY_NAME_TAKEN' } });
    expect((await ask('GET', `/api/projects/${second.id}`)).body).toEqual(second);
    const within = await ask('GET', `/api/projects?environmentId=${a.id}`);
    expect(within.body.items).toEqual([project, second]);
  });

  it('ACC-1: lists go on where the page before ended', async () => {
    const environment = await create('/api/environments', { name: 'Pages', type: 'local' });
    const made: unknown[] = [];
    for (const name of ['1', '2', '3', '4', '5'])
      made.push(await create('/api/projects', { environmentId: environment.id, name }));
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = await ask('GET', `/api/projects?limit=2&environmentId=${environment.id}${next}`);
      seen.push(...page.body.items);
      cursor = page.body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(made);
  });

  it('ACC-1: a POST with an Idempotency-Key has its effect once', async () => {
    const headers = { 'idempotency-key': 'environment-once' };
    const body = { name: 'Once', type: 'local' };
    const [first, second] = [
      await ask('POST', '/api/environments', { body, headers }),
      await ask('POST', '/api/environments', { body, headers }),
    ];
    expect(second).toEqual(first);
  });

  it('ACC-1: nothing is put into, read from or deleted in another organization', async () => {
    const unknown = (environmentId: string) =>
      ask('POST', '/api/projects', { body: { environmentId, name: 'Spy' }, headers: {} });
    const [foreign, none] = [await unknown(other.environmentId), await unknown(missing)];
    expect(foreign.body.code).toBe('TENANCY_PARENT_UNKNOWN');
    expect({ ...foreign.body, requestId: '' }).toEqual({ ...none.body, requestId: '' });
    expect((await ask('DELETE', `/api/environments/${other.environmentId}`)).status).toBe(404);
    const stillThere = await ask('GET', `/api/environments/${other.environmentId}`, { apiKey: other.apiKey });
    expect(stillThere.status).toBe(200);
  });

  it('ACC-6: readers read and change nothing', async () => {
    const reader = await addMember(server, server.signIn.organizationId, 'auditor');
    const environment = await create('/api/environments', { name: 'Readers', type: 'local' });
    expect((await ask('GET', `/api/environments/${environment.id}`, { apiKey: reader.apiKey })).status).toBe(200);
    const refused = [
      await ask('POST', '/api/environments', { apiKey: reader.apiKey, body: { name: 'x', type: 'local' } }),
      await ask('DELETE', `/api/environments/${environment.id}`, { apiKey: reader.apiKey }),
      await ask('GET', '/api/organizations', { apiKey: reader.apiKey }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
  });
});

describe('ACC-1: organizations', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  const make = async (name: string, headers: Record<string, string> = {}) => {
    const response = await server.request('POST', '/api/organizations', {
      body: { name, administrator: { email: 'first@example.org' } },
      headers,
    });
    expect(response.status).toBe(201);
    return json(response);
  };
  const status = async (method: string, path: string, apiKey?: string, body?: unknown) =>
    (
      await server.request(method, path, {
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(body === undefined ? {} : { body }),
      })
    ).status;

  it('ACC-1: the platform creates an organization whose first administrator works in it at once, and sees no other', async () => {
    const made = await make('Rivers');
    const { apiKey } = made.administrator;
    const environments = await json(await server.request('GET', '/api/environments', { apiKey }));
    expect(environments.items.map(({ id }: { id: string }) => id)).toEqual([made.environmentId]);
    expect(await status('GET', `/api/organizations/${made.organization.id}`, apiKey)).toBe(200);
    expect(await status('GET', `/api/organizations/${server.signIn.organizationId}`, apiKey)).toBe(404);
    expect(await status('GET', '/api/organizations', apiKey)).toBe(403);
    expect(await status('POST', '/api/environments', apiKey, { name: 'staging', type: 'staging' })).toBe(201);
    const policies = await json(await server.request('GET', '/api/policies', { apiKey }));
    expect(policies.items.length).toBeGreaterThan(0);
  });

  it('ACC-1: a repeated creation makes one organization, and its key is shown once and stored nowhere', async () => {
    const headers = { 'idempotency-key': 'organization-once' };
    const [first, second] = [await make('Once', headers), await make('Once', headers)];
    expect(second).toEqual({ ...first, administrator: { ...first.administrator, apiKey: null } });
    const client = await server.database.superuser();
    const stored = await client.query("SELECT response::text FROM idempotency_key WHERE key = 'organization-once'");
    await client.end();
    // The secret itself may hold the character that stands before it.
    const secret = first.administrator.apiKey.slice('qv_'.length + 12 + 1);
    expect(secret).toHaveLength(43);
    expect(stored.rows[0].response).not.toContain(secret);
  });

  it('ACC-1: both logs tell of it, and the organization does not learn who administers the platform', async () => {
    const made = await make('Two logs');
    const [platform] = (await server.client.listAudit({ query: { action: 'organization.created', limit: 1 } })).items;
    expect(platform?.resource.id).toBe(made.organization.id);
    const own = await server.request('GET', '/api/audit?action=organization.created', {
      apiKey: made.administrator.apiKey,
    });
    const [event] = (await json(own)).items;
    expect(event).toMatchObject({ actor: { kind: 'system' }, resource: { id: made.organization.id } });
  });

  it('ACC-1: the platform lists all, page by page; a role of that name elsewhere lists and creates nothing', async () => {
    const made = [await make('List 1'), await make('List 2')];
    const listed = await json(await server.request('GET', '/api/organizations?limit=200'));
    const ids = listed.items.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(
      expect.arrayContaining([server.signIn.organizationId, ...made.map((one) => one.organization.id)]),
    );
    const first = await json(await server.request('GET', '/api/organizations?limit=1'));
    expect(first.items).toHaveLength(1);
    const second = await json(await server.request('GET', `/api/organizations?limit=1&cursor=${first.nextCursor}`));
    expect(second.items[0].id).toBe(ids[1]);

    const pretender = await addMember(server, made[0].organization.id, 'platform-admin');
    const none = await json(await server.request('GET', '/api/organizations', { apiKey: pretender.apiKey }));
    expect(none).toEqual({ items: [], nextCursor: null });
    expect(await status('GET', `/api/organizations/${made[1].organization.id}`, pretender.apiKey)).toBe(404);
    const body = { name: 'Mine', administrator: { email: 'a@example.org' } };
    expect(await status('POST', '/api/organizations', pretender.apiKey, body)).toBe(403);
    expect(await status('POST', `/api/organizations/${made[1].organization.id}/suspend`, pretender.apiKey)).toBe(404);
    expect(await status('POST', `/api/organizations/${made[0].organization.id}/suspend`, pretender.apiKey)).toBe(404);
    expect((await json(await server.request('GET', '/api/organizations?limit=200'))).items).toHaveLength(ids.length);
  });

  it('ACC-1: no database role of the product reads another organization, with the function neither', async () => {
    const made = await make('Direct');
    for (const role of ['qv_app', 'qv_auth', 'qv_worker', 'qv_audit', 'qv_sequencer'] as const) {
      const client = await server.database.connectAs(role);
      for (const tenant of [made.organization.id, null]) {
        if (tenant !== null) await client.query("SELECT set_config('qv.tenant', $1, false)", [tenant]);
        const rows = await client
          .query('SELECT id FROM platform_organizations(NULL, NULL, 1000)')
          .then((result) => result.rows)
          .catch((error: Error) => error.message);
        if (role === 'qv_app') expect(rows).toEqual([]);
        else expect(rows).toMatch(/permission denied/);
        await client.query("SELECT set_config('qv.tenant', '', false)");
      }
      await client.end();
    }
  });

  it('ACC-1: a suspended organization answers nobody until it is resumed', async () => {
    const made = await make('Sleepers');
    const { apiKey } = made.administrator;
    const { id } = made.organization;
    expect(await status('GET', '/api/whoami', apiKey)).toBe(200);
    const suspended = await server.request('POST', `/api/organizations/${id}/suspend`);
    expect(await json(suspended)).toMatchObject({ id, status: 'suspended', version: 2 });
    expect(await status('GET', '/api/whoami', apiKey)).toBe(401);
    expect(await status('GET', `/api/organizations/${id}`)).toBe(200);
    expect(await status('POST', `/api/organizations/${id}/suspend`)).toBe(200);
    expect(await status('POST', `/api/organizations/${id}/resume`)).toBe(200);
    expect(await status('GET', '/api/whoami', apiKey)).toBe(200);
    expect(await status('POST', `/api/organizations/${server.signIn.organizationId}/suspend`)).toBe(409);
    expect(await status('POST', `/api/organizations/${missing}/suspend`)).toBe(404);
  });

  it('ACC-1: an organization is renamed by its own administrator alone', async () => {
    const made = await make('Old name');
    const { id } = made.organization;
    const rename = (apiKey: string | undefined, version: number) =>
      server.request('PATCH', `/api/organizations/${id}`, {
        ...(apiKey === undefined ? {} : { apiKey }),
        body: { name: 'New name' },
        headers: { 'if-match': `"${version}"` },
      });
    expect((await rename(undefined, 1)).status).toBe(404);
    expect((await rename(made.administrator.apiKey, 7)).status).toBe(412);
    expect(await json(await rename(made.administrator.apiKey, 1))).toMatchObject({ name: 'New name', version: 2 });
  });
});
