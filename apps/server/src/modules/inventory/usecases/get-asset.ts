import type { AssetView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { assetView } from '../domain/asset.ts';
import { inventoryErrors } from '../domain/errors.ts';
import type { AssetRepository } from '../ports/asset-repository.ts';

/** One asset, also an archived one. Throws `INVENTORY_ASSET_NOT_FOUND`. */
export class GetAsset {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #assets: AssetRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; assets: AssetRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#assets = options.assets;
  }

  async execute(actor: Actor, id: string): Promise<AssetView> {
    await this.#authorize(actor, 'asset.read', { type: 'asset', id });
    const asset = await this.#uow.read(actor.tenantId, (tx) => this.#assets.find(tx, id));
    if (asset === null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
    return assetView(asset);
  }
}
