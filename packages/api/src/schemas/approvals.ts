import { z } from 'zod';
import { approvableOperationSchema } from './approval-policies.ts';
import { idSchema, instantSchema, pageQuery, textSchema } from './primitives.ts';

export const approvalStatusSchema = z.enum(['pending', 'approved', 'executed', 'rejected', 'cancelled', 'expired']);

/** 64 lower-case hexadecimal digits (docs/spec/approval-statement.md, APR-2). */
export const planHashSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'SHA-256 over the exact plan, hexadecimal', examples: ['0'.repeat(64)] });

const voteSchema = z.strictObject({
  approver: z.strictObject({ id: idSchema, name: z.string() }),
  decision: z.enum(['approve', 'reject']),
  reason: z.string().nullable(),
  at: instantSchema,
  signed: z.boolean(),
  counts: z.boolean().meta({ description: 'The approver is entitled now, and it has all that is demanded' }),
});

/** A request as listings have it. */
const requestFields = {
  id: idSchema,
  operation: approvableOperationSchema,
  resource: z.strictObject({ type: z.string(), id: z.string() }),
  status: approvalStatusSchema,
  planHash: planHashSchema,
  requester: z.strictObject({
    kind: z.enum(['user', 'service-account', 'device']),
    id: idSchema,
    name: z.string(),
  }),
  reason: z.string().nullable(),
  createdAt: instantSchema,
  expiresAt: instantSchema,
  approvedAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
  changedAt: instantSchema.meta({
    description: 'When it was asked, decided about or moved last; later with each change',
  }),
  summary: z.string().meta({ description: 'One line about the plan' }),
};
export const approvalSummarySchema = z.strictObject(requestFields);
export type ApprovalSummary = z.infer<typeof approvalSummarySchema>;

/** What failed when an approved plan was carried out; it may be run again until it expires. */
export const approvalExecutionSchema = z.strictObject({
  outcome: z.enum(['executed', 'failed', 'waits-for-requester']),
  code: z.string().nullable(),
  message: z.string().nullable(),
  resultId: idSchema.nullable().meta({ description: 'What it made, e.g. a job' }),
});
export type ApprovalExecution = z.infer<typeof approvalExecutionSchema>;

export const approvalSchema = z.strictObject({
  ...requestFields,
  plan: z.record(z.string(), z.unknown()).meta({ description: 'The exact plan that the hash is of' }),
  lines: z.array(z.string()).meta({ description: 'The same plan for people' }),
  demands: z.strictObject({
    thresholds: z.array(
      z.strictObject({
        quorum: z.number().int(),
        approverRole: z.string().nullable(),
        counted: z.number().int().meta({ description: 'Approvals that count now' }),
      }),
    ),
    signatureRequired: z.boolean(),
    reasonRequired: z.boolean(),
  }),
  votes: z.array(voteSchema),
  missing: z.array(z.string()).meta({ description: 'What it still waits for, in sentences' }),
  mayDecide: z.boolean(),
  whyNot: z.string().nullable().meta({ description: 'Code of what keeps you from deciding' }),
  resultId: idSchema.nullable(),
});
export type ApprovalView = z.infer<typeof approvalSchema>;

export const decidedApprovalSchema = z.strictObject({
  approval: approvalSchema,
  execution: approvalExecutionSchema.nullable().meta({ description: 'null: the quorum is not there yet' }),
});

export const decideApprovalBody = z.strictObject({
  planHash: planHashSchema,
  reason: textSchema(1000).optional(),
  signature: z
    .base64()
    .min(1)
    .max(20_000)
    .optional()
    .meta({ description: 'Signed approval statement (docs/spec/approval-statement.md)' }),
});

export const listApprovalsQuery = z.strictObject({
  ...pageQuery,
  status: approvalStatusSchema.optional(),
  mine: z
    .enum(['requested', 'decided', 'to-decide'])
    .optional()
    .meta({ description: 'Asked by you, decided by you, or waiting for you' }),
  order: z
    .enum(['asked', 'changed'])
    .default('asked')
    .meta({ description: 'What is newest: what was asked last, or what changed last' }),
});

/** For an outsider: the plan, and every signed statement about it. */
export const approversSchema = z.strictObject({
  thresholds: z.array(
    z.strictObject({
      quorum: z.number().int(),
      approverRole: z.string().nullable().meta({ description: 'null: anybody who may decide approvals' }),
      approvers: z
        .array(z.strictObject({ id: idSchema, name: z.string(), email: z.string() }))
        .meta({ description: 'Who meets it now, the one who asked not counted; also whoever has voted already' }),
      truncated: z.boolean().meta({ description: 'There are more than are listed' }),
    }),
  ),
});
export type ApproversView = z.infer<typeof approversSchema>;

export const approvalEvidenceSchema = z.strictObject({
  format: z.literal('quantumvault-approval/1'),
  tenant: idSchema,
  requestId: idSchema,
  operation: z.string(),
  resource: z.strictObject({ type: z.string(), id: z.string() }),
  plan: z.record(z.string(), z.unknown()),
  planHash: planHashSchema,
  requester: z.strictObject({ kind: z.string(), id: idSchema }),
  status: approvalStatusSchema,
  statements: z.array(
    z.strictObject({
      approverId: idSchema,
      decision: z.enum(['approve', 'reject']),
      at: instantSchema,
      signer: z.string().nullable().meta({ description: 'qvs1...; null: not signed' }),
      signature: z.base64().nullable(),
    }),
  ),
});
export type ApprovalEvidence = z.infer<typeof approvalEvidenceSchema>;

const signerSchema = z
  .string()
  .max(8000)
  .regex(/^qvs1[02-9ac-hj-np-z]+$/)
  .meta({ description: 'Public signer as qv keygen --sign prints it', examples: ['qvs1qqqq'] });

export const approverKeySchema = z.strictObject({
  id: idSchema,
  signer: z.string(),
  algorithm: z.string(),
  fingerprint: z.string(),
  createdAt: instantSchema,
  withdrawnAt: instantSchema.nullable(),
});
export type ApproverKeyView = z.infer<typeof approverKeySchema>;
export const approverKeysSchema = z.strictObject({ items: z.array(approverKeySchema) });

export const registerApproverKeyBody = z.strictObject({
  signer: signerSchema,
  proof: z
    .base64()
    .min(1)
    .max(20_000)
    .meta({ description: 'Detached signature over the text of the signer, purpose approver-key, context subject' }),
});
