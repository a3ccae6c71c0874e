import type { AssetView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { assetView } from '../domain/asset.ts';
import { inventoryErrors } from '../domain/errors.ts';
import type { AssetRepository } from '../ports/asset-repository.ts';

/** INV-1: an entry that was a mistake leaves the inventory. Throws `INVENTORY_ASSET_NOT_FOUND` or `INVENTORY_ASSET_ARCHIVED`. */
export class WithdrawAsset {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #assets: AssetRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; assets: AssetRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#assets = options.assets;
  }

  async execute(actor: Actor, { id, reason }: { readonly id: string; readonly reason: string }): Promise<AssetView> {
    await this.#authorize(actor, 'asset.archive', { type: 'asset', id });
    return this.#uow.write(actor, async (tx) => {
      const asset = await this.#assets.findForUpdate(tx, id);
      if (asset === null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
      if (asset.archivedAt !== null) throw inventoryErrors.INVENTORY_ASSET_ARCHIVED();
      const withdrawn = await this.#assets.end(tx, id, { reason, mergedInto: null });
      await tx.audit({
        action: 'asset.withdrawn',
        reason: { code: 'asset-withdrawn', text: reason },
        resource: { type: 'asset', id },
      });
      return assetView(withdrawn);
    });
  }
}
