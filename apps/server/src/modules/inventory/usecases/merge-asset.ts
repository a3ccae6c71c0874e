import type { AssetView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { assetView, type StoredAsset } from '../domain/asset.ts';
import { assetPlan } from '../domain/asset-plan.ts';
import { inventoryErrors } from '../domain/errors.ts';
import type { AssetRepository } from '../ports/asset-repository.ts';

export interface MergeAssetInput {
  readonly id: string;
  readonly intoId: string;
  readonly reason: string;
}

/**
 * INV-1: two entries that are the same thing become one. The one that stays takes over tags and times of seeing; the
 * other keeps its history and points to it. Throws `INVENTORY_ASSET_NOT_FOUND`, `INVENTORY_ASSET_ARCHIVED`,
 * `INVENTORY_MERGE_UNFIT`, and `INVENTORY_MERGE_PROTECTED` when keys would be left with an entry that nobody sees.
 */
export class MergeAsset {
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

  async execute(actor: Actor, { id, intoId, reason }: MergeAssetInput): Promise<AssetView> {
    await this.#authorize(actor, 'asset.archive', { type: 'asset', id });
    const resource = { type: 'asset', id };
    const ticket = await this.#approvals.gate(actor, {
      operation: 'asset.merge',
      resource,
      plan: async (tx) => {
        const [from, into] = [await this.#assets.find(tx, id), await this.#assets.find(tx, intoId)];
        if (from === null || into === null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
        return { ...assetPlan(from), intoId, intoName: into.name, intoEndpoint: into.endpoint, reason };
      },
    });
    return this.#uow.write(actor, async (tx) => {
      await ticket.consume(tx);
      // One order for all, so that two merges in opposite directions do not wait for each other in a circle.
      const locked = new Map<string, StoredAsset | null>();
      for (const wanted of [id, intoId].sort()) locked.set(wanted, await this.#assets.findForUpdate(tx, wanted));
      const [from, into] = [locked.get(id) ?? null, locked.get(intoId) ?? null];
      if (from === null || into === null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
      if (from.archivedAt !== null || into.archivedAt !== null) throw inventoryErrors.INVENTORY_ASSET_ARCHIVED();
      const fits = from.id !== into.id && from.type === into.type && from.environmentId === into.environmentId;
      if (!fits) throw inventoryErrors.INVENTORY_MERGE_UNFIT();
      if (from.encryptionProfile?.appliedPolicy !== undefined) throw inventoryErrors.INVENTORY_MERGE_PROTECTED();
      await this.#assets.end(tx, from.id, { reason, mergedInto: into.id });
      const merged = await this.#assets.absorb(tx, into.id, from);
      await tx.audit({
        action: 'asset.merged',
        reason: { code: 'asset-merged', text: reason },
        resource: { type: 'asset', id: from.id },
        details: { intoId: into.id, version: merged.version },
      });
      return assetView(merged);
    });
  }
}
