import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { mergedKeys } from '../../../platform/postgres/merge-groups.ts';
import type { Row } from '../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import { facetsOf } from '../domain/asset-facets.ts';
import { usesOf } from '../domain/asset-uses.ts';
import type { AssetFilter } from '../ports/asset-repository.ts';

/**
 * Pages of assets in bounded time at any size (INV-12, docs/design/listings.md), by one of three ways:
 *
 * - merge: filters over enumerations, environment and owner are a set of groups, each of which an index holds in order;
 * - hits: tags and words have lists of their own; while one list is short, all of its assets are looked at;
 * - walk: where every list is long, matches are frequent: assets are read in the order of the listing, a bounded number
 *   for one page. Only here may a page be short, with a cursor that goes on behind what was read. What an asset uses has
 *   lists in both orders, so that the walk is among the assets of one list.
 *
 * Under row-level security an index takes part through leakproof operators alone: equality and order, never LIKE or @>.
 */
export interface ListingBounds {
  readonly hitsMax: number;
  readonly walkMax: number;
}
export const listingBounds: ListingBounds = { hitsMax: 2_000, walkMax: 2_000 };
const wordsMax = 8;
const smallRows = 5;

export interface AssetRows {
  readonly rows: readonly Row<'asset'>[];
  /** Where the walk ended although more may follow; null: nothing follows behind these rows but what the limit cut. */
  readonly walkedTo: { readonly id: string; readonly riskScore: number } | null;
}

type Condition = RawBuilder<boolean>;
const all = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(conditions, sql` AND `)}`;

/** Everything about one listing that its statements share; rows of `asset` have the alias that is given. */
class Listing {
  readonly filter: AssetFilter;
  readonly tenant: string;
  readonly words: readonly string[];
  /** Lists of `asset_use`, of which an asset has to be in each. */
  readonly uses: readonly string[];
  constructor(filter: AssetFilter, tenant: string, words: readonly string[]) {
    this.filter = filter;
    this.tenant = tenant;
    this.words = words;
    this.uses = usesOf(filter);
  }

  get hasEnumerations(): boolean {
    const { type, sensitivity, exposure, band, state } = this.filter;
    return [type, sensitivity, exposure, band].some((given) => given !== undefined) || !this.#isPlainState(state);
  }
  get hasGroups(): boolean {
    return this.hasEnumerations || this.filter.environmentId !== undefined || this.filter.owner !== undefined;
  }
  #isPlainState(state: AssetFilter['state']): boolean {
    return state === undefined || state === 'active';
  }

  get order(): RawBuilder<unknown> {
    return this.filter.sort === 'risk' ? sql`risk_score DESC, id DESC` : sql`id DESC`;
  }
  get after(): Condition | null {
    const { after, sort } = this.filter;
    if (after === null) return null;
    return sort === 'risk'
      ? sql<boolean>`(risk_score, id) < (${after.riskScore}::real, ${after.id}::uuid)`
      : sql<boolean>`id < ${after.id}::uuid`;
  }

  /** What the ordered indexes of a group begin with. */
  groupConditions(alias: string): Condition {
    const { owner, environmentId } = this.filter;
    return all([
      sql<boolean>`${sql.ref(`${alias}.tenant_id`)} = ${this.tenant}::uuid`,
      ...(owner === undefined ? [] : [sql<boolean>`${sql.ref(`${alias}.owner`)} = ${owner}`]),
      ...(environmentId === undefined
        ? []
        : [sql<boolean>`${sql.ref(`${alias}.environment_id`)} = ${environmentId}::uuid`]),
    ]);
  }

  /** Whether a row of `asset_use` says all that the filters but the first use ask for. */
  get isSaidByUse(): boolean {
    const { tag, owner } = this.filter;
    return tag === undefined && owner === undefined && this.words.length === 0 && this.uses.length === 1;
  }

  /** Conditions on facet and environment, which rows of `asset` and of `asset_use` have. */
  placeConditions(alias: string): Condition[] {
    const { environmentId, state } = this.filter;
    return [
      ...(this.hasEnumerations || state === 'active'
        ? [sql<boolean>`${sql.ref(`${alias}.facet`)} = ANY (${[...facetsOf(this.filter)]}::smallint[])`]
        : []),
      ...(environmentId === undefined
        ? []
        : [sql<boolean>`${sql.ref(`${alias}.environment_id`)} = ${environmentId}::uuid`]),
    ];
  }

  /** All filters as conditions on a row that is at hand, so that no index but a key is needed for them. */
  rowConditions(alias: string): Condition {
    const { tag, owner } = this.filter;
    const text = sql`lower(${sql.ref(`${alias}.name`)} || ' ' || ${sql.ref(`${alias}.endpoint`)})`;
    return all([
      ...this.placeConditions(alias),
      ...(owner === undefined ? [] : [sql<boolean>`${sql.ref(`${alias}.owner`)} = ${owner}`]),
      ...this.uses.map(
        (use) => sql<boolean>`EXISTS (
          SELECT FROM asset_use AS u
           WHERE u.tenant_id = ${this.tenant}::uuid AND u.use = ${use} AND u.asset_id = ${sql.ref(`${alias}.id`)})`,
      ),
      ...(tag === undefined ? [] : [sql<boolean>`${tag} = ANY (${sql.ref(`${alias}.tags`)})`]),
      // A word holds letters and digits alone, so it means itself in the expression.
      ...this.words.map((word) => sql<boolean>`${text} ~ ${`(^|[^[:alnum:]])${word}`}`),
    ]);
  }

  /** The lists of which an asset has to be in each; the statements give asset ids as `id`, at most `limit`. */
  lists(limit: number): RawBuilder<unknown>[] {
    const term = (condition: Condition) => sql`
      SELECT t.asset_id AS id FROM asset_term AS t WHERE t.tenant_id = ${this.tenant}::uuid AND ${condition} LIMIT ${sql.lit(limit)}`;
    const { tag } = this.filter;
    const groups = sql`
      SELECT h.id FROM unnest(${[...facetsOf(this.filter)]}::smallint[]) AS g (value) CROSS JOIN LATERAL (
        SELECT t.id FROM asset AS t WHERE ${this.groupConditions('t')} AND t.facet = g.value LIMIT ${sql.lit(limit)}) AS h
       LIMIT ${sql.lit(limit)}`;
    return [
      ...(tag === undefined ? [] : [term(sql<boolean>`t.term = ${`t:${tag.slice(0, 100)}`}`)]),
      // In the "C" collation no text with this beginning comes behind the highest code point.
      ...this.words.map((word) => term(sql<boolean>`t.term >= ${`w:${word}`} AND t.term < ${`w:${word}\u{10ffff}`}`)),
      ...this.uses.map(
        (use) => sql`
      SELECT u.asset_id AS id FROM asset_use AS u WHERE u.tenant_id = ${this.tenant}::uuid AND u.use = ${use} LIMIT ${sql.lit(limit)}`,
      ),
      ...(this.hasGroups ? [groups] : []),
    ];
  }
}

export async function listAssetRows(tx: Transaction, filter: AssetFilter, bounds: ListingBounds): Promise<AssetRows> {
  const words = filter.search === undefined ? [] : await splitWords(tx, filter.search);
  if (filter.search !== undefined && words.length === 0) return { rows: [], walkedTo: null };
  const listing = new Listing(filter, tx.tenantId, words);
  if (filter.tag === undefined && words.length === 0 && listing.uses.length === 0) {
    return { rows: await rowsOf(tx, listing, listing.hasGroups ? merged(listing) : plain(listing)), walkedTo: null };
  }
  const shortest = await shortestList(tx, listing, bounds.hitsMax + 1);
  if (shortest !== null) return { rows: await rowsOf(tx, listing, amongHits(listing, shortest)), walkedTo: null };
  const [use] = listing.uses;
  if (use === undefined) return walk(tx, listing, { among: assetsInOrder(listing), steps: bounds.walkMax });
  // Rows of a list are small and lie together in its index, so that more of them cost the same.
  const steps = listing.isSaidByUse ? bounds.walkMax * smallRows : bounds.walkMax;
  return walk(tx, listing, { among: usersInOrder(listing, use), steps });
}

async function splitWords(tx: Transaction, search: string): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`
    SELECT word FROM search_words(${search}) LIMIT ${sql.lit(wordsMax)}`.execute(sqlOf(tx));
  return rows.map(({ word }) => word);
}

/** The rows of the keys that a statement gives, in the order of the listing. */
async function rowsOf(tx: Transaction, listing: Listing, keys: RawBuilder<unknown>): Promise<readonly Row<'asset'>[]> {
  const order = listing.filter.sort === 'risk' ? sql`a.risk_score DESC, a.id DESC` : sql`a.id DESC`;
  const { rows } = await sql<Row<'asset'>>`
    SELECT a.* FROM (${keys}) AS k JOIN asset AS a ON a.tenant_id = ${listing.tenant}::uuid AND a.id = k.id
     ORDER BY ${order}`.execute(sqlOf(tx));
  return rows;
}

/** Without any filter an index is the listing. */
function plain(listing: Listing): RawBuilder<unknown> {
  return sql`SELECT t.id FROM asset AS t WHERE ${walkConditions(listing)} ORDER BY ${listing.order} LIMIT ${sql.lit(listing.filter.limit)}`;
}

function walkConditions({ filter, tenant, after }: Listing): Condition {
  return all([
    sql<boolean>`t.tenant_id = ${tenant}::uuid`,
    ...(filter.state === 'active' ? [sql<boolean>`t.archived_at IS NULL`] : []),
    ...(after === null ? [] : [after]),
  ]);
}

function merged(listing: Listing): RawBuilder<unknown> {
  const { filter } = listing;
  return mergedKeys({
    table: 'asset',
    where: listing.groupConditions('t'),
    group: { column: 'facet', type: 'smallint' },
    values: facetsOf(filter),
    order: filter.sort === 'risk' ? ['risk_score', 'id'] : ['id'],
    after: listing.after,
    limit: filter.limit,
  });
}

/** The shortest of the lists, when it is short enough to look at all of it. */
async function shortestList(tx: Transaction, listing: Listing, limit: number): Promise<RawBuilder<unknown> | null> {
  const lists = listing.lists(limit);
  const counts = lists.map((list) => sql`(SELECT count(*) FROM (${list}) AS list)`);
  const { rows } = await sql<{ counts: bigint[] }>`SELECT ARRAY[${sql.join(counts)}] AS counts`.execute(sqlOf(tx));
  const lengths = (rows[0]?.counts ?? []).map(Number);
  const shortest = Math.min(...lengths);
  return shortest < limit ? (lists[lengths.indexOf(shortest)] ?? null) : null;
}

function amongHits(listing: Listing, list: RawBuilder<unknown>): RawBuilder<unknown> {
  const conditions = [listing.rowConditions('t'), ...(listing.after === null ? [] : [listing.after])];
  return sql`
    WITH hits AS MATERIALIZED (SELECT DISTINCT h.id AS hit FROM (${list}) AS h)
    SELECT t.id FROM hits CROSS JOIN LATERAL (
      -- One row each: the limit keeps every planner from reading the whole table for a list of some thousand.
      SELECT * FROM asset WHERE tenant_id = ${listing.tenant}::uuid AND id = hits.hit LIMIT 1) AS t
     WHERE ${all(conditions)} ORDER BY ${listing.order} LIMIT ${sql.lit(listing.filter.limit)}`;
}

/** Assets in the order of the listing, with all that its filters look at. */
function assetsInOrder(listing: Listing): RawBuilder<unknown> {
  return sql`
    SELECT t.id, t.risk_score, t.facet, t.environment_id, t.owner, t.tags, t.name, t.endpoint FROM asset AS t
     WHERE ${walkConditions(listing)} ORDER BY ${listing.order}`;
}

/** The assets of one list of uses in the order of the listing. */
function usersInOrder(listing: Listing, use: string): RawBuilder<unknown> {
  return sql`
    SELECT * FROM (SELECT u.asset_id AS id, u.risk_score, u.facet, u.environment_id FROM asset_use AS u
                    WHERE u.tenant_id = ${listing.tenant}::uuid AND u.use = ${use}) AS t
     WHERE ${listing.after ?? sql`true`} ORDER BY ${listing.order}`;
}

interface Walk {
  readonly among: RawBuilder<unknown>;
  readonly steps: number;
}

async function walk(tx: Transaction, listing: Listing, { among, steps }: Walk): Promise<AssetRows> {
  const isPlain = listing.uses.length === 0;
  const rest =
    isPlain || listing.isSaidByUse
      ? sql``
      : sql`
      CROSS JOIN LATERAL (SELECT owner, tags, name, endpoint FROM asset WHERE tenant_id = ${listing.tenant}::uuid AND id = w.id LIMIT 1) AS a`;
  const keys = sql`
    SELECT c.id FROM (
      SELECT w.*${isPlain || listing.isSaidByUse ? sql`` : sql`, a.owner, a.tags, a.name, a.endpoint`} FROM (${among} LIMIT ${sql.lit(steps)}) AS w${rest}) AS c
     WHERE ${listing.isSaidByUse ? all(listing.placeConditions('c')) : listing.rowConditions('c')}
     ORDER BY ${listing.order} LIMIT ${sql.lit(listing.filter.limit)}`;
  const rows = await rowsOf(tx, listing, keys);
  if (rows.length === listing.filter.limit) return { rows, walkedTo: null };
  const { rows: last } = await sql<{ id: string; risk_score: number }>`
    SELECT w.id, w.risk_score FROM (${among} OFFSET ${sql.lit(steps - 1)} LIMIT 1) AS w`.execute(sqlOf(tx));
  const [end] = last;
  return { rows, walkedTo: end === undefined ? null : { id: end.id, riskScore: end.risk_score } };
}
