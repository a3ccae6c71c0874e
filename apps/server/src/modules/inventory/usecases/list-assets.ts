import type { AssetView } from '@quantumvault/api';
import type { AssetState, AssetType, Exposure, RiskBand, Sensitivity } from '@quantumvault/inventory';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, encodeCursor, type Page } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { ReachOf } from '../../access/index.ts';
import { assetView } from '../domain/asset.ts';
import type { UsesFilter } from '../domain/asset-uses.ts';
import type { AssetFilter, AssetRepository } from '../ports/asset-repository.ts';

export interface ListAssetsQuery extends UsesFilter {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly type?: AssetType | undefined;
  readonly sensitivity?: Sensitivity | undefined;
  readonly exposure?: Exposure | undefined;
  readonly band?: RiskBand | undefined;
  readonly environmentId?: string | undefined;
  readonly owner?: string | undefined;
  readonly tag?: string | undefined;
  readonly search?: string | undefined;
  readonly state?: AssetState | undefined;
  readonly sort: 'newest' | 'risk';
  readonly includeArchived: 'true' | 'false';
}

function afterOf(query: ListAssetsQuery): AssetFilter['after'] {
  if (query.cursor === undefined) return null;
  // A cursor of the other order has another form and is refused.
  if (query.sort === 'newest') return { id: String(decodeCursor(query.cursor, ['uuid'])[0]), riskScore: null };
  const [riskScore, id] = decodeCursor(query.cursor, ['number', 'uuid']);
  // Scores are 0 to 100; a made-up one beyond sorts the same and fits the column.
  return { id: String(id), riskScore: Math.max(-1, Math.min(101, Number(riskScore))) };
}

/**
 * Assets of the organization, or of the part that the actor may read, newest or riskiest first; a page costs the same
 * however deep it is and whatever is asked for (INV-12). A page can be short before the end: only `nextCursor: null` is the end.
 */
export class ListAssets {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #assets: AssetRepository;
  readonly #reachOf: ReachOf;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; assets: AssetRepository; reachOf: ReachOf }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#assets = options.assets;
    this.#reachOf = options.reachOf;
  }

  async execute(actor: Actor, query: ListAssetsQuery): Promise<Page<AssetView>> {
    await this.#authorize(actor, 'asset.read', { type: 'organization', id: actor.tenantId, isListing: true });
    const reach = this.#reachOf(actor, 'asset.read');
    const { cursor: _, includeArchived, state, ...filter } = query;
    const { assets, next } = await this.#uow.read(actor.tenantId, (tx) =>
      this.#assets.list(tx, {
        ...filter,
        // The older parameter, kept: all states, unless one is named.
        state: state ?? (includeArchived === 'true' ? undefined : 'active'),
        after: afterOf(query),
        reach,
      }),
    );
    const key = (end: NonNullable<typeof next>) => (query.sort === 'newest' ? [end.id] : [end.riskScore, end.id]);
    return { items: assets.map(assetView), nextCursor: next === null ? null : encodeCursor(key(next)) };
  }
}
