import type { AssetScanView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { inventoryErrors } from '../domain/errors.ts';
import { needPlace } from '../domain/scan-run.ts';
import type { AssetRepository } from '../ports/asset-repository.ts';
import type { AskedTarget, ScanRepository } from '../ports/scan-repository.ts';

export interface ListAssetScansQuery {
  readonly assetId: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** INV-5: what scans saw of an asset, time by time, newest first. Throws `INVENTORY_ASSET_NOT_FOUND`. */
export class ListAssetScans {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #assets: AssetRepository;
  readonly #scans: ScanRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; assets: AssetRepository; scans: ScanRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#assets = options.assets;
    this.#scans = options.scans;
  }

  async execute(actor: Actor, { assetId, limit, cursor }: ListAssetScansQuery): Promise<Page<AssetScanView>> {
    await this.#authorize(actor, 'asset.read', { type: 'asset', id: assetId });
    const place = cursor === undefined ? null : decodeCursor(cursor, ['uuid', 'number']);
    const before = place === null ? null : { scanId: String(place[0]), seq: needPlace(place[1]) };
    const asked = await this.#uow.read(actor.tenantId, async (tx) => {
      if ((await this.#assets.find(tx, assetId)) === null) throw inventoryErrors.INVENTORY_ASSET_NOT_FOUND();
      return this.#scans.listOfAsset(tx, { assetId, before, limit: limit + 1 });
    });
    const page = pageOf(asked, limit, ({ scanId, seq }) => [scanId, seq]);
    return { ...page, items: page.items.map(viewOf) };
  }
}

function viewOf({ seq: _, assetId: __, facts, recordedAt, changed, ...rest }: AskedTarget): AssetScanView {
  return {
    ...rest,
    changed: [...changed],
    recordedAt: recordedAt?.toISOString() ?? null,
    facts:
      facts === null
        ? null
        : {
            ...facts,
            versions: [...facts.versions],
            suites: [...facts.suites],
            groups: [...facts.groups],
            findings: [...facts.findings],
          },
  };
}
