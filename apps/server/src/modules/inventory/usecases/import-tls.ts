import type { AssetView } from '@quantumvault/api';
import { formatScanTarget, parseScanTarget, type TlsScanResult, targetOfResult } from '@quantumvault/inventory';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { authorizeDefault } from '../authorize-default.ts';
import { assetView, type Classification, canonicalEndpoint } from '../domain/asset.ts';
import { inventoryErrors } from '../domain/errors.ts';
import { placeOfNew } from '../domain/place-of-new.ts';
import type { AssetRepository } from '../ports/asset-repository.ts';
import type { RecordTlsScans } from '../record-tls-scans.ts';

export interface ImportTlsInput extends Classification {
  readonly results: readonly TlsScanResult[];
  readonly environmentId?: string | undefined;
}

function hostAndPort(result: TlsScanResult): Pick<TlsScanResult, 'host' | 'port'> {
  const endpoint = canonicalEndpoint('tls-endpoint', formatScanTarget(targetOfResult(result)));
  const { host, port } = parseScanTarget(endpoint);
  return { host, port };
}

/**
 * Stores scan results that were made elsewhere. Their evidence says so: this server has only the caller's word for
 * them. Throws `INVENTORY_NOTHING_OBSERVED`, `INVENTORY_ENDPOINT_INVALID` or `INVENTORY_ENVIRONMENT_UNKNOWN`.
 */
export class ImportTls {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #assets: AssetRepository;
  readonly #record: RecordTlsScans;
  readonly #clock: Clock;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    assets: AssetRepository;
    record: RecordTlsScans;
    clock: Clock;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#assets = options.assets;
    this.#record = options.record;
    this.#clock = options.clock;
  }

  async execute(actor: Actor, input: ImportTlsInput): Promise<{ items: AssetView[] }> {
    await this.#authorize(actor, 'asset.scan', placeOfNew(actor, input.environmentId));
    const parts = { authorize: this.#authorize, uow: this.#uow, assets: this.#assets };
    const { environmentId: named } = input;
    const judged = await authorizeDefault(parts, actor, { action: 'asset.scan', environmentId: named });
    const { sensitivity, exposure, dataLifetimeYears } = input;
    const results = input.results.map((result) => ({
      ...result,
      ...hostAndPort(result),
    }));
    const observedAt = this.#clock.now().toISOString();
    return this.#uow.write(actor, async (tx) => {
      const environmentId = await this.#assets.environment(tx, judged ?? null);
      if (environmentId === null) throw inventoryErrors.INVENTORY_ENVIRONMENT_UNKNOWN();
      const recorded = await this.#record(tx, {
        results,
        source: 'cli-scan',
        observedAt,
        environmentId,
        classification: { sensitivity, exposure, dataLifetimeYears },
      });
      if (recorded.length === 0) throw inventoryErrors.INVENTORY_NOTHING_OBSERVED();
      return { items: recorded.map(({ asset }) => assetView(asset)) };
    });
  }
}
