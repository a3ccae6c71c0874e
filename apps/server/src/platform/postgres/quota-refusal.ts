import { AppError } from '../../kernel/app-error.ts';
import { kernelErrors } from '../../kernel/errors.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { AuditEntry } from '../../kernel/unit-of-work.ts';
import { sqlState } from './connection.ts';

/** SQLSTATE of the triggers that count what an organization has (ACC-13). */
const quotaState = 'QV001';

interface QuotaFacts {
  readonly quota: string;
  readonly limit: number;
  readonly used: number;
}

function factsOf(error: unknown): QuotaFacts | null {
  if (sqlState(error) !== quotaState) return null;
  const { quota, limit, used } = JSON.parse(String(Reflect.get(Object(error), 'detail')));
  return { quota: String(quota), limit: Number(limit), used: Number(used) };
}

/** `QUOTA_EXCEEDED` with which quota, how much of it and who can raise it; null when no quota is what failed. */
export function quotaRefusal(error: unknown): AppError | null {
  const facts = factsOf(error);
  if (facts === null) return null;
  const { quota, limit, used } = facts;
  return kernelErrors.QUOTA_EXCEEDED({
    detail: `The quota ${quota} of the organization is used up: ${used} of ${limit}. A platform administrator can raise it.`,
    cause: error,
  });
}

/** What is recorded of such a refusal (AUD-1); null when the failure is another one. */
export function quotaEvent(failure: unknown, organizationId: TenantId): AuditEntry | null {
  const facts = failure instanceof AppError ? factsOf(failure.cause) : null;
  if (facts === null) return null;
  return {
    action: 'quota.exceeded',
    resource: { type: 'organization', id: organizationId },
    outcome: 'refused',
    reason: { code: 'QUOTA_EXCEEDED' },
    details: { ...facts },
  };
}
