import type { AssetView } from '@quantumvault/api';
import type { AssetType } from '@quantumvault/inventory';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { assetView } from '../domain/asset.ts';
import type { AssetFilter, AssetRepository } from '../ports/asset-repository.ts';

export interface ListAssetsQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly type?: AssetType | undefined;
  readonly sort: 'newest' | 'risk';
  readonly includeArchived: 'true' | 'false';
}

function afterOf(query: ListAssetsQuery): AssetFilter['after'] {
  if (query.cursor === undefined) return null;
  // A cursor of the other order has another form and is refused.
  if (query.sort === 'newest') return { id: String(decodeCursor(query.cursor, ['uuid'])[0]), riskScore: null };
  const [riskScore, id] = decodeCursor(query.cursor, ['number', 'uuid']);
  return { id: String(id), riskScore: Number(riskScore) };
}

/** Assets of the organization, newest or riskiest first; a page costs the same however deep it is (INV-12). */
export class ListAssets {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #assets: AssetRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; assets: AssetRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#assets = options.assets;
  }

  async execute(actor: Actor, query: ListAssetsQuery): Promise<Page<AssetView>> {
    await this.#authorize(actor, 'asset.read', { type: 'organization', id: actor.tenantId });
    const filter: AssetFilter = {
      type: query.type,
      includeArchived: query.includeArchived === 'true',
      limit: query.limit + 1,
      after: afterOf(query),
      sort: query.sort,
    };
    const assets = await this.#uow.read(actor.tenantId, (tx) => this.#assets.list(tx, filter));
    return pageOf(assets.map(assetView), query.limit, (asset) =>
      query.sort === 'newest' ? [asset.id] : [asset.risk.score, asset.id],
    );
  }
}
