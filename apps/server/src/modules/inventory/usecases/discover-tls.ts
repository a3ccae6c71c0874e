import type { JobView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { EnqueueJob } from '../../jobs/index.ts';
import { type Classification, canonicalEndpoint } from '../domain/asset.ts';
import { inventoryErrors } from '../domain/errors.ts';
import type { ScanTlsInput } from '../domain/scan-tls-input.ts';
import type { AssetRepository } from '../ports/asset-repository.ts';

export interface DiscoverTlsInput extends Classification {
  readonly targets: readonly string[];
  readonly environmentId?: string | undefined;
}

/** Accepts a scan of TLS endpoints from this server, as a job. Throws `INVENTORY_ENDPOINT_INVALID` or `INVENTORY_ENVIRONMENT_UNKNOWN`. */
export class DiscoverTls {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #assets: AssetRepository;
  readonly #enqueue: EnqueueJob;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; assets: AssetRepository; enqueue: EnqueueJob }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#assets = options.assets;
    this.#enqueue = options.enqueue;
  }

  async execute(actor: Actor, input: DiscoverTlsInput): Promise<JobView> {
    await this.#authorize(actor, 'asset.scan', { type: 'organization', id: actor.tenantId });
    const { sensitivity, exposure, dataLifetimeYears } = input;
    const targets = [...new Set(input.targets.map((target) => canonicalEndpoint('tls-endpoint', target)))];
    return this.#uow.write(actor, async (tx) => {
      const environmentId = await this.#assets.environment(tx, input.environmentId ?? null);
      if (environmentId === null) throw inventoryErrors.INVENTORY_ENVIRONMENT_UNKNOWN();
      const scan: ScanTlsInput = { targets, environmentId, sensitivity, exposure, dataLifetimeYears };
      return this.#enqueue(tx, actor, { kind: 'scan-tls', input: scan });
    });
  }
}
