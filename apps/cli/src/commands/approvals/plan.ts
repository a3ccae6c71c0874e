import type { ApprovalEvidence, ApprovalView } from '@quantumvault/api';
import type { ApprovalPlan } from '@quantumvault/envelope';
import type { Connection } from '../../connection/connect.ts';
import { CliError } from '../../errors.ts';
import { hexOf } from '../envelope/signers.ts';

/** A plan as it was shown. The contract says JSON; what has no encoding is refused when it is hashed. */
export const planOf = (
  tenant: string,
  { operation, resource, plan }: Pick<ApprovalEvidence, 'operation' | 'resource' | 'plan'>,
): ApprovalPlan => ({ tenant, operation, resource, plan: plan as ApprovalPlan['plan'] });

/**
 * A request with the hash that was computed here from the plan that the server shows (APR-3). A server that shows one plan and
 * names the hash of another is found out. Throws CLI_ANSWER_BROKEN.
 */
export async function readApproval(
  { client }: Connection,
  { id, organizationId }: { readonly id: string; readonly organizationId: string },
): Promise<{ readonly approval: ApprovalView; readonly plan: ApprovalPlan; readonly planHash: string }> {
  const { planHash } = await import('@quantumvault/envelope');
  const approval = await client.getApproval({ params: { id } });
  const plan = planOf(organizationId, approval);
  const computed = planHash(plan);
  if (await isHash(computed, approval.planHash)) return { approval, plan, planHash: hexOf(computed) };
  throw new CliError('CLI_ANSWER_BROKEN', 'The server shows a plan that is not the one of its hash. Nothing was sent.');
}

/** Whether text names these bytes. */
export async function isHash(computed: Uint8Array, text: string): Promise<boolean> {
  const { constantTimeEqual } = await import('@quantumvault/crypto');
  return constantTimeEqual(computed, Buffer.from(text, 'hex'));
}
