import type { AssetView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { kernelErrors } from '../../../kernel/errors.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { assetView, type Classification, riskOf } from '../domain/asset.ts';
import { inventoryErrors } from '../domain/errors.ts';
import type { AssetRepository } from '../ports/asset-repository.ts';

export interface ClassifyAssetInput {
  readonly id: string;
  readonly expectedVersion: number;
  readonly change: { readonly [Field in keyof Classification]?: Classification[Field] | undefined } & {
    readonly owner?: string | null | undefined;
    readonly tags?: readonly string[] | undefined;
  };
}

/**
 * Changes what people say of an asset and computes its risk anew. Throws `INVENTORY_ASSET_NOT_FOUND`,
 * `INVENTORY_ASSET_ARCHIVED`, or `REQUEST_ETAG_MISMATCH` when the asset has changed since the expected version.
 */
export class ClassifyAsset {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #assets: AssetRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; assets: AssetRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#assets = options.assets;
  }

  async execute(actor: Actor, input: ClassifyAssetInput): Promise<AssetView> {
    await this.#authorize(actor, 'asset.classify', { type: 'asset', id: input.id });
    const { sensitivity, exposure, dataLifetimeYears, owner, tags } = input.change;
    return this.#uow.write(actor, async (tx) => {
      const asset = await this.#assets.findForUpdate(tx, input.id);
      if (asset === null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
      if (asset.archivedAt !== null) throw inventoryErrors.INVENTORY_ASSET_ARCHIVED();
      if (asset.version !== input.expectedVersion) throw kernelErrors.REQUEST_ETAG_MISMATCH();
      const classified = {
        sensitivity: sensitivity ?? asset.sensitivity,
        exposure: exposure ?? asset.exposure,
        dataLifetimeYears: dataLifetimeYears ?? asset.dataLifetimeYears,
      };
      const changed = await this.#assets.change(tx, asset.id, {
        ...classified,
        ...(owner === undefined ? {} : { owner }),
        ...(tags === undefined ? {} : { tags }),
        risk: riskOf({ ...asset, ...classified }),
      });
      await tx.audit({
        action: 'asset.classified',
        resource: { type: 'asset', id: asset.id },
        details: {
          version: changed.version,
          ...classified,
          ownerChanged: owner !== undefined,
          tagsChanged: tags !== undefined,
          riskBandBefore: asset.risk.band,
          riskBandAfter: changed.risk.band,
        },
      });
      return assetView(changed);
    });
  }
}
