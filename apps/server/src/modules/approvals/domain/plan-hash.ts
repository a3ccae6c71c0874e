import { EnvelopeError, planHash } from '@quantumvault/envelope';
import type { GatedOperation } from '../../../kernel/approvals.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { approvalErrors } from './errors.ts';
import type { PlanFields } from './operations.ts';

/** The hash of what is about to be done (APR-2). Throws `APPROVALS_PLAN_TOO_LARGE`. */
export function hashOfPlan(
  { tenantId }: { readonly tenantId: TenantId },
  { operation, resource }: Pick<GatedOperation, 'operation' | 'resource'>,
  plan: PlanFields,
): Uint8Array {
  try {
    const { type, id } = resource;
    return planHash({ tenant: tenantId, operation, resource: { type, id }, plan });
  } catch (error) {
    if (error instanceof EnvelopeError && error.kind === 'LIMIT')
      throw approvalErrors.APPROVALS_PLAN_TOO_LARGE({ cause: error });
    throw error;
  }
}
