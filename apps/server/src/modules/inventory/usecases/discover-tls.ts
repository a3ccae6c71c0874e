import type { JobView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { EnqueueJob } from '../../jobs/index.ts';
import { authorizeDefault } from '../authorize-default.ts';
import { placeOfNew } from '../domain/place-of-new.ts';
import { type IsInternalScan, internalScanPlan } from '../internal-scan.ts';
import { canonicalTargets, createScanInput, type TlsScanRequest } from '../plan-tls-scan.ts';
import type { AssetRepository } from '../ports/asset-repository.ts';

export interface DiscoverTlsOptions {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly approvals: ApprovalGate;
  readonly assets: AssetRepository;
  readonly isInternalScan: IsInternalScan;
  readonly enqueue: EnqueueJob;
}

/**
 * Accepts a scan of TLS endpoints from this server, as a job. One of an internal network may wait for approval (ACC-9). Throws
 * `INVENTORY_ENDPOINT_INVALID` or `INVENTORY_ENVIRONMENT_UNKNOWN`.
 */
export class DiscoverTls {
  readonly #authorize: Authorize;
  readonly #options: DiscoverTlsOptions;
  readonly #input: ReturnType<typeof createScanInput>;
  constructor(options: DiscoverTlsOptions) {
    this.#authorize = options.authorize;
    this.#options = options;
    this.#input = createScanInput(options);
  }

  async execute(actor: Actor, asked: TlsScanRequest): Promise<JobView> {
    await this.#authorize(actor, 'asset.scan', placeOfNew(actor, asked.environmentId));
    const { environmentId: named } = asked;
    const environmentId = await authorizeDefault(this.#options, actor, { action: 'asset.scan', environmentId: named });
    const request = { ...asked, environmentId };
    const { uow, approvals, enqueue, isInternalScan } = this.#options;
    const targets = canonicalTargets(request);
    // An approval is used up even when the networks of the installation are others by now.
    const isGated = actor.approval !== null || isInternalScan({ ...request, targets });
    const ticket = isGated
      ? await approvals.gate(actor, {
          operation: 'scan.internal',
          resource: { type: 'organization', id: actor.tenantId },
          plan: async (tx) => internalScanPlan(await this.#input(tx, request), null),
        })
      : null;
    return uow.write(actor, async (tx) => {
      const input = await this.#input(tx, request);
      await ticket?.consume(tx);
      return enqueue(tx, actor, { kind: 'scan-tls', input: { ...input, approved: actor.approval !== null } });
    });
  }
}
