import type { JobView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { EnqueueJob } from '../../jobs/index.ts';
import { placeOfNew } from '../domain/place-of-new.ts';
import { createPlanTlsScan, type PlanTlsScan, type TlsScanRequest } from '../plan-tls-scan.ts';
import type { AssetRepository } from '../ports/asset-repository.ts';

/** Accepts a scan of TLS endpoints from this server, as a job. Throws `INVENTORY_ENDPOINT_INVALID` or `INVENTORY_ENVIRONMENT_UNKNOWN`. */
export class DiscoverTls {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #plan: PlanTlsScan;
  readonly #enqueue: EnqueueJob;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; assets: AssetRepository; enqueue: EnqueueJob }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#plan = createPlanTlsScan(options);
    this.#enqueue = options.enqueue;
  }

  async execute(actor: Actor, request: TlsScanRequest): Promise<JobView> {
    await this.#authorize(actor, 'asset.scan', placeOfNew(actor, request.environmentId));
    return this.#uow.write(actor, async (tx) => this.#enqueue(tx, actor, await this.#plan(tx, request)));
  }
}
