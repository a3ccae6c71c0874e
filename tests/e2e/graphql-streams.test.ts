import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { type Message, subscribe, within } from './graphql-stream.ts';
import { addMember, addOrganization } from './organizations.ts';

describe('IFC-2: subscriptions', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ QV_RATE_LIMIT_PER_MINUTE: '1000000' });
  });
  afterAll(() => server.stop());

  it('IFC-2: the tail of the audit log brings each new event once, and nothing of another organization', async () => {
    const stranger = await addOrganization(server, { name: 'Strangers', role: 'organization-admin' });
    const stream = await subscribe(
      server,
      'subscription { listAudit(action: "asset.created") { id action resource { id } } }',
    );
    expect(stream.status).toBe(200);
    // The first look is over before anything is made.
    await new Promise((settle) => setTimeout(settle, 1_200));
    const made: string[] = [];
    for (const name of ['one', 'two', 'three']) {
      const body = { name, type: 'data-store' as const, endpoint: `postgres://${name}` };
      made.push((await server.client.createAsset({ body })).id);
      await server.request('POST', '/api/assets/manual', { body, apiKey: stranger.apiKey });
    }
    const ids = () =>
      stream.messages.map(({ data }) => (data?.listAudit as { resource: { id: string } } | undefined)?.resource.id);
    await vi.waitFor(() => expect(ids()).toEqual(made), within(10_000));
    await new Promise((settle) => setTimeout(settle, 1_500));
    expect(ids()).toEqual(made);
    stream.close();
  });

  it('IFC-2: the progress of a job comes when it changes, to its end', async () => {
    const job = await server.client.discoverTls({ body: { targets: ['127.0.0.1:1'] } });
    const stream = await subscribe(server, `subscription { getJob(id: "${job.id}") { status progress } }`);
    const last = () => stream.messages.at(-1)?.data?.getJob;
    await vi.waitFor(() => expect(last()).toEqual({ status: 'succeeded', progress: 100 }), within(20_000));
    const seen = stream.messages.map(({ data }) => JSON.stringify(data));
    expect(new Set(seen).size).toBe(seen.length);
    stream.close();
  });

  it('attack case 4: a stream ends with its right, its key or its owner, and brings nothing after that', async () => {
    const superuser = await server.database.superuser();
    const ends = [
      ['UPDATE access_grant SET expires_at = now() WHERE subject_id = $1', 'ACCESS_DENIED'],
      ['UPDATE access_grant SET revoked_at = now() WHERE subject_id = $1', 'ACCESS_DENIED'],
      ['UPDATE api_key SET revoked_at = now() WHERE subject_id = $1', 'IDENTITY_UNAUTHENTICATED'],
      ["UPDATE subject SET status = 'suspended' WHERE id = $1", 'IDENTITY_UNAUTHENTICATED'],
    ] as const;
    for (const [sql, code] of ends) {
      const member = await addMember(server, server.signIn.organizationId, 'auditor');
      const query = 'subscription { listAudit(action: "asset.created") { id } }';
      const stream = await subscribe(server, query, member.apiKey);
      await new Promise((settle) => setTimeout(settle, 1_200));
      expect({ sql, messages: stream.messages }).toEqual({ sql, messages: [] });
      await superuser.query(sql, [member.userId]);
      await vi.waitFor(() => expect(stream.isComplete()).toBe(true), within(10_000));
      expect({ sql, messages: stream.messages }).toMatchObject({
        sql,
        messages: [{ errors: [{ extensions: { code } }] }],
      });
      const body = { name: `after ${sql}`, type: 'data-store' as const, endpoint: `postgres://${member.userId}` };
      await server.client.createAsset({ body });
      expect(stream.messages).toHaveLength(1);
    }
    await superuser.end();
  });

  it('ACC-1: what a role may not read it may not watch, a foreign job is a missing one, and nobody watches without a key', async () => {
    const member = await addMember(server, server.signIn.organizationId, 'organization-user');
    const stream = await subscribe(server, 'subscription { listAudit { id } }', member.apiKey);
    await vi.waitFor(() => expect(stream.isComplete()).toBe(true), within(5_000));
    expect(stream.messages).toMatchObject([{ errors: [{ extensions: { code: 'ACCESS_DENIED' } }] }]);
    const job = await server.client.discoverTls({ body: { targets: ['127.0.0.1:1'] } });
    const stranger = await addOrganization(server, { name: 'Others', role: 'organization-admin' });
    const foreign = await subscribe(server, `subscription { getJob(id: "${job.id}") { id } }`, stranger.apiKey);
    await vi.waitFor(() => expect(foreign.isComplete()).toBe(true), within(5_000));
    expect(foreign.messages).toMatchObject([{ errors: [{ extensions: { code: 'JOBS_NOT_FOUND' } }] }]);
    expect((await subscribe(server, 'subscription { listAudit { id } }', 'qv_x')).status).toBe(401);
  });

  it('IFC-2: five streams for an actor, the sixth is 429; one that was closed makes room', async () => {
    const query = 'subscription { listAudit { id } }';
    const auditor = await addMember(server, server.signIn.organizationId, 'auditor');
    const open = await Promise.all(Array.from({ length: 5 }, () => subscribe(server, query, auditor.apiKey)));
    expect(open.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await subscribe(server, query, auditor.apiKey)).status).toBe(429);
    open[0]?.close();
    const again = async () => {
      const stream = await subscribe(server, query, auditor.apiKey);
      expect(stream.status).toBe(200);
      open.push(stream);
    };
    await vi.waitFor(again, within(5_000));
    for (const stream of open) stream.close();
  });

  it('IFC-2: a subscription asked for as JSON is told how to ask; two fields in one are refused', async () => {
    const ask = async (query: string) => {
      const response = await server.request('POST', '/graphql', { body: { query } });
      return ((await response.json()) as Message).errors?.[0]?.extensions.code;
    };
    expect(await ask('subscription { listAudit { id } }')).toBe('GRAPHQL_STREAM_NEEDED');
    expect(await ask('subscription { a: listAudit { id } b: listAudit { id } }')).toBe('GRAPHQL_INVALID');
  });

  it('IFC-2: a stop of the server ends streams instead of waiting for them', async () => {
    const other = await startTestServer();
    const stream = await subscribe(other, 'subscription { listAudit { id } }');
    await other.stop();
    expect(stream.isComplete()).toBe(true);
  });
});
