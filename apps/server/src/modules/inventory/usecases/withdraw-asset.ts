import type { AssetView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { assetView } from '../domain/asset.ts';
import { assetPlan } from '../domain/asset-plan.ts';
import { inventoryErrors } from '../domain/errors.ts';
import type { AssetRepository } from '../ports/asset-repository.ts';

/** INV-1: an entry that was a mistake leaves the inventory. Throws `INVENTORY_ASSET_NOT_FOUND` or `INVENTORY_ASSET_ARCHIVED`. */
export class WithdrawAsset {
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

  async execute(actor: Actor, { id, reason }: { readonly id: string; readonly reason: string }): Promise<AssetView> {
    await this.#authorize(actor, 'asset.archive', { type: 'asset', id });
    const resource = { type: 'asset', id };
    const ticket = await this.#approvals.gate(actor, {
      operation: 'asset.withdraw',
      resource,
      plan: async (tx) => {
        const asset = await this.#assets.find(tx, id);
        if (asset === null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
        return { ...assetPlan(asset), reason };
      },
    });
    return this.#uow.write(actor, async (tx) => {
      await ticket.consume(tx);
      const asset = await this.#assets.findForUpdate(tx, id);
      if (asset === null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
      if (asset.archivedAt !== null) throw inventoryErrors.INVENTORY_ASSET_ARCHIVED();
      const withdrawn = await this.#assets.end(tx, id, { reason, mergedInto: null });
      await tx.audit({
        action: 'asset.withdrawn',
        reason: { code: 'asset-withdrawn', text: reason },
        resource,
      });
      return assetView(withdrawn);
    });
  }
}
