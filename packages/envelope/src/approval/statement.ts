/*
 * The signed approval statement (docs/spec/approval-statement.md): what an approver says with a key of his own, so that an
 * outsider who trusts neither server nor database can check who approved which plan. The signature is a detached one (QVS1)
 * for the purpose `approval`, bound to organization and request.
 */
import { encodeCbor } from '@quantumvault/cbor';
import { need } from '../errors.ts';
import { readDetachedSignature, signContent, verifyContent } from '../signature/detached.ts';
import type { EnvelopeSigner, PublicSigner } from '../signature/signer.ts';
import { type ApprovalPlan, planHash, uuidBytes } from './plan.ts';

export interface ApprovalStatement {
  /** The plan as the approver has seen it: its hash is computed here, never taken from the server. */
  readonly plan: ApprovalPlan;
  readonly requestId: string;
  readonly requester: { readonly kind: string; readonly id: string };
  readonly approverId: string;
  readonly decision: 'approve' | 'reject';
}

export interface VerifiedApproval {
  readonly signer: PublicSigner;
  /** Milliseconds since 1970, by the approver's clock. */
  readonly statedAt: number;
}

const label = new TextEncoder().encode('quantumvault/approval-statement/v1\n');
const purpose = 'approval';
/** Algorithms that approvers may sign with: those whose signatures are short enough to be kept by the thousand. */
export const approvalAlgorithms = ['Ed25519', 'ML-DSA-65', 'ML-DSA-87', 'MLDSA65-Ed25519-SHA512'] as const;

/** The bytes that are signed (APR-4). Throws MALFORMED and LIMIT. */
export function encodeApprovalStatement({
  plan,
  requestId,
  requester,
  approverId,
  decision,
}: ApprovalStatement): Uint8Array {
  need(decision === 'approve' || decision === 'reject', 'ENVELOPE_MALFORMED', 'a decision is to approve or to reject');
  const body = encodeCbor([
    uuidBytes(plan.tenant),
    uuidBytes(requestId),
    planHash(plan),
    [requester.kind, uuidBytes(requester.id)],
    uuidBytes(approverId),
    decision,
  ]);
  const bytes = new Uint8Array(label.length + body.length);
  bytes.set(label);
  bytes.set(body, label.length);
  return bytes;
}

const placeOf = ({ plan, requestId }: ApprovalStatement) => ({
  tenant: plan.tenant,
  purpose,
  context: { request: requestId },
});

/** Signs a decision. `statedAt` is in milliseconds since 1970. Throws what the signer throws, MALFORMED and LIMIT. */
export function signApproval(
  statement: ApprovalStatement,
  { signer, statedAt }: { readonly signer: EnvelopeSigner; readonly statedAt: number },
): Promise<Uint8Array> {
  needAlgorithm(signer.signer);
  const content = encodeApprovalStatement(statement);
  return signContent([content], { ...placeOf(statement), createdAt: statedAt, signer });
}

/**
 * Verifies that one of `signers` stated this decision. Throws CONTEXT_MISMATCH for a signature of another organization or
 * request, AUTHENTICATION_FAILED for another plan, decision, person or key, and MALFORMED, LIMIT or TRUNCATED for bytes
 * that are no signature.
 */
export async function verifyApproval(
  statement: ApprovalStatement,
  { signature, signers }: { readonly signature: Uint8Array; readonly signers: readonly PublicSigner[] },
): Promise<VerifiedApproval> {
  const content = encodeApprovalStatement(statement);
  const found = await verifyContent([content], { signature, signers, expected: placeOf(statement) });
  needAlgorithm(found.signer);
  return { signer: found.signer, statedAt: found.createdAt };
}

/** Whose signature it claims to be: 32 bytes, authentic only after {@link verifyApproval}. Throws as a reader does. */
export const approvalSignerOf = (signature: Uint8Array): Uint8Array => readDetachedSignature(signature).fingerprint;

function needAlgorithm({ algorithm }: PublicSigner): void {
  const isOffered = (approvalAlgorithms as readonly string[]).includes(algorithm);
  need(isOffered, 'ENVELOPE_UNSUPPORTED', `approvals are signed with ${approvalAlgorithms.join(', ')}`);
}
