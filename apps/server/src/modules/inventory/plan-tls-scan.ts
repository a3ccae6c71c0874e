import type { ScanProfile } from '@quantumvault/inventory';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import type { NewJob } from '../jobs/index.ts';
import { type Classification, canonicalEndpoint } from './domain/asset.ts';
import { inventoryErrors } from './domain/errors.ts';
import type { ScanTlsInput } from './domain/scan-tls-input.ts';
import type { AssetRepository } from './ports/asset-repository.ts';

export interface TlsScanRequest extends Classification {
  readonly targets: readonly string[];
  readonly environmentId?: string | undefined;
  readonly profile?: ScanProfile | undefined;
  readonly name?: string | undefined;
}

/**
 * The job that scans TLS endpoints, in a transaction of whoever was permitted to ask for it: a request, or a schedule at
 * its time. Throws `INVENTORY_ENDPOINT_INVALID` or `INVENTORY_ENVIRONMENT_UNKNOWN`.
 */
export function createPlanTlsScan({ assets }: { assets: AssetRepository }) {
  return async (tx: Transaction, request: TlsScanRequest): Promise<NewJob> => {
    const { sensitivity, exposure, dataLifetimeYears, profile, name } = request;
    const targets = [...new Set(request.targets.map((target) => canonicalEndpoint('tls-endpoint', target)))];
    const environmentId = await assets.environment(tx, request.environmentId ?? null);
    if (environmentId === null) throw inventoryErrors.INVENTORY_ENVIRONMENT_UNKNOWN();
    const scan: ScanTlsInput = {
      targets,
      environmentId,
      sensitivity,
      exposure,
      dataLifetimeYears,
      ...(profile === undefined ? {} : { profile }),
      ...(name === undefined ? {} : { name }),
    };
    return { kind: 'scan-tls', input: scan };
  };
}
export type PlanTlsScan = ReturnType<typeof createPlanTlsScan>;
