import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { assetPlan } from '../domain/asset-plan.ts';
import { inventoryErrors } from '../domain/errors.ts';
import type { AssetRepository } from '../ports/asset-repository.ts';

/** Archives an asset: it leaves the listings, its history and audit stay. Throws `INVENTORY_ASSET_NOT_FOUND`, also the second time. */
export class ArchiveAsset {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #approvals: ApprovalGate;
  readonly #assets: AssetRepository;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    approvals: ApprovalGate;
    assets: AssetRepository;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#approvals = options.approvals;
    this.#assets = options.assets;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#authorize(actor, 'asset.archive', { type: 'asset', id });
    const resource = { type: 'asset', id };
    const ticket = await this.#approvals.gate(actor, {
      operation: 'asset.archive',
      resource,
      plan: async (tx) => {
        const asset = await this.#assets.find(tx, id);
        if (asset === null || asset.archivedAt !== null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
        return assetPlan(asset);
      },
    });
    await this.#uow.write(actor, async (tx) => {
      await ticket.consume(tx);
      if (!(await this.#assets.archive(tx, id))) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
      await tx.audit({ action: 'asset.archived', resource });
    });
  }
}
