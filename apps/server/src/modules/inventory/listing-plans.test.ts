import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../../../../../tests/harness/database.ts';
import { listingsOf, pairsOf } from '../../../../../tools/bench/inventory/filter-matrix.ts';
import { addTenant, environments, largeTenant } from '../../../../../tools/bench/inventory/large-inventory.ts';
import { seedInventory, settle } from '../../../../../tools/bench/inventory/seed-inventory.ts';
import { systemClock } from '../../kernel/clock.ts';
import { systemActor } from '../../kernel/system-actor.ts';
import type { Schema } from '../../platform/postgres/schema.ts';
import { PostgresUnitOfWork } from '../../platform/postgres/unit-of-work.ts';
import { PostgresEndingGrants } from '../access/adapters/postgres-ending-grants.ts';
import { PostgresEndingApiKeys } from '../identity/api-keys/postgres-ending-api-keys.ts';
import { PostgresJobRepository } from '../jobs/adapters/postgres-job-repository.ts';
import { jobKinds, jobStatuses } from '../jobs/domain/job.ts';
import { ListJobs } from '../jobs/usecases/list-jobs.ts';
import { GetOverview } from '../overview/usecases/get-overview.ts';
import { PostgresAssetRepository } from './adapters/postgres-asset-repository.ts';
import { PostgresAssetTally } from './adapters/postgres-asset-tally.ts';
import { PostgresEndingCertificates } from './adapters/postgres-ending-certificates.ts';
import { PostgresFindingRepository } from './adapters/postgres-finding-repository.ts';
import { ListAssets } from './usecases/list-assets.ts';
import { ListFindings } from './usecases/list-findings.ts';

// INV-12, QUA-9: every statement that a listing makes is planned over a large table, as the role that makes it and with
// row-level security in force. The statements are taken from the unit of work itself, so none can be left out.

const large = new Set(['asset', 'asset_term', 'asset_use', 'asset_finding', 'job', 'scan_target']);
const actor = systemActor(largeTenant);

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

describe('plans of listings', () => {
  let database: TestDatabase;
  let explainer: pg.Client;
  let pool: pg.Pool;
  let uow: PostgresUnitOfWork;
  const asked: { sql: string; parameters: readonly unknown[] }[] = [];

  beforeAll(async () => {
    database = await cloneDatabase();
    const superuser = await database.superuser();
    await addTenant(superuser, largeTenant, environments);
    await seedInventory(superuser, {
      tenantId: largeTenant,
      environmentIds: environments,
      assets: 20_000,
      jobs: 20_000,
      findings: 9_000,
    });
    const other = '01920000-0000-7000-8000-000000000002';
    await addTenant(superuser, other, ['01920000-0000-7000-8000-00000000f001', '01920000-0000-7000-8000-00000000f002']);
    await settle(superuser);
    await superuser.end();
    explainer = await database.connectAs('qv_app');
    const { facts, passwords } = database;
    pool = new pg.Pool({
      ...facts,
      ssl: false,
      user: 'qv_app',
      password: passwords.qv_app ?? '',
      options: '-c search_path=qv',
      max: 2,
    });
    const db = new Kysely<Schema>({
      dialect: new PostgresDialect({ pool }),
      log: ({ query }) => {
        asked.push({ sql: query.sql, parameters: query.parameters });
      },
    });
    uow = new PostgresUnitOfWork({
      db,
      appender: {
        prepare: () => Promise.reject(new Error('read only')),
        insert: () => Promise.reject(new Error('read only')),
      },
      newId: () => expect.fail('read only'),
    });
  }, 120_000);
  afterAll(async () => {
    await explainer.end();
    await pool.end();
    await database.close();
  });

  /** What a piece of work asked, planned: the scans that read a whole large table. */
  async function fullScansOf(work: () => Promise<unknown>): Promise<string[]> {
    asked.length = 0;
    await work();
    const found: string[] = [];
    await explainer.query('BEGIN');
    await explainer.query("SELECT set_config('qv.tenant', $1, true)", [largeTenant]);
    const statements = asked.filter(({ sql }) => /\bfrom\b/i.test(sql));
    expect(statements.length).toBeGreaterThan(0);
    for (const { sql, parameters } of statements) {
      const { rows } = await explainer.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (FORMAT JSON) ${sql}`, [
        ...parameters,
      ]);
      const plan = rows[0]?.['QUERY PLAN'][0].Plan ?? expect.fail('no plan');
      for (const node of nodesOf(plan)) {
        if (node['Node Type'] === 'Seq Scan' && large.has(node['Relation Name'] ?? ''))
          found.push(`${node['Relation Name']}: ${sql}`);
      }
    }
    await explainer.query('ROLLBACK');
    return found;
  }

  it('QUA-9: the check itself finds a sequential scan', async () => {
    const scans = await fullScansOf(() =>
      uow.read(largeTenant, async (tx) => {
        const { sqlOf } = await import('../../platform/postgres/unit-of-work.ts');
        await sqlOf(tx).selectFrom('asset').select('id').where('last_seen_at', '<', new Date(0)).execute();
      }),
    );
    expect(scans).toHaveLength(1);
  });

  it('INV-12: no listing of assets reads a whole table, whatever filters it has, on the first page and on later ones', async () => {
    const list = new ListAssets({
      reachOf: () => null,
      authorize: async () => {},
      uow,
      assets: new PostgresAssetRepository(),
    });
    const listings = [...listingsOf(environments[1] ?? ''), ...pairsOf(environments[1] ?? '')];
    const found: string[] = [];
    let later = 0;
    for (const { name, query } of listings) {
      let next: string | null = null;
      const first = await fullScansOf(async () => {
        next = (await list.execute(actor, query)).nextCursor;
      });
      found.push(...first.map((scan) => `${name}, first page: ${scan}`));
      if (next === null) continue;
      later += 1;
      const cursor: string = next;
      const second = await fullScansOf(() => list.execute(actor, { ...query, cursor }));
      found.push(...second.map((scan) => `${name}, later page: ${scan}`));
    }
    expect(found).toEqual([]);
    expect(listings.length).toBeGreaterThan(300);
    expect(later).toBeGreaterThan(150);
  }, 120_000);

  it('IFC-5, QUA-9: the overview reads no whole table of assets, for a reader of everything and for one of a part', async () => {
    const found: string[] = [];
    for (const reach of [null, { everywhere: false, allowed: environments.slice(1), denied: [] }]) {
      const get = new GetOverview({
        ...{ authorize: async () => {}, may: () => true, reachOf: () => reach, uow, clock: systemClock },
        tally: new PostgresAssetTally(),
        certificates: new PostgresEndingCertificates(),
        apiKeys: new PostgresEndingApiKeys(),
        grants: new PostgresEndingGrants(),
      });
      found.push(
        ...(await fullScansOf(async () => {
          const { assets, burnDown, endsSoon } = await get.execute(actor);
          expect(assets.total).toBeGreaterThan(5_000);
          expect(burnDown).toHaveLength(90);
          expect(endsSoon.certificates?.count).toBeGreaterThan(500);
        })),
      );
    }
    expect(found).toEqual([]);
  });

  it('INV-12: no listing of findings reads a whole table', async () => {
    const findings = new PostgresFindingRepository({ newId: () => expect.fail('read only') });
    const list = new ListFindings({
      reachOf: () => null,
      authorize: async () => {},
      uow,
      findings,
      clock: systemClock,
    });
    const { items } = await list.execute(actor, { limit: 1 });
    const found: string[] = [];
    for (const severity of [undefined, 'medium', 'critical'] as const)
      for (const state of [undefined, 'open', 'accepted', 'gone'] as const)
        for (const rule of [undefined, 'tls-sslv3', 'certificate-expires-soon'])
          for (const environmentId of [undefined, environments[1]])
            for (const assetId of [undefined, items[0]?.assetId ?? expect.fail('no finding')]) {
              const query = { severity, state, rule, environmentId, assetId, limit: 50 };
              let cursor: string | undefined;
              found.push(
                ...(await fullScansOf(async () => {
                  cursor = (await list.execute(actor, query)).nextCursor ?? undefined;
                })),
              );
              if (cursor !== undefined)
                found.push(...(await fullScansOf(() => list.execute(actor, { ...query, cursor }))));
            }
    expect(found).toEqual([]);
  }, 60_000);

  it('INV-12: no listing of jobs reads a whole table', async () => {
    const list = new ListJobs({
      authorize: async () => {},
      uow,
      jobs: new PostgresJobRepository(),
      reachOf: () => null,
    });
    const assetId = (
      await uow.read(largeTenant, (tx) => new PostgresJobRepository().list(tx, { denied: [], before: null, limit: 20 }))
    ).find((job) => job.assetId !== null)?.assetId;
    const found: string[] = [];
    for (const status of [undefined, ...jobStatuses]) {
      for (const kind of [undefined, ...jobKinds]) {
        for (const asset of [undefined, assetId ?? expect.fail('no job of an asset')]) {
          let next: string | null = null;
          found.push(
            ...(await fullScansOf(async () => {
              next = (await list.execute(actor, { status, kind, assetId: asset, limit: 50 })).nextCursor;
            })),
          );
          if (next === null) continue;
          const cursor: string = next;
          found.push(
            ...(await fullScansOf(() => list.execute(actor, { status, kind, assetId: asset, limit: 50, cursor }))),
          );
        }
      }
    }
    expect(found).toEqual([]);
  });
});
