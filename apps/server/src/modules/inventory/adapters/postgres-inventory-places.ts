import { type RawBuilder, sql } from 'kysely';
import type { Place } from '../../../kernel/access.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { PlaceSource } from '../../access/index.ts';

const environmentOf: Readonly<Record<string, RawBuilder<unknown>>> = {
  asset: sql`SELECT t.environment_id AS id FROM asset AS t`,
  finding: sql`SELECT t.environment_id AS id FROM asset_finding AS t`,
  scan: sql`SELECT t.environment_id AS id FROM scan_run AS t`,
  // A job stands where its asset does, or in the environment that it scans; else it is the whole organization's.
  job: sql`
    SELECT coalesce(a.environment_id, e.id) AS id FROM job AS t
      LEFT JOIN asset AS a ON a.tenant_id = t.tenant_id AND a.id = t.asset_id
      LEFT JOIN environment AS e ON e.tenant_id = t.tenant_id AND e.id::text = t.input ->> 'environmentId'`,
};

/** Where the things of the inventory stand: in an environment. */
export class PostgresInventoryPlaces implements PlaceSource {
  readonly types = Object.keys(environmentOf);

  async placeOf(tx: Transaction, { type, id }: { readonly type: string; readonly id: string }): Promise<Place | null> {
    const found = environmentOf[type];
    if (found === undefined) return null;
    const { rows } = await sql<{ id: string | null }>`
      ${found} WHERE t.tenant_id = ${tx.tenantId}::uuid AND t.id = ${id}::uuid`.execute(sqlOf(tx));
    const environmentId = rows[0]?.id ?? null;
    return environmentId === null ? null : { environmentId, projectId: null, serviceId: null };
  }
}
