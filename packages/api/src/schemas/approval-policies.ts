import { z } from 'zod';
import { idSchema, instantSchema, textSchema } from './primitives.ts';

/** ACC-9: every operation that an organization can put under approval. The list is closed; policies name its members. */
export const approvableOperations = [
  'asset.archive',
  'asset.merge',
  'asset.withdraw',
  'policy.delete',
  'protection.undo',
  'job.cancel',
  'scan.internal',
  'audit.export',
  'grant.create',
  'grant.revoke',
  'role.update',
  'user.offboard',
  'approval-policy.change',
] as const;
export type ApprovableOperationName = (typeof approvableOperations)[number];
export const approvableOperationSchema = z.enum(approvableOperations);

const networkSchema = z
  .string()
  .max(49)
  .regex(/^[0-9a-fA-F.:]+\/[0-9]{1,3}$/)
  .meta({ description: 'CIDR block', examples: ['10.0.0.0/8'] });

const roleNameSchema = textSchema(100).meta({ description: 'Built-in or custom role', examples: ['auditor'] });

/** What an organization demands before an operation. */
const demandFields = {
  quorum: z.number().int().min(1).max(20).meta({ description: 'Different people who must approve' }),
  approverRole: roleNameSchema.nullable().default(null).meta({ description: 'null: whoever may decide approvals' }),
  expiresInSeconds: z.number().int().min(60).max(2_592_000).default(86_400),
  signatureRequired: z
    .boolean()
    .default(false)
    .meta({ description: "Each approval is signed with the approver's key" }),
  reasonRequired: z
    .boolean()
    .default(true)
    .meta({ description: 'Approvers say why; a requester says it as the purpose of the request' }),
  approverNetworks: z
    .array(networkSchema)
    .max(50)
    .default([])
    .meta({ description: 'Approvers decide from these networks only; empty: from anywhere' }),
};

export const setApprovalPolicyBody = z.strictObject({ operation: approvableOperationSchema, ...demandFields });

export const approvalPolicySchema = z.strictObject({
  operation: approvableOperationSchema,
  quorum: z.number().int(),
  approverRole: z.string().nullable(),
  expiresInSeconds: z.number().int(),
  signatureRequired: z.boolean(),
  reasonRequired: z.boolean(),
  approverNetworks: z.array(z.string()),
  updatedBy: idSchema,
  updatedAt: instantSchema,
  version: z.number().int(),
});
export type ApprovalPolicyView = z.infer<typeof approvalPolicySchema>;

/** Every operation of the list, with the policy that the organization has for it. */
export const approvalPoliciesSchema = z.strictObject({
  items: z.array(
    z.strictObject({
      operation: approvableOperationSchema,
      sentence: z.string(),
      policy: approvalPolicySchema.nullable(),
    }),
  ),
});

export const approvalOperationParams = z.strictObject({
  operation: z
    .string()
    .max(64)
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/)
    .meta({ description: 'Name of an operation', examples: ['asset.archive'] }),
});
