import type pg from 'pg';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly isGenerated: boolean;
}

export interface Table {
  readonly name: string;
  /** Column that holds the tenant; null for tables of the platform. */
  readonly tenantColumn: string | null;
  readonly columns: readonly Column[];
}

/** Recognizable in every id, text and byte string of a tenant's rows. */
export const tenants = {
  A: { id: 'aaaaaaaa-0000-7000-8000-000000000001', mark: 'aaaaaaaa' },
  B: { id: 'bbbbbbbb-0000-7000-8000-000000000001', mark: 'bbbbbbbb' },
} as const;
export type TenantName = keyof typeof tenants;

/** Every table of the product, as the catalogue has it. */
export async function readTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; columns: Column[] }>(
    `SELECT c.relname AS name,
            json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, NULL),
                                       'isGenerated', a.attgenerated <> '' OR a.attidentity <> '') ORDER BY a.attnum) AS columns
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'qv'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY c.relname ORDER BY c.relname`,
  );
  return rows.map(({ name, columns }) => {
    const isTenantTable = columns.some((column) => column.name === 'tenant_id');
    return { name, columns, tenantColumn: name === 'organization' ? 'id' : isTenantTable ? 'tenant_id' : null };
  });
}

const hex = (mark: string): string => `\\x${Buffer.from(mark).toString('hex').padEnd(64, '0')}`;

/** A value of this type that shows whose it is. */
function marked({ type }: Column, mark: string, serial: number): unknown {
  const number = String(serial).padStart(12, '0');
  if (type.endsWith('[]')) return '{}';
  if (type === 'uuid') return `${mark}-0000-7000-8000-${number}`;
  if (type === 'text' || type === 'name' || type.startsWith('character')) return `${mark}-${number}`;
  if (type === 'bytea') return hex(mark);
  if (type === 'jsonb' || type === 'json') return JSON.stringify({ mark });
  if (type === 'boolean') return true;
  if (type === 'date' || type.startsWith('timestamp')) return '2020-01-01T00:00:00Z';
  if (type === 'inet' || type === 'cidr') return '192.0.2.1';
  if (type === 'interval') return '1 day';
  if (['integer', 'bigint', 'smallint', 'numeric', 'real', 'double precision'].includes(type)) return serial % 30_000;
  throw new Error(`no value is known for a column of type ${type}: teach tests/harness/two-tenants.ts one`);
}

/** A row of a tenant as statement and values; `serial` keeps keys apart. */
export function insertion(table: Table, tenant: TenantName, serial: number): { text: string; values: unknown[] } {
  const columns = table.columns.filter(({ isGenerated }) => !isGenerated);
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const places = columns.map((_, index) => `$${index + 1}`).join(', ');
  const { id, mark } = tenants[tenant];
  const values = columns.map((column) => (column.name === table.tenantColumn ? id : marked(column, mark, serial)));
  return { text: `INSERT INTO "${table.name}" (${names}) VALUES (${places})`, values };
}

/**
 * Gives every table that has a tenant one row of A and one of B, whatever its other rules are: isolation must hold for any
 * row. Checks and references are dropped for that, in this database alone; row-level security, privileges and triggers stay.
 */
export async function fillBothTenants(client: pg.Client, tables: readonly Table[]): Promise<void> {
  const constraints = await client.query<{ sql: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) AS sql FROM pg_constraint
      WHERE connamespace = 'qv'::regnamespace AND contype IN ('f', 'c') AND conparentid = 0 ORDER BY contype DESC, conname`,
  );
  for (const { sql } of constraints.rows) await client.query(sql);
  for (const { name, columns } of tables)
    for (const column of columns.filter(({ isGenerated }) => isGenerated))
      await client.query(`ALTER TABLE "${name}" ALTER COLUMN "${column.name}" DROP NOT NULL`);
  await client.query("SET session_replication_role = 'replica'");
  let serial = 100;
  for (const table of tables) {
    if (table.tenantColumn === null) continue;
    for (const tenant of ['A', 'B'] as const) {
      serial += 1;
      const { text, values } = insertion(table, tenant, serial);
      await client.query(text, values);
    }
  }
  await client.query("SET session_replication_role = 'origin'");
}
