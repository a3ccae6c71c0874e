import type { ScanView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { inventoryErrors } from '../domain/errors.ts';
import { nameOfScope } from '../domain/scan-run.ts';
import type { ScanRepository } from '../ports/scan-repository.ts';

/** INV-5: a scan and how far it is; cheap enough to be asked once a second. Throws `INVENTORY_SCAN_NOT_FOUND`. */
export class GetScan {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #scans: ScanRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; scans: ScanRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#scans = options.scans;
  }

  async execute(actor: Actor, id: string): Promise<ScanView> {
    await this.#authorize(actor, 'asset.read', { type: 'scan', id });
    return this.#uow.read(actor.tenantId, async (tx) => {
      const run = await this.#scans.find(tx, id);
      if (run === null) throw inventoryErrors.INVENTORY_SCAN_NOT_FOUND();
      const { scope, createdAt, finishedAt, ...rest } = run;
      const counts = await this.#scans.counts(tx, id);
      return {
        ...rest,
        status: { ...counts.status },
        change: { ...counts.change },
        name: nameOfScope(scope),
        createdAt: createdAt.toISOString(),
        finishedAt: finishedAt?.toISOString() ?? null,
      };
    });
  }
}
