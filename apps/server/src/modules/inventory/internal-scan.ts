import { type Cidr, isInternalHost, parseScanTarget } from '@quantumvault/inventory';
import type { PlanOf } from '../../kernel/approvals.ts';
import { type ScanTlsInput, scanTlsInputSchema } from './domain/scan-tls-input.ts';

/** Whether a scan is one of an internal network, as far as its request says (ACC-9, INV-7). Targets are in canonical form. */
export type IsInternalScan = (scan: Pick<ScanTlsInput, 'targets' | 'internal'>) => boolean;

/** `ownNetworks`: what the operator opened to scans beside public addresses. */
export const createIsInternalScan =
  (ownNetworks: readonly Cidr[]): IsInternalScan =>
  ({ targets, internal }) =>
    internal === true || targets.some((target) => isInternalHost(parseScanTarget(target).host, ownNetworks));

/** Everything that such a scan will do, for those who approve it. Its ports and protocols stand in the targets. */
export function internalScanPlan(given: ScanTlsInput, scanId: string | null): PlanOf<'scan.internal'> {
  const { targets, environmentId, profile, name, sensitivity, exposure, dataLifetimeYears, internal } =
    scanTlsInputSchema.parse(given);
  return {
    scanId,
    targets,
    environmentId,
    profile,
    name: name ?? null,
    sensitivity,
    exposure,
    dataLifetimeYears,
    internal: internal === true,
  };
}
