import type { JobView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Transaction, UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { EnqueueJob } from '../../jobs/index.ts';
import { inventoryErrors } from '../domain/errors.ts';
import type { ScanRun } from '../domain/scan-run.ts';
import { type ScanTlsInput, scanTlsInputSchema } from '../domain/scan-tls-input.ts';
import { type IsInternalScan, internalScanPlan } from '../internal-scan.ts';
import type { ScanRepository } from '../ports/scan-repository.ts';

export interface ResumeScanOptions {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly approvals: ApprovalGate;
  readonly scans: ScanRepository;
  readonly isInternalScan: IsInternalScan;
  readonly enqueue: EnqueueJob;
}

/**
 * INV-5: goes on with a scan whose job was cancelled or failed. A job that lost its worker goes on by itself. Going on with one
 * of an internal network may wait for approval (ACC-9): the approval of its beginning is used up. Throws
 * `INVENTORY_SCAN_NOT_FOUND`, `INVENTORY_SCAN_FINISHED` or `INVENTORY_SCAN_RUNNING`.
 */
export class ResumeScan {
  readonly #authorize: Authorize;
  readonly #options: ResumeScanOptions;
  constructor(options: ResumeScanOptions) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, id: string): Promise<JobView> {
    await this.#authorize(actor, 'asset.scan', { type: 'scan', id });
    const { uow, approvals, scans, enqueue, isInternalScan } = this.#options;
    const before = await uow.read(actor.tenantId, async (tx) => this.#inputOf(tx, await scans.find(tx, id)));
    const isGated = actor.approval !== null || isInternalScan(before);
    const ticket = isGated
      ? await approvals.gate(actor, {
          operation: 'scan.internal',
          resource: { type: 'scan', id },
          plan: async (tx) => internalScanPlan(await this.#inputOf(tx, await scans.find(tx, id)), id),
        })
      : null;
    return uow.write(actor, async (tx) => {
      // The lock lets one of two requests at once see the job of the other.
      const run = await scans.findForUpdate(tx, id);
      const input = await this.#inputOf(tx, run);
      if (run === null) throw inventoryErrors.INVENTORY_SCAN_NOT_FOUND();
      await ticket?.consume(tx);
      const resumed = await enqueue(tx, actor, {
        kind: 'scan-tls',
        input: { ...input, scanId: run.id, approved: actor.approval !== null },
      });
      await scans.handTo(tx, run, resumed.id);
      return resumed;
    });
  }

  async #inputOf(tx: Transaction, run: ScanRun | null): Promise<ScanTlsInput> {
    if (run === null) throw inventoryErrors.INVENTORY_SCAN_NOT_FOUND();
    if (run.finishedAt !== null) throw inventoryErrors.INVENTORY_SCAN_FINISHED();
    const job = await this.#options.scans.lastJob(tx, run);
    if (job.isOpen) throw inventoryErrors.INVENTORY_SCAN_RUNNING();
    return scanTlsInputSchema.parse(job.input);
  }
}
