import { readFileSync } from 'node:fs';
import path from 'node:path';
import { algorithms } from '@quantumvault/crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrationsFolder } from '../../platform/postgres/migrate-database.ts';
import { createWorld, type World } from '../jobs/world.test-support.ts';
import { readinessOf } from './domain/asset.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** The judgement of `0031_overview.sql` on rows that were there before it, over other rows. */
function judgement(): string {
  const text = readFileSync(path.join(migrationsFolder(), '0031_overview.sql'), 'utf8');
  const found = /WITH used AS \([\s\S]*?FROM used GROUP BY id\n\)/.exec(text)?.[0];
  if (found === undefined) throw new Error('the migration judges in another way');
  return `${found} SELECT id, readiness FROM judged`;
}

it('IFC-5: the migration, which has names alone, contradicts the registry of algorithms in no case', async () => {
  const roles = ['key-establishment', 'signature', 'encryption'] as const;
  const profiles = algorithms.flatMap(({ id }) =>
    roles.map((role) => ({
      source: 'scan' as const,
      observedAt: '2026-01-01T00:00:00Z',
      uses: [{ role, algorithm: id }],
      weaknesses: [],
    })),
  );
  const client = await world.database.superuser();
  try {
    await client.query('CREATE TEMP TABLE asset (id int, encryption_profile jsonb)');
    await client.query('INSERT INTO asset SELECT ordinality, value FROM jsonb_array_elements($1) WITH ORDINALITY', [
      JSON.stringify(profiles),
    ]);
    const { rows } = await client.query<{ id: number; readiness: string }>(judgement());
    expect(rows).toHaveLength(profiles.length);
    const contradictions: string[] = [];
    let agreed = 0;
    for (const { id, readiness } of rows) {
      const profile = profiles[id - 1] ?? expect.fail('no profile');
      const wanted = readinessOf(profile);
      if (readiness === wanted) agreed += 1;
      // What the names do not tell is not known until the next scan.
      else if (readiness !== 'unknown')
        contradictions.push(`${JSON.stringify(profile.uses)}: ${readiness}, not ${wanted}`);
    }
    expect(contradictions).toEqual([]);
    expect(agreed / profiles.length).toBeGreaterThan(0.75);
  } finally {
    await client.end();
  }
});

it('IFC-5: the migration takes the end of any certificate that a server may show, the year 0 included', async () => {
  const text = readFileSync(path.join(migrationsFolder(), '0031_overview.sql'), 'utf8');
  const statement = /UPDATE asset SET certificate_ends_at = [\s\S]*?;/.exec(text)?.[0] ?? expect.fail('no statement');
  const client = await world.database.superuser();
  try {
    await client.query('CREATE TEMP TABLE asset (id int, evidence jsonb, certificate_ends_at timestamptz)');
    const ends = ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '2031-02-03T04:05:06Z', '9999-12-31T23:59:59Z', null];
    const rows = ends.map((notAfter) => ({ scan: { chain: notAfter === null ? [] : [{ notAfter }] } }));
    await client.query('INSERT INTO asset SELECT ordinality, value FROM jsonb_array_elements($1) WITH ORDINALITY', [
      JSON.stringify(rows),
    ]);
    await client.query(statement);
    const { rows: kept } = await client.query('SELECT certificate_ends_at IS NOT NULL AS known FROM asset ORDER BY id');
    expect(kept.map(({ known }) => known)).toEqual([false, true, true, true, false]);
  } finally {
    await client.end();
  }
});
