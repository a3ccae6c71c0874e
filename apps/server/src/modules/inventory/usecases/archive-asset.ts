import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { inventoryErrors } from '../domain/errors.ts';
import type { AssetRepository } from '../ports/asset-repository.ts';

/** Archives an asset: it leaves the listings, its history and audit stay. Throws `INVENTORY_ASSET_NOT_FOUND`, also the second time. */
export class ArchiveAsset {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #assets: AssetRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; assets: AssetRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#assets = options.assets;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#authorize(actor, 'asset.archive', { type: 'asset', id });
    await this.#uow.write(actor, async (tx) => {
      if (!(await this.#assets.archive(tx, id))) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
      await tx.audit({ action: 'asset.archived', resource: { type: 'asset', id } });
    });
  }
}
