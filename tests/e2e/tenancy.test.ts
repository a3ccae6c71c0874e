import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { memberPermissions, permissionsOfRole, type Role } from '../../apps/server/src/kernel/permissions.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import {
  bodySchema,
  fillPath,
  fingerprint,
  isIdSchema,
  missingId,
  neededHeaders,
  needsKey,
  type Route,
  readRoutes,
  sampleBody,
} from './openapi.ts';
import { addMember, addOrganization, type Member } from './organizations.ts';

// Attack case 1: every route times every id of a foreign organization answers exactly like an id that does not exist.
// Generated from the server's own OpenAPI description.

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer without what differs between any two requests. */
async function comparable(response: Response, sent: string): Promise<Answer> {
  const requestId = response.headers.get('x-request-id') ?? '-';
  const headers = Object.fromEntries(
    [...response.headers].filter(([name]) => !['x-request-id', 'date', 'ratelimit'].includes(name)),
  );
  const text = (await response.text()).replaceAll(requestId, '<request>').replaceAll(sent, '<id>');
  return { status: response.status, headers, body: text };
}

const permissionOf = (route: Route): string => route.operation['x-permission'] ?? '';
const mayOf = (role: Role, route: Route): boolean =>
  isMembers(route) || (permissionsOfRole[role] as readonly string[]).includes(permissionOf(route));
const isMembers = (route: Route): boolean => (memberPermissions as readonly string[]).includes(permissionOf(route));

const scanWithFinding = {
  host: 'found.example.org',
  port: 443,
  reachable: true,
  versions: ['TLSv1.3' as const],
  suites: ['TLS_AES_256_GCM_SHA384'],
  groups: ['x25519'],
  preference: 'server' as const,
  chain: [],
  findings: [{ id: 'secret-rule', severity: 'low' as const, message: 'secret message', remedy: 'secret remedy' }],
  error: null,
  provenGroup: 'x25519',
  unresolved: [],
};

/** A request of the administrator's for the approval of deleting a policy; nothing is under approval afterwards. */
async function requestOfApproval(server: TestServer, policyId: string): Promise<string> {
  const sql = await server.database.superuser();
  await sql.query(
    `INSERT INTO approval_policy (tenant_id, operation, quorum, expires_in_seconds, signature_required, reason_required, updated_by)
     VALUES ($1, 'policy.delete', 1, 3600, false, false, $1)`,
    [server.signIn.organizationId],
  );
  const refused = await server.request('DELETE', `/api/policies/${policyId}`);
  await sql.query('DELETE FROM approval_policy');
  await sql.end();
  return JSON.parse(await refused.text()).approvalId;
}

describe('tenancy', () => {
  let server: TestServer;
  let routes: Route[];
  let stranger: Member & { environmentId: string };
  /** What the first organization has, by kind. */
  let foreign: Record<string, string>;
  let ownAsset: string;
  let ownPolicy: string;

  beforeAll(async () => {
    server = await startTestServer({ QV_RATE_LIMIT_PER_MINUTE: '1000000' });
    routes = (await readRoutes(server)).filter(needsKey);
    const { client } = server;
    const policies = (await client.listPolicies({})).items;
    const policy = policies.find(({ name }) => name === 'hybrid-default') ?? policies[0];
    if (policy === undefined) throw new Error('no policy');
    const own = await client.createPolicy({ body: { name: 'secret plan', spec: policy.spec } });
    const store = await client.createAsset({
      body: { name: 'secret store', type: 'data-store', endpoint: 'postgres://secret' },
    });
    const endpoint = await client.createAsset({
      body: { name: 'secret endpoint', type: 'tls-endpoint', endpoint: 'secret.example.org:443' },
    });
    const issuer = await client.createAsset({
      body: { name: 'secret issuer', type: 'token-issuer', endpoint: 'https://issuer.secret.example.org' },
    });
    const jobs = [];
    for (const asset of [store, endpoint, issuer]) {
      const { job } = await client.applyPolicy({ params: { id: asset.id }, body: { policyId: policy.id } });
      if (job === null) throw new Error('no job');
      jobs.push(job);
    }
    for (const { id } of jobs) {
      const isDone = async () => expect((await client.getJob({ params: { id } })).status).toBe('succeeded');
      await vi.waitFor(isDone, { timeout: 20_000 });
    }
    const scan = await client.discoverTls({ body: { targets: ['127.0.0.1:1'] } });
    const isScanned = async () => expect((await client.getJob({ params: { id: scan.id } })).status).toBe('succeeded');
    await vi.waitFor(isScanned, { timeout: 20_000 });
    const [scanned] = (await client.importTls({ body: { results: [scanWithFinding] } })).items;
    const [finding] = (await client.listFindings({ query: { assetId: scanned?.id ?? '' } })).items;
    const schedule = await client.createSchedule({
      body: {
        name: 'secret schedule',
        work: { kind: 'protect-asset', assetId: store.id, policyId: policy.id },
        cron: '0 3 1 1 *',
      },
    });
    const environment = (await client.listEnvironments({})).items[0];
    const project = await client.createProject({
      body: { environmentId: environment?.id ?? '', name: 'secret project' },
    });
    const service = await client.createService({ body: { projectId: project.id, name: 'secret service' } });
    const who = await client.whoAmI({});
    const robot = await client.createServiceAccount({ body: { name: 'secret robot' } });
    const key = await client.createApiKey({ body: { serviceAccountId: robot.id, name: 'secret key' } });
    const role = await client.createRole({ body: { name: 'secret-role', permissions: ['asset.read'] } });
    const grant = (await client.listGrants({})).items[0];
    const event = (await client.listAudit({ query: { action: 'asset.created' } })).items[0];
    foreign = {
      'data store': store.id,
      'TLS endpoint': endpoint.id,
      'token issuer': issuer.id,
      'built-in policy': policy.id,
      policy: own.id,
      job: jobs[0]?.id ?? '',
      schedule: schedule.id,
      role: role.id ?? '',
      grant: grant?.id ?? '',
      environment: environment?.id ?? '',
      project: project.id,
      service: service.id,
      'service account': robot.id,
      'API key': key.key.id,
      organization: who.organizationId,
      user: who.actorId,
      event: event?.id ?? '',
      finding: finding?.id ?? '',
      scan: scan.id,
      approval: await requestOfApproval(server, own.id),
    };
    expect(Object.values(foreign).filter((id) => !/^[0-9a-f-]{36}$/.test(id))).toEqual([]);

    stranger = await addOrganization(server, { name: 'Strangers', role: 'platform-admin' });
    const asset = await ask('POST', '/api/assets/manual', {
      body: { name: 'own', type: 'data-store', endpoint: 'postgres://own' },
    });
    ownAsset = JSON.parse(await asset.text()).id;
    const policiesOfStranger = await ask('GET', '/api/policies');
    ownPolicy = JSON.parse(await policiesOfStranger.text()).items[0].id;
  });
  afterAll(() => server.stop());

  const ask = (method: string, path: string, options: { body?: unknown; headers?: Record<string, string> } = {}) =>
    server.request(method.toUpperCase(), path, { ...options, apiKey: stranger.apiKey });

  const firstState = async () => {
    const client = await server.database.superuser();
    const result: Record<string, unknown> = {};
    for (const table of [
      'asset',
      'asset_finding',
      'scan_run',
      'scan_target',
      'job',
      'job_schedule',
      'approval_request',
      'approval_vote',
      'protection_policy',
      'protection_policy_version',
      'environment',
      'project',
      'service',
      'service_account',
      'protection_artifact',
      'asset_key',
    ]) {
      const rows = await client.query(
        `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS sum FROM qv.${table} t WHERE tenant_id = $1`,
        [foreign.organization],
      );
      result[table] = rows.rows[0];
    }
    await client.end();
    return result;
  };

  it('ACC-1: every route with an id of another organization in its path answers exactly as for an id of nothing', async () => {
    const before = await firstState();
    const withId = routes.filter(({ path }) => path.includes('{'));
    expect(withId.length).toBeGreaterThan(10);
    const differences: unknown[] = [];
    for (const route of withId) {
      const body = sampleBody(route);
      const options = { headers: neededHeaders(route), ...(body === undefined ? {} : { body }) };
      const send = async (id: string) => comparable(await ask(route.method, fillPath(route.path, id), options), id);
      const nothing = await send(missingId);
      expect({ route: route.operation.operationId, status: nothing.status }).toEqual({
        route: route.operation.operationId,
        // ACC-5: an API key changes no second factor, of whichever id.
        status: route.operation.operationId === 'removePasskey' ? 403 : 404,
      });
      for (const [kind, id] of Object.entries(foreign)) {
        const answer = await send(id);
        if (JSON.stringify(answer) !== JSON.stringify(nothing))
          differences.push({ route: route.operation.operationId, kind, answer, nothing });
      }
    }
    expect(differences).toEqual([]);
    expect(await firstState()).toEqual(before);
  });

  it('ACC-1: an id of another organization in a query or a body is an id of nothing as well', async () => {
    const before = await firstState();
    const differences: unknown[] = [];
    let places = 0;
    const compare = async (place: string, send: (id: string) => Promise<Answer>) => {
      places += 1;
      const nothing = await send(missingId);
      for (const [kind, id] of Object.entries(foreign)) {
        const answer = await send(id);
        // Asking for a foreign id is recorded, for oneself: that record is all that the audit knows of the id.
        if (place === 'listAudit ?resourceId') {
          expect(answer.body).not.toContain('success');
          continue;
        }
        if (JSON.stringify(answer) !== JSON.stringify(nothing)) differences.push({ place, kind, answer, nothing });
      }
    };
    for (const route of routes) {
      const target = fillPath(route.path, ownAsset);
      const { operationId, parameters } = route.operation;
      for (const { name } of parameters.filter(
        (parameter) => parameter.in === 'query' && isIdSchema(parameter.schema),
      )) {
        await compare(`${operationId} ?${name}`, async (id) =>
          comparable(await ask(route.method, `${target}?${name}=${id}`), id),
        );
      }
      for (const [name, schema] of Object.entries(bodySchema(route)?.properties ?? {})) {
        if (!isIdSchema(schema)) continue;
        const good = {
          ...sampleBody(route),
          ...('policyId' in (sampleBody(route) ?? {}) ? { policyId: ownPolicy } : {}),
        };
        await compare(`${operationId} body.${name}`, async (id) =>
          comparable(
            await ask(route.method, target, { headers: neededHeaders(route), body: { ...good, [name]: id } }),
            id,
          ),
        );
      }
    }
    expect(differences).toEqual([]);
    // applyPolicy.policyId, three environmentId, listJobs.assetId, listAudit.resourceId
    expect(places).toBeGreaterThanOrEqual(6);
    expect(await firstState()).toEqual(before);
  });

  it('ACC-1: no listing, export, proof, status or metric of one organization names anything of another', async () => {
    const secrets = [
      ...Object.values(foreign),
      'secret store',
      'secret endpoint',
      'secret plan',
      'secret.example.org',
      'postgres://secret',
    ];
    // Its own requests named these ids in the tests before: such refusals and their resource are its own events.
    const asked = new Set(Object.values(foreign));
    for (const { path, method } of routes.filter((route) => route.method === 'get' && !route.path.includes('{'))) {
      const response = await ask(method, path);
      const text = await response.text();
      expect({ path, status: response.status }).toEqual({ path, status: 200 });
      const found = secrets.filter((secret) => text.includes(secret));
      const leaked = path.startsWith('/api/audit') ? found.filter((secret) => !asked.has(secret)) : found;
      expect({ path, leaked }).toEqual({ path, leaked: [] });
    }
    const all: { tenant: string }[] = (await (await ask('GET', '/api/audit/export')).text())
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line))
      .flatMap((line) => (line.view === undefined ? [] : [line.view]));
    expect(all.length).toBeGreaterThan(0);
    expect(new Set(all.map(({ tenant }) => tenant))).toEqual(new Set([stranger.organizationId]));
  });

  it('ACC-1: listings hold what is one’s own and nothing else, archived things included', async () => {
    const items = async (path: string): Promise<{ id: string }[]> =>
      JSON.parse(await (await ask('GET', path)).text()).items;
    expect((await items('/api/assets?includeArchived=true&limit=200')).map(({ id }) => id)).toContain(ownAsset);
    const seen = [
      ...(await items('/api/assets?includeArchived=true&limit=200')),
      ...(await items('/api/jobs?limit=200')),
      ...(await items('/api/policies?limit=200')),
      ...(await items('/api/environments?limit=200')),
    ].map(({ id }) => id);
    expect(Object.values(foreign).filter((id) => seen.includes(id))).toEqual([]);
    const jobsOfForeign = await items(`/api/jobs?assetId=${foreign['data store']}`);
    expect(jobsOfForeign).toEqual([]);
  });

  it('ACC-1: a cursor taken from another organization’s listing shows nothing of it', async () => {
    for (const listing of ['/api/assets', '/api/policies', '/api/audit']) {
      const page = JSON.parse(await (await server.request('GET', `${listing}?limit=1`)).text());
      expect(page.nextCursor).not.toBeNull();
      const text = await (await ask('GET', `${listing}?limit=200&cursor=${page.nextCursor}`)).text();
      expect(text).not.toMatch(/secret (store|endpoint|plan)/);
    }
  });

  it('ACC-1: an Idempotency-Key of another organization is no key at all', async () => {
    const headers = { 'idempotency-key': 'shared-between-tenants' };
    const mine = await server.request('POST', '/api/assets/manual', {
      body: { name: 'mine', type: 'data-store', endpoint: 'postgres://mine' },
      headers,
    });
    const theirs = await ask('POST', '/api/assets/manual', {
      body: { name: 'theirs', type: 'data-store', endpoint: 'postgres://theirs' },
      headers,
    });
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(JSON.parse(await theirs.text()).name).toBe('theirs');
  });

  it('ACC-1: the same endpoint and the same policy name exist once in each organization', async () => {
    const body = { name: 'secret store', type: 'data-store', endpoint: 'postgres://secret' };
    expect((await ask('POST', '/api/assets/manual', { body })).status).toBe(201);
    const spec = JSON.parse(await (await ask('GET', `/api/policies/${ownPolicy}`)).text()).spec;
    expect((await ask('POST', '/api/policies', { body: { name: 'secret plan', spec } })).status).toBe(201);
  });

  it('ACC-6, AUD-1: an auditor reads everything and changes nothing; each refusal is durable before its answer', async () => {
    const auditor = await addMember(server, server.signIn.organizationId, 'auditor');
    const superuser = await server.database.superuser();
    const before = await fingerprint(server);
    const allowed = new Set<string>();
    const refused = new Set<string>();
    const ownPolicySpec = async () => {
      const [policy] = (await server.client.listPolicies({})).items;
      if (policy === undefined) throw new Error('no policy');
      return policy;
    };
    const idsByOperation: Partial<Record<string, string | undefined>> = {
      getOrganization: foreign.organization,
      getQuotas: foreign.organization,
      getEnvironment: foreign.environment,
      getProject: foreign.project,
      getService: foreign.service,
      getPolicy: foreign.policy,
      getJob: foreign.job,
      getScan: foreign.scan,
      listScanTargets: foreign.scan,
      getSchedule: foreign.schedule,
      getApproval: foreign.approval,
      getApprovalEvidence: foreign.approval,
      listApprovers: foreign.approval,
      getRole: foreign.role,
      getGrant: foreign.grant,
      getServiceAccount: foreign['service account'],
      getJwks: foreign['token issuer'],
      getAuditEvent: foreign.event,
      proveAuditEvent: foreign.event,
      listUserSessions: foreign.user,
      getUser: (await server.client.whoAmI()).actorId,
    };
    try {
      for (const route of routes) {
        const { operationId } = route.operation;
        // What every member may do for itself is no reading, and not this test's matter.
        if (isMembers(route) && route.method !== 'get') continue;
        // A choice of algorithms that fit together cannot be made from the schema alone.
        const body = operationId === 'simulatePolicy' ? { spec: (await ownPolicySpec()).spec } : sampleBody(route);
        const target = fillPath(route.path, idsByOperation[operationId] ?? foreign['data store'] ?? '');
        const response = await server.request(route.method.toUpperCase(), target, {
          headers: neededHeaders(route),
          ...(body === undefined ? {} : { body }),
          apiKey: auditor.apiKey,
        });
        // Asked before the body of the answer is read: the event must be there already.
        const events = await superuser.query(
          "SELECT outcome, actor_id FROM audit_event WHERE request_id = $1 AND action = 'access.refused'",
          [response.headers.get('x-request-id')],
        );
        const text = await response.text();
        const facts = { operationId, status: response.status, events: events.rows };
        if (mayOf('auditor', route)) {
          expect(facts).toEqual({ operationId, status: 200, events: [] });
          allowed.add(operationId);
        } else {
          expect(facts).toEqual({
            operationId,
            status: 403,
            events: [{ outcome: 'refused', actor_id: auditor.userId }],
          });
          expect(JSON.parse(text).code).toBe('ACCESS_DENIED');
          refused.add(operationId);
        }
      }
    } finally {
      await superuser.end();
    }
    expect(await fingerprint(server)).toEqual(before);
    expect(refused.size).toBeGreaterThanOrEqual(11);
    expect(allowed.size).toBeGreaterThanOrEqual(12);
    // "Reads everything" ends at its own organization: the whole installation's log is not an auditor's.
    const all = await server.request('GET', '/api/audit/export?scope=all', { apiKey: auditor.apiKey });
    expect(all.status).toBe(403);
  });

  it('ACC-6: a role without rights reads nothing but what every member may', async () => {
    const custodian = await addMember(server, server.signIn.organizationId, 'custodian');
    for (const route of routes.filter((candidate) => !isMembers(candidate))) {
      const body = sampleBody(route);
      const response = await server.request(
        route.method.toUpperCase(),
        fillPath(route.path, foreign['data store'] ?? ''),
        {
          headers: neededHeaders(route),
          ...(body === undefined ? {} : { body }),
          apiKey: custodian.apiKey,
        },
      );
      await response.text();
      const { operationId } = route.operation;
      expect({ operationId, status: response.status }).toEqual({ operationId, status: 403 });
    }
  });

  it('ACC-1, attack 27: nobody chooses the tenant: no header, query or body field does', async () => {
    for (const options of [
      { headers: { 'x-tenant-id': foreign.organization ?? '', 'x-organization-id': foreign.organization ?? '' } },
      { headers: { 'qv.tenant': foreign.organization ?? '', cookie: `tenant=${foreign.organization}` } },
    ]) {
      const who = JSON.parse(await (await ask('GET', '/api/whoami', options)).text());
      expect(who.organizationId).toBe(stranger.organizationId);
      const list = await (await ask('GET', '/api/assets', options)).text();
      expect(list).not.toContain(foreign['data store']);
    }
    for (const name of ['tenantId', 'organizationId', 'tenant_id', 'tenant']) {
      const response = await ask('GET', `/api/assets?${name}=${foreign.organization}`);
      expect({ name, status: response.status }).toEqual({ name, status: 400 });
      const body = { name: 'x', type: 'data-store', endpoint: 'postgres://x', [name]: foreign.organization };
      expect({ name, status: (await ask('POST', '/api/assets/manual', { body })).status }).toEqual({
        name,
        status: 400,
      });
    }
  });
});
