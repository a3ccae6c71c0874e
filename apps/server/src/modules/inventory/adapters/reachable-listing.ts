import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { AssetFilter } from '../ports/asset-repository.ts';
import { type AssetRows, type ListingBounds, listAssetRows } from './asset-listing.ts';
import { environmentsWithin } from './environments-within.ts';

type Row = AssetRows['rows'][number];
type Position = Pick<Row, 'id' | 'risk_score'>;

/**
 * A page of the assets that somebody may see (ACC-6). Whoever reaches the whole organization gets the listing as it is.
 * For the others the pages of their environments are merged, since an index holds each environment in order; the effort
 * grows with the number of those environments, which a grant on a part keeps small.
 */
export async function listReachableRows(
  tx: Transaction,
  filter: AssetFilter,
  bounds: ListingBounds,
): Promise<AssetRows> {
  const environments = await environmentsWithin(tx, filter);
  if (environments === null) return listAssetRows(tx, filter, bounds);
  const parts: AssetRows[] = [];
  for (const environmentId of environments) parts.push(await listAssetRows(tx, { ...filter, environmentId }, bounds));
  return merge(parts, filter);
}

/** A part that was walked to some point says nothing about what lies behind it: the merged page ends at the first such point. */
function merge(parts: readonly AssetRows[], { sort, limit }: AssetFilter): AssetRows {
  const isBefore = (a: Position, b: Position): boolean =>
    sort === 'risk' && a.risk_score !== b.risk_score ? a.risk_score > b.risk_score : a.id > b.id;
  const walkedTo = parts
    .flatMap((part) => (part.walkedTo === null ? [] : [part.walkedTo]))
    .map(({ id, riskScore }) => ({ id, risk_score: riskScore }))
    .reduce<Position | null>((first, end) => (first === null || isBefore(end, first) ? end : first), null);
  const rows = parts
    .flatMap((part) => part.rows)
    .filter((row) => walkedTo === null || !isBefore(walkedTo, row))
    .sort((a, b) => (isBefore(a, b) ? -1 : 1))
    .slice(0, limit);
  const isFull = rows.length === limit || walkedTo === null;
  return { rows, walkedTo: isFull ? null : { id: walkedTo.id, riskScore: walkedTo.risk_score } };
}
