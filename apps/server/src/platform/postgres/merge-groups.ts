import { type RawBuilder, sql } from 'kysely';

export interface MergedOrder {
  readonly table: 'asset' | 'asset_finding' | 'job';
  /** Equality conditions on the index's first columns, and what else the index can answer. The table's alias is `t`. */
  readonly where: RawBuilder<boolean>;
  /** Column of the groups, the last equality column of the index, with the type of its values. */
  readonly group: { readonly column: string; readonly type: 'smallint' | 'text' };
  readonly values: readonly (string | number)[];
  /** Sort columns behind the group in the index, all descending; the last one is unique. */
  readonly order: readonly ['id'] | readonly ['risk_score', 'id'];
  /** Where the page before ended. */
  readonly after: RawBuilder<boolean> | null;
  readonly limit: number;
}

/**
 * The first keys of many groups in one common order, as a subquery with the columns of `order` (INV-12). An index over
 * (conditions, group, order) holds each group in order; this merges them with an effort that depends on the number of
 * groups and the limit, and never on how many rows there are or how they are spread:
 *
 * 1. the first few keys of every group,
 * 2. the groups that could hold more of the page than that: all of their few lie within it, so they are few as well,
 * 3. the whole page from those groups, and the page is cut from both.
 */
export function mergedKeys(options: MergedOrder): RawBuilder<unknown> {
  const { values, limit, order } = options;
  const few = Math.min(limit, Math.max(4, Math.ceil(limit / Math.sqrt(Math.max(1, values.length)))));
  const columns = sql.join(order.map((column) => sql.ref(column)));
  const descending = sql.join(order.map((column) => sql`${sql.ref(column)} DESC`));
  const table = sql.table(options.table);
  const group = sql.ref(options.group.column);
  const type = sql.raw(options.group.type);
  const rows = (count: number) => sql`
    SELECT ${columns} FROM ${table} AS t
     WHERE ${options.where} AND t.${group} = g.value AND ${options.after ?? sql`true`}
     ORDER BY ${descending} LIMIT ${sql.lit(count)}`;
  return sql`
    WITH heads AS MATERIALIZED (
      SELECT g.value, h.* FROM unnest(${[...values]}::${type}[]) AS g (value) CROSS JOIN LATERAL (${rows(few)}) AS h
    ), edge AS MATERIALIZED (
      SELECT ${columns} FROM heads ORDER BY ${descending} OFFSET ${sql.lit(limit - 1)} LIMIT 1
    ), open AS MATERIALIZED (
      SELECT value FROM heads
       WHERE NOT EXISTS (SELECT FROM edge) OR (${columns}) >= (SELECT ${columns} FROM edge)
       GROUP BY value HAVING count(*) = ${sql.lit(few)}
    )
    SELECT ${columns} FROM (
      SELECT ${columns} FROM heads WHERE NOT EXISTS (SELECT FROM open WHERE open.value = heads.value)
      UNION ALL
      SELECT h.* FROM open AS g CROSS JOIN LATERAL (${rows(limit)}) AS h
    ) AS merged ORDER BY ${descending} LIMIT ${sql.lit(limit)}`;
}
