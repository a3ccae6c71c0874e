import { vi } from 'vitest';
import type { TestServer } from '../../harness/server.ts';

/** Makes one thing of each kind in the first organization, with the routes of the product, and waits until its jobs are done. */
export async function makeBelongings(server: TestServer): Promise<void> {
  const { client } = server;
  const policies = (await client.listPolicies({})).items;
  const policy = policies.find(({ name }) => name === 'hybrid-default') ?? policies[0];
  if (policy === undefined) throw new Error('no policy');
  const kinds = ['data-store', 'tls-endpoint', 'token-issuer', 'certificate'] as const;
  const assets = [];
  for (const type of kinds) {
    const endpoint = type === 'token-issuer' ? `https://${type}.example.org` : `${type}.example.org:443`;
    assets.push(await client.createAsset({ body: { name: type, type, endpoint } }));
  }
  const jobs = [await client.discoverTls({ body: { targets: ['127.0.0.1:1'] } })];
  for (const { id } of assets.slice(0, 3)) {
    const { job } = await client.applyPolicy({ params: { id }, body: { policyId: policy.id } });
    if (job !== null) jobs.push(job);
  }
  for (const { id } of jobs)
    await vi.waitFor(
      async () => {
        const { status } = await client.getJob({ params: { id } });
        if (status !== 'succeeded') throw new Error(`the job is ${status}`);
      },
      { timeout: 30_000, interval: 100 },
    );
  await client.createPolicy({ body: { name: 'own', spec: policy.spec } });
  const work = { kind: 'protect-asset' as const, assetId: assets[0]?.id ?? '', policyId: policy.id };
  await client.createSchedule({ body: { name: 'yearly', work, cron: '0 3 1 1 *' } });
  const environmentId = (await client.listEnvironments({})).items[0]?.id ?? '';
  const project = await client.createProject({ body: { environmentId, name: 'project' } });
  await client.createService({ body: { projectId: project.id, name: 'service' } });
  await client.createRole({ body: { name: 'own-role', permissions: ['asset.read'] } });
  await client.importTls({
    body: {
      results: [
        {
          host: 'found.example.org',
          port: 443,
          reachable: true,
          versions: ['TLSv1.3'],
          suites: ['TLS_AES_256_GCM_SHA384'],
          groups: ['x25519'],
          preference: 'server',
          chain: [],
          findings: [{ id: 'rule', severity: 'low', message: 'message', remedy: 'remedy' }],
          error: null,
          provenGroup: 'x25519',
          unresolved: [],
        },
      ],
    },
  });
}

/** One id of each kind that an organization has: a row of every table with ids, one for each type of asset. */
export async function idsOf(server: TestServer, organizationId: string): Promise<ReadonlyMap<string, string>> {
  const superuser = await server.database.superuser();
  const tables = await superuser.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c
       JOIN pg_attribute i ON i.attrelid = c.oid AND i.attname = 'id' AND i.atttypid = 'uuid'::regtype
       JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'tenant_id'
      WHERE c.relnamespace = 'qv'::regnamespace AND c.relkind = 'r' ORDER BY 1`,
  );
  const ids = new Map<string, string>([['organization', organizationId]]);
  for (const { name } of tables.rows) {
    const distinct = name === 'asset' ? 'type' : 'tenant_id';
    const rows = await superuser.query<{ kind: string; id: string }>(
      `SELECT DISTINCT ON (${distinct}) ${distinct}::text AS kind, id FROM "${name}" WHERE tenant_id = $1 ORDER BY ${distinct}, id`,
      [organizationId],
    );
    for (const { kind, id } of rows.rows) ids.set(name === 'asset' ? `asset ${kind}` : name, id);
  }
  await superuser.end();
  return ids;
}
