import { approvalSignerOf, EnvelopeError, parseSigner, verifyApproval } from '@quantumvault/envelope';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import type { ApprovalRequest, Vote } from './domain/approval.ts';
import { approvalErrors } from './domain/errors.ts';
import type { ApprovalRepository } from './ports/approval-repository.ts';
import type { ApproverKeys } from './ports/approver-keys.ts';

/** APR-6: clocks of approvers may differ from the database's by so much. */
const skewMs = 600_000;

export interface SignedDecision {
  readonly request: ApprovalRequest;
  readonly approverId: string;
  readonly decision: Vote['decision'];
  readonly signature: Uint8Array;
}

/** Gives the id of the registered key that signed. Throws `APPROVALS_SIGNATURE_INVALID`, whatever is wrong. */
export type CheckSignature = (tx: Transaction, signed: SignedDecision) => Promise<string>;

export function createCheckSignature(options: {
  readonly keys: ApproverKeys;
  readonly repository: Pick<ApprovalRepository, 'now'>;
}): CheckSignature {
  return async (tx, { request, approverId, decision, signature }) => {
    const own = (await options.keys.of(tx, approverId)).filter(({ withdrawnAt }) => withdrawnAt === null);
    try {
      const claimed = Buffer.from(approvalSignerOf(signature));
      const key = own.find(({ fingerprint }) => claimed.equals(fingerprint));
      if (key === undefined) throw approvalErrors.APPROVALS_SIGNATURE_INVALID();
      const { statedAt } = await verifyApproval(statementOf(tx, { request, approverId, decision }), {
        signature,
        signers: [parseSigner(key.signer)],
      });
      const now = (await options.repository.now(tx)).getTime();
      const isTimely = Math.abs(now - statedAt) <= skewMs && statedAt >= request.createdAt.getTime() - skewMs;
      if (!isTimely) throw approvalErrors.APPROVALS_SIGNATURE_INVALID();
      return key.id;
    } catch (error) {
      if (!(error instanceof EnvelopeError)) throw error;
      throw approvalErrors.APPROVALS_SIGNATURE_INVALID({ cause: error });
    }
  };
}

function statementOf(
  { tenantId }: Transaction,
  { request, approverId, decision }: Omit<SignedDecision, 'signature'>,
): Parameters<typeof verifyApproval>[0] {
  const { id, operation, resource, plan, requester } = request;
  return {
    plan: { tenant: tenantId, operation, resource, plan },
    requestId: id,
    requester,
    approverId,
    decision,
  };
}
