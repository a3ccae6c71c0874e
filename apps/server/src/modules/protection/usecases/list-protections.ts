import type { AssetProtectionView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { type AssetRepository, inventoryErrors } from '../../inventory/index.ts';
import type { ArtifactRepository, MadeProtection } from '../ports/artifact-repository.ts';

export interface ListProtectionsQuery {
  readonly assetId: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * INV-9: what was made for an asset and what protected it before each time, newest first; nothing of it is secret. Throws
 * `INVENTORY_ASSET_NOT_FOUND`.
 */
export class ListProtections {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #assets: AssetRepository;
  readonly #artifacts: ArtifactRepository;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    assets: AssetRepository;
    artifacts: ArtifactRepository;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#assets = options.assets;
    this.#artifacts = options.artifacts;
  }

  async execute(actor: Actor, { assetId, limit, cursor }: ListProtectionsQuery): Promise<Page<AssetProtectionView>> {
    await this.#authorize(actor, 'asset.read', { type: 'asset', id: assetId });
    const before = cursor === undefined ? null : String(decodeCursor(cursor, ['uuid'])[0]);
    const made = await this.#uow.read(actor.tenantId, async (tx) => {
      if ((await this.#assets.find(tx, assetId)) === null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
      return this.#artifacts.listOfAsset(tx, { assetId, before, limit: limit + 1 });
    });
    const page = pageOf(made, limit, ({ id }) => [id]);
    return { ...page, items: page.items.map(viewOf) };
  }
}

function viewOf({ id, kind, createdAt, handedOutAt, withdrawnAt, formerProfile, ...rest }: MadeProtection) {
  return {
    ...rest,
    artifactId: id,
    artifactKind: kind,
    createdAt: createdAt.toISOString(),
    handedOutAt: handedOutAt?.toISOString() ?? null,
    undoneAt: withdrawnAt?.toISOString() ?? null,
    // JSON that this module made; the contract parses it once more on its way out.
    formerProfile: formerProfile as AssetProtectionView['formerProfile'],
  };
}
