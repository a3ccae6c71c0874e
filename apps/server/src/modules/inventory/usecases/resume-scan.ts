import type { JobView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { EnqueueJob } from '../../jobs/index.ts';
import { inventoryErrors } from '../domain/errors.ts';
import { scanTlsInputSchema } from '../domain/scan-tls-input.ts';
import type { ScanRepository } from '../ports/scan-repository.ts';

/**
 * INV-5: goes on with a scan whose job was cancelled or failed. A job that lost its worker goes on by itself. Throws
 * `INVENTORY_SCAN_NOT_FOUND`, `INVENTORY_SCAN_FINISHED` or `INVENTORY_SCAN_RUNNING`.
 */
export class ResumeScan {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #scans: ScanRepository;
  readonly #enqueue: EnqueueJob;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; scans: ScanRepository; enqueue: EnqueueJob }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#scans = options.scans;
    this.#enqueue = options.enqueue;
  }

  async execute(actor: Actor, id: string): Promise<JobView> {
    await this.#authorize(actor, 'asset.scan', { type: 'scan', id });
    return this.#uow.write(actor, async (tx) => {
      // The lock lets one of two requests at once see the job of the other.
      const run = await this.#scans.findForUpdate(tx, id);
      if (run === null) throw inventoryErrors.INVENTORY_SCAN_NOT_FOUND();
      if (run.finishedAt !== null) throw inventoryErrors.INVENTORY_SCAN_FINISHED();
      const job = await this.#scans.lastJob(tx, run);
      if (job.isOpen) throw inventoryErrors.INVENTORY_SCAN_RUNNING();
      const input = scanTlsInputSchema.parse(job.input);
      const resumed = await this.#enqueue(tx, actor, { kind: 'scan-tls', input: { ...input, scanId: run.id } });
      await this.#scans.handTo(tx, run, resumed.id);
      return resumed;
    });
  }
}
