import { readinesses } from '@quantumvault/inventory';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addTenant } from '../../../../../tools/bench/inventory/large-inventory.ts';
import { createWorld, newId, type World } from '../jobs/world.test-support.ts';
import { PostgresAssetTally } from './adapters/postgres-asset-tally.ts';

// IFC-5: whatever is written, by whomever at the same time, the tally is what a count of the rows gives.

const tenants = ['01920000-0000-7000-8000-0000000000a1', '01920000-0000-7000-8000-0000000000a2'];
const environments = tenants.map((_, tenant) => [1, 2].map((n) => `01920000-0000-7000-8000-00000000b${tenant}0${n}`));
const scoreOf = { low: 1, moderate: 20, high: 45, critical: 70 } as const;

type Write =
  | { readonly do: 'add'; readonly many: number; readonly environment: number; readonly kind: Kind }
  | { readonly do: 'change'; readonly share: number; readonly kind: Kind }
  | { readonly do: 'move' | 'archive' | 'merge' | 'revive' | 'touch' | 'delete'; readonly share: number };
interface Kind {
  readonly band: keyof typeof scoreOf;
  readonly readiness: (typeof readinesses)[number];
}

const kind = fc.record({
  band: fc.constantFrom('low' as const, 'moderate' as const, 'high' as const, 'critical' as const),
  readiness: fc.constantFrom(...readinesses),
});
const share = fc.integer({ min: 2, max: 6 });
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({
    do: fc.constant('add' as const),
    many: fc.integer({ min: 1, max: 40 }),
    environment: fc.integer({ min: 0, max: 1 }),
    kind,
  }),
  fc.record({ do: fc.constant('change' as const), share, kind }),
  fc.record({ do: fc.constantFrom('move', 'archive', 'merge', 'revive', 'touch', 'delete'), share }),
);

describe('the tally of assets', () => {
  let world: World;
  let clients: pg.Client[];
  beforeAll(async () => {
    world = await createWorld();
    clients = await Promise.all([1, 2, 3].map(() => world.database.superuser()));
    for (const [at, tenant] of tenants.entries())
      await addTenant(clients[0] as pg.Client, tenant, environments[at] ?? []);
  });
  afterAll(async () => {
    for (const client of clients) await client.end();
    await world.close();
  });

  /** Rows of one writer, so that writers at the same time never wait for each other in a circle. */
  async function carryOut(client: pg.Client, write: Write, tenant: number, writer: number): Promise<void> {
    const of = tenants[tenant];
    const places = environments[tenant] ?? [];
    if (write.do === 'add') {
      const { band, readiness } = write.kind;
      await client.query(
        `INSERT INTO asset (id, tenant_id, environment_id, name, type, endpoint, owner, sensitivity, exposure, data_lifetime_years,
                            encryption_profile, risk, risk_score, readiness)
         SELECT gen_random_uuid(), $1, $2, 'n', 'data-store', gen_random_uuid()::text, $3, 'public', 'internal', 1, 'null',
                jsonb_build_object('band', $4::text), $5, $6 FROM generate_series(1, $7)`,
        [of, places[write.environment], `w${writer}`, band, scoreOf[band], readiness, write.many],
      );
      return;
    }
    const some = `tenant_id = '${of}' AND owner = 'w${writer}' AND hashtext(id::text) % ${write.share} = 0`;
    const update = (set: string, where = 'true') => client.query(`UPDATE asset SET ${set} WHERE ${some} AND ${where}`);
    if (write.do === 'change') {
      const { band, readiness } = write.kind;
      await update(`risk = '{"band": "${band}"}', risk_score = ${scoreOf[band]}, readiness = '${readiness}'`);
    } else if (write.do === 'move') await update(`environment_id = '${places[1]}'`);
    else if (write.do === 'archive') await update('archived_at = now()', 'archived_at IS NULL');
    else if (write.do === 'merge')
      await update(`archived_at = now(), ended_as = 'merged', merged_into = id`, 'archived_at IS NULL');
    else if (write.do === 'revive')
      await update('archived_at = NULL, ended_as = NULL, merged_into = NULL', 'archived_at IS NOT NULL');
    else if (write.do === 'touch') await update(`name = 'other', last_seen_at = now()`);
    else await client.query(`DELETE FROM asset WHERE ${some} AND merged_into IS NULL`);
  }

  const differences = () =>
    world.sql(
      `WITH counted AS (
         SELECT tenant_id, environment_id, CASE risk ->> 'band' WHEN 'low' THEN 0 WHEN 'moderate' THEN 1 WHEN 'high' THEN 2 ELSE 3 END AS band,
                readiness, count(*) AS n FROM asset WHERE archived_at IS NULL GROUP BY 1, 2, 3, 4),
       kept AS (
         SELECT tenant_id, environment_id, band, readiness, sum(change) AS n FROM (
           SELECT tenant_id, environment_id, band, readiness, change FROM asset_tally UNION ALL
           SELECT tenant_id, environment_id, band, readiness, change FROM asset_tally_note) AS parts GROUP BY 1, 2, 3, 4)
       SELECT * FROM counted FULL JOIN kept USING (tenant_id, environment_id, band, readiness)
        WHERE coalesce(counted.n, 0) <> coalesce(kept.n, 0)`,
    );

  it('IFC-5: is what a count gives, after any writes of several at once, also of those that were taken back', async () => {
    const run = fc.record({ writes: fc.array(write, { minLength: 1, maxLength: 12 }), isKept: fc.boolean() });
    let folded = 0;
    await fc.assert(
      fc.asyncProperty(fc.tuple(run, run, run), async (runs) => {
        await Promise.all(
          clients.map(async (client, writer) => {
            const { writes, isKept } = runs[writer] ?? expect.fail('no run');
            await client.query('BEGIN');
            for (const [at, step] of writes.entries()) await carryOut(client, step, at % 2, writer);
            await client.query(isKept ? 'COMMIT' : 'ROLLBACK');
          }),
        );
        expect(await differences()).toEqual([]);
        const [tally] = await world.sql<{ n: number }>('SELECT count(*)::int AS n FROM asset_tally');
        folded = Math.max(folded, tally?.n ?? 0);
      }),
      { numRuns: 25 },
    );
    // The notes were added up along the way, not only read.
    expect(folded).toBeGreaterThan(0);
  }, 120_000);

  it('IFC-5: days that nobody asks for any more become one row, and nothing is lost by it', async () => {
    const [tenant, [environment]] = [tenants[0], environments[0] ?? []];
    await world.sql(`UPDATE asset_tally SET day = day - 300 WHERE tenant_id = $1`, [tenant]);
    const before = await world.sql<{ n: number }>('SELECT count(*)::int AS n FROM asset_tally WHERE day > $1', [
      '-infinity',
    ]);
    expect(before[0]?.n).toBeGreaterThan(0);
    await world.sql(
      `INSERT INTO asset_tally_note SELECT tenant_id, id, (now() AT TIME ZONE 'UTC')::date, 0, 'safe', 0, true FROM environment WHERE tenant_id = $1`,
      [tenant],
    );
    const old = await world.sql(
      `SELECT FROM asset_tally WHERE tenant_id = $1 AND environment_id = $2 AND day > '-infinity' AND day < current_date - 200`,
      [tenant, environment],
    );
    expect(old).toEqual([]);
    expect(await differences()).toEqual([]);
  });

  it('IFC-5: is asked for by environment, and never across organizations', async () => {
    const tally = new PostgresAssetTally();
    const [one] = environments[0] ?? [];
    const sumOf = async (tenantId: string | undefined, allowed: string[] | null) => {
      const reach = allowed === null ? null : { everywhere: false, allowed, denied: [] };
      const changes = await world.uow.read(tenantId as never, (tx) =>
        tally.changes(tx, { reach, since: '2000-01-01' }),
      );
      return changes.reduce((sum, { change }) => sum + change, 0);
    };
    const counted = async (where: string) =>
      (await world.sql<{ n: number }>(`SELECT count(*)::int AS n FROM asset WHERE archived_at IS NULL AND ${where}`))[0]
        ?.n;
    await carryOut(
      clients[0] as pg.Client,
      { do: 'add', many: 7, environment: 0, kind: { band: 'low', readiness: 'safe' } },
      0,
      0,
    );
    expect(await sumOf(tenants[0], null)).toBe(await counted(`tenant_id = '${tenants[0]}'`));
    expect(await sumOf(tenants[0], [one ?? ''])).toBe(await counted(`environment_id = '${one}'`));
    expect(await sumOf(tenants[1], [one ?? ''])).toBe(0);
    expect(await sumOf(tenants[0], [newId()])).toBe(0);
  });
});
