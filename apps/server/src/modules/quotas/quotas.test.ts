import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addMember, addOrganization } from '../../../../../tests/e2e/organizations.ts';
import { startTestServer, type TestServer } from '../../../../../tests/harness/server.ts';

const json = async (response: Response) => JSON.parse(await response.text());

describe('ACC-13: quotas', () => {
  let server: TestServer;
  let made = 0;
  beforeAll(async () => {
    server = await startTestServer({ QV_QUOTA_ASSETS: '500' });
  });
  afterAll(() => server.stop());

  const own = () => server.client.getQuotas({ params: { id: server.signIn.organizationId } });
  const quota = async (kind: string) => {
    const { items } = await own();
    return items.find((item) => item.kind === kind);
  };
  const set = (change: object, id = server.signIn.organizationId) =>
    server.request('PATCH', `/api/organizations/${id}/quotas`, { body: change });
  const createAsset = () => {
    made += 1;
    const body = { name: `store ${made}`, type: 'data-store', endpoint: `postgres://store-${made}` };
    return server.request('POST', '/api/assets/manual', { body });
  };

  it('ACC-13: every quota is listed with its limit and what is used of it', async () => {
    const { items } = await own();
    expect(items.map(({ kind }) => kind)).toEqual([
      'requests-per-minute',
      'requests-per-day',
      'assets',
      'keys',
      'jobs',
      'api-keys',
      'users',
      'storage-bytes',
    ]);
    expect(await quota('assets')).toEqual({ kind: 'assets', limit: 500, used: 0, isOverride: false });
    expect(await quota('users')).toMatchObject({ used: 1 });
    expect(await quota('api-keys')).toMatchObject({ used: 1 });
  });

  it('ACC-13: what is added counts, what leaves counts no more', async () => {
    const before = (await quota('assets'))?.used ?? 0;
    const asset = await json(await createAsset());
    expect((await quota('assets'))?.used).toBe(before + 1);
    await server.client.archiveAsset({ params: { id: asset.id } });
    expect((await quota('assets'))?.used).toBe(before);
  });

  it('ACC-13: a used up quota refuses with which, how much and why, is recorded, and changes nothing', async () => {
    const used = (await quota('assets'))?.used ?? 0;
    expect((await set({ assets: used })).status).toBe(200);
    expect(await quota('assets')).toEqual({ kind: 'assets', limit: used, used, isOverride: true });
    const refused = await createAsset();
    expect(refused.status).toBe(403);
    const problem = await json(refused);
    expect(problem.code).toBe('QUOTA_EXCEEDED');
    expect(problem.detail).toBe(
      `The quota assets of the organization is used up: ${used} of ${used}. A platform administrator can raise it.`,
    );
    expect((await quota('assets'))?.used).toBe(used);
    const [event] = (await server.client.listAudit({ query: { action: 'quota.exceeded', limit: 1 } })).items;
    expect(event).toMatchObject({ outcome: 'refused', details: { quota: 'assets', limit: used, used } });
    expect((await set({ assets: null })).status).toBe(200);
    expect(await quota('assets')).toMatchObject({ limit: 500, isOverride: false });
    expect((await createAsset()).status).toBe(201);
  });

  it('ACC-13: of many at once exactly as many succeed as there is room for', async () => {
    const used = (await quota('assets'))?.used ?? 0;
    await set({ assets: used + 5 });
    const answers = await Promise.all(Array.from({ length: 30 }, createAsset));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(5);
    expect(statuses.filter((status) => status === 403)).toHaveLength(25);
    expect((await quota('assets'))?.used).toBe(used + 5);
    await set({ assets: null });
  });

  it('ACC-13: jobs, keys and stored bytes count when protections are made', async () => {
    const asset = await json(await createAsset());
    const [policy] = (await server.client.listPolicies({})).items.filter(({ name }) => name === 'hybrid-default');
    const apply = () =>
      server.request('POST', `/api/assets/${asset.id}/apply-policy`, { body: { policyId: policy?.id } });
    await set({ jobs: 0 });
    expect(await json(await apply())).toMatchObject({ code: 'QUOTA_EXCEEDED' });
    await set({ jobs: null });
    const { job } = await json(await apply());
    const isDone = async () =>
      expect((await server.client.getJob({ params: { id: job.id } })).status).toBe('succeeded');
    await vi.waitFor(isDone, { timeout: 20_000 });
    expect((await quota('jobs'))?.used).toBe(0);
    expect((await quota('keys'))?.used).toBeGreaterThan(0);
    expect((await quota('storage-bytes'))?.used).toBeGreaterThan(0);
  });

  it('ACC-13: the notes are what a count of the rows gives, for every kind and organization', async () => {
    await addOrganization(server, { name: 'Counted', role: 'organization-admin' });
    await addMember(server, server.signIn.organizationId, 'auditor');
    const client = await server.database.superuser();
    const { rows } = await client.query(
      `WITH counted AS (
         SELECT tenant_id, 'assets' AS kind, count(*) AS n FROM asset WHERE archived_at IS NULL GROUP BY 1
         UNION ALL SELECT tenant_id, 'keys', count(*) FROM asset_key GROUP BY 1
         UNION ALL SELECT tenant_id, 'jobs', count(*) FROM job WHERE finished_at IS NULL GROUP BY 1
         UNION ALL SELECT tenant_id, 'api-keys', count(*) FROM api_key WHERE revoked_at IS NULL GROUP BY 1
         UNION ALL SELECT tenant_id, 'users', count(*) FROM subject WHERE kind = 'user' AND status <> 'offboarded' GROUP BY 1
         UNION ALL SELECT tenant_id, 'storage-bytes', sum(bytes) FROM (
           SELECT tenant_id, octet_length(content::text) AS bytes FROM protection_artifact
           UNION ALL SELECT tenant_id, octet_length(wrapped) + coalesce(octet_length(public_key), 0) FROM asset_key
           UNION ALL SELECT tenant_id, octet_length(chain_pem) FROM issued_certificate) AS stored GROUP BY 1),
       kept AS (SELECT tenant_id, kind, sum(used) AS n FROM (
           SELECT tenant_id, kind, used FROM quota_use UNION ALL SELECT tenant_id, kind, change FROM quota_note) AS parts
         GROUP BY 1, 2)
       SELECT tenant_id, kind, coalesce(counted.n, 0)::int AS counted, coalesce(kept.n, 0)::int AS kept
         FROM counted FULL JOIN kept USING (tenant_id, kind)`,
    );
    await client.end();
    expect(rows.length).toBeGreaterThanOrEqual(8);
    expect(rows.filter(({ counted, kept }) => counted !== kept)).toEqual([]);
  });

  it('ACC-13: two who need the same rows and quotas in opposite orders do not wait for each other in a circle', async () => {
    const { organizationId, userId } = await addOrganization(server, { name: 'Circle', role: 'auditor' });
    const one = await server.database.superuser();
    const other = await server.database.superuser();
    const job = (client: typeof one) =>
      client.query(
        "INSERT INTO job (id, tenant_id, kind, input, requested_by, run_at) VALUES (gen_random_uuid(), $1, 'scan-tls', '{}', $2, 'infinity')",
        [organizationId, userId],
      );
    const key = (client: typeof one) =>
      client.query(
        `INSERT INTO api_key (id, tenant_id, subject_id, name, prefix, secret_hash)
         VALUES (gen_random_uuid(), $1, $2, 'k', 'q' || substr(md5(random()::text), 1, 11), sha256('x'))`,
        [organizationId, userId],
      );
    const environment = (client: typeof one) =>
      client.query('UPDATE environment SET name = name WHERE tenant_id = $1', [organizationId]);
    for (const client of [one, other])
      await client.query('SET qv.quota_jobs = 100; SET qv.quota_api_keys = 100; BEGIN');
    await job(one);
    await key(other);
    await environment(other);
    await key(one);
    await job(other);
    const waits = environment(one);
    await other.query('COMMIT');
    await waits;
    await one.query('COMMIT');
    const path = `/api/organizations/${organizationId}/quotas`;
    const { items } = await json(await server.request('GET', path));
    expect(items).toContainEqual(expect.objectContaining({ kind: 'jobs', used: 2 }));
    await one.end();
    await other.end();
  });

  it('ACC-13: whoever sees the last place taken at the end of a transaction is refused there, with nothing kept', async () => {
    const { organizationId, userId } = await addOrganization(server, { name: 'Last place', role: 'auditor' });
    expect((await set({ jobs: 1 }, organizationId)).status).toBe(200);
    const one = await server.database.superuser();
    const other = await server.database.superuser();
    const insertion = `INSERT INTO job (id, tenant_id, kind, input, requested_by, run_at)
      VALUES (gen_random_uuid(), '${organizationId}', 'scan-tls', '{}', '${userId}', 'infinity')`;
    for (const client of [one, other]) await client.query(`BEGIN; ${insertion}`);
    await one.query('COMMIT');
    await expect(other.query('COMMIT')).rejects.toMatchObject({
      code: 'QV001',
      detail: '{"quota" : "jobs", "limit" : 1, "used" : 1}',
    });
    const { rows } = await other.query('SELECT count(*)::int AS jobs FROM job WHERE tenant_id = $1', [organizationId]);
    expect(rows).toEqual([{ jobs: 1 }]);
    await expect(other.query(insertion)).rejects.toMatchObject({ code: 'QV001' });
    await one.query("UPDATE job SET status = 'cancelled', finished_at = now() WHERE tenant_id = $1", [organizationId]);
    await other.query(insertion);
    await one.end();
    await other.end();
  });

  it('ACC-13: only the platform sets quotas; an administrator of another organization finds none to set', async () => {
    const other = await addOrganization(server, { name: 'Other', role: 'platform-admin' });
    const theirs = (id: string) =>
      server.request('PATCH', `/api/organizations/${id}/quotas`, { apiKey: other.apiKey, body: { assets: 1 } });
    expect((await theirs(other.organizationId)).status).toBe(404);
    expect((await theirs(server.signIn.organizationId)).status).toBe(404);
    const member = await addMember(server, server.signIn.organizationId, 'organization-admin');
    const theirOwn = await server.request('PATCH', `/api/organizations/${server.signIn.organizationId}/quotas`, {
      apiKey: member.apiKey,
      body: { assets: 1 },
    });
    expect(theirOwn.status).toBe(403);
    expect((await set({ assets: 7 }, other.organizationId)).status).toBe(200);
    const path = `/api/organizations/${other.organizationId}/quotas`;
    const seen = await json(await server.request('GET', path, { apiKey: other.apiKey }));
    expect((await json(await server.request('GET', path))).items).toEqual(seen.items);
    expect((await server.request('GET', path, { apiKey: member.apiKey })).status).toBe(404);
    expect(seen.items).toContainEqual({ kind: 'assets', limit: 7, used: 0, isOverride: true });
    expect(await quota('assets')).toMatchObject({ limit: 500 });
  });

  it('ACC-13: an organization that sends too much is told to wait, whoever of it sends, and others are not', async () => {
    const busy = await addOrganization(server, { name: 'Busy', role: 'organization-admin' });
    const colleague = await addMember(server, busy.organizationId, 'auditor');
    expect((await set({ 'requests-per-minute': 10 }, busy.organizationId)).status).toBe(200);
    const ask = (apiKey: string) => server.request('GET', '/api/whoami', { apiKey });
    const isRefused = async () => {
      const answers = [];
      for (let at = 0; at < 12; at += 1) answers.push(await ask(at % 2 === 0 ? busy.apiKey : colleague.apiKey));
      const refused = answers.find(({ status }) => status === 429);
      expect(refused?.headers.get('retry-after')).toMatch(/^[0-9]+$/);
      expect(refused?.headers.get('ratelimit-policy')).toContain('"organization-minute";q=10;w=60');
      expect(refused?.headers.get('ratelimit')).toMatch(/^"organization-minute";r=0;t=[0-9]+$/);
      expect((await json(refused ?? new Response('{}'))).code).toBe('QUOTA_REQUESTS_EXCEEDED');
    };
    await vi.waitFor(isRefused, { timeout: 20_000, interval: 1_000 });
    expect((await server.request('GET', '/api/whoami')).status).toBe(200);
  });
});
