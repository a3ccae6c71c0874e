import type { ScanProfile } from '@quantumvault/inventory';
import type { ApprovalGate } from '../../kernel/approvals.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import type { NewJob } from '../jobs/index.ts';
import { type Classification, canonicalEndpoint } from './domain/asset.ts';
import { inventoryErrors } from './domain/errors.ts';
import type { ScanTlsInput } from './domain/scan-tls-input.ts';
import type { IsInternalScan } from './internal-scan.ts';
import type { AssetRepository } from './ports/asset-repository.ts';

export interface TlsScanRequest extends Classification {
  readonly targets: readonly string[];
  readonly environmentId?: string | undefined;
  readonly profile?: ScanProfile | undefined;
  readonly name?: string | undefined;
  readonly internal?: boolean | undefined;
}

/** The targets of a request in the form in which everything compares them. Throws `INVENTORY_ENDPOINT_INVALID`. */
export const canonicalTargets = ({ targets }: Pick<TlsScanRequest, 'targets'>): string[] => [
  ...new Set(targets.map((target) => canonicalEndpoint('tls-endpoint', target))),
];

/**
 * What the job of a scan is asked, in a transaction of whoever was permitted to ask for it. Throws
 * `INVENTORY_ENDPOINT_INVALID` or `INVENTORY_ENVIRONMENT_UNKNOWN`.
 */
export function createScanInput({ assets }: { assets: AssetRepository }) {
  return async (tx: Transaction, request: TlsScanRequest): Promise<ScanTlsInput> => {
    const { sensitivity, exposure, dataLifetimeYears, profile, name, internal } = request;
    const targets = canonicalTargets(request);
    const environmentId = await assets.environment(tx, request.environmentId ?? null);
    if (environmentId === null) throw inventoryErrors.INVENTORY_ENVIRONMENT_UNKNOWN();
    return {
      targets,
      environmentId,
      sensitivity,
      exposure,
      dataLifetimeYears,
      ...(profile === undefined ? {} : { profile }),
      ...(name === undefined ? {} : { name }),
      ...(internal === undefined ? {} : { internal }),
    };
  };
}

/**
 * The job of a scan that a schedule asks for at its time. Nobody is there then who could ask for approval, so a scan of an
 * internal network is refused where those are under approval: `INVENTORY_SCAN_NEEDS_APPROVAL`, beside what planning throws.
 */
export function createPlanTlsScan(options: {
  assets: AssetRepository;
  approvals: Pick<ApprovalGate, 'isDemanded'>;
  isInternalScan: IsInternalScan;
}) {
  const scanInput = createScanInput(options);
  return async (tx: Transaction, request: TlsScanRequest): Promise<NewJob> => {
    const input = await scanInput(tx, request);
    if (options.isInternalScan(input) && (await options.approvals.isDemanded(tx, 'scan.internal')))
      throw inventoryErrors.INVENTORY_SCAN_NEEDS_APPROVAL();
    return { kind: 'scan-tls', input };
  };
}
export type PlanTlsScan = ReturnType<typeof createPlanTlsScan>;
