import type { AssetView } from '@quantumvault/api';
import type { AssetType } from '@quantumvault/inventory';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { AssetId, NewId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { authorizeDefault } from '../authorize-default.ts';
import { assetView, type Classification, canonicalEndpoint, riskOf } from '../domain/asset.ts';
import { inventoryErrors } from '../domain/errors.ts';
import { placeOfNew } from '../domain/place-of-new.ts';
import type { AssetRepository } from '../ports/asset-repository.ts';

export interface CreateAssetInput extends Classification {
  readonly name: string;
  readonly type: AssetType;
  readonly endpoint: string;
  readonly owner?: string | undefined;
  readonly environmentId?: string | undefined;
  readonly tags: readonly string[];
}

/**
 * Records an asset by hand. Nothing is known of its cryptography yet, and its risk says so. Throws
 * `INVENTORY_ASSET_EXISTS`, `INVENTORY_ENVIRONMENT_UNKNOWN` or `INVENTORY_ENDPOINT_INVALID`.
 */
export class CreateAsset {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #assets: AssetRepository;
  readonly #newId: NewId;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; assets: AssetRepository; newId: NewId }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#assets = options.assets;
    this.#newId = options.newId;
  }

  async execute(actor: Actor, input: CreateAssetInput): Promise<AssetView> {
    await this.#authorize(actor, 'asset.create', placeOfNew(actor, input.environmentId));
    const parts = { authorize: this.#authorize, uow: this.#uow, assets: this.#assets };
    const { environmentId: named } = input;
    const judged = await authorizeDefault(parts, actor, { action: 'asset.create', environmentId: named });
    const { name, type, owner, tags, sensitivity, exposure, dataLifetimeYears } = input;
    const endpoint = canonicalEndpoint(type, input.endpoint);
    const classification = { sensitivity, exposure, dataLifetimeYears };
    return this.#uow.write(actor, async (tx) => {
      const environmentId = await this.#assets.environment(tx, judged ?? null);
      if (environmentId === null) throw inventoryErrors.INVENTORY_ENVIRONMENT_UNKNOWN();
      const asset = await this.#assets.insert(tx, {
        id: this.#newId<AssetId>(),
        environmentId,
        name,
        type,
        endpoint,
        owner: owner ?? null,
        tags,
        ...classification,
        encryptionProfile: null,
        evidence: null,
        risk: riskOf({ ...classification, type, encryptionProfile: null }),
      });
      if (asset === null) throw inventoryErrors.INVENTORY_ASSET_EXISTS();
      await tx.audit({
        action: 'asset.created',
        resource: { type: 'asset', id: asset.id },
        details: { assetType: type, environmentId, riskBand: asset.risk.band },
      });
      return assetView(asset);
    });
  }
}
