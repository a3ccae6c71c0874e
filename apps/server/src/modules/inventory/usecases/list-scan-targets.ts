import type { ScanTargetView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { inventoryErrors } from '../domain/errors.ts';
import { needPlace, type TargetChange } from '../domain/scan-run.ts';
import type { ScanRepository } from '../ports/scan-repository.ts';

export interface ListScanTargetsQuery {
  readonly id: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly change?: TargetChange | undefined;
}

/** INV-5: what became of the targets of a scan. Throws `INVENTORY_SCAN_NOT_FOUND`. */
export class ListScanTargets {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #scans: ScanRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; scans: ScanRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#scans = options.scans;
  }

  async execute(actor: Actor, { id, limit, cursor, change }: ListScanTargetsQuery): Promise<Page<ScanTargetView>> {
    await this.#authorize(actor, 'asset.read', { type: 'scan', id });
    const after = cursor === undefined ? null : needPlace(decodeCursor(cursor, ['number'])[0]);
    const targets = await this.#uow.read(actor.tenantId, async (tx) => {
      if ((await this.#scans.find(tx, id)) === null) throw inventoryErrors.INVENTORY_SCAN_NOT_FOUND();
      return this.#scans.listTargets(tx, { scanId: id, change, after, limit: limit + 1 });
    });
    const page = pageOf(targets, limit, ({ seq }) => [seq]);
    return {
      ...page,
      items: page.items.map(({ seq: _, facts: __, ...view }) => ({ ...view, changed: [...view.changed] })),
    };
  }
}
