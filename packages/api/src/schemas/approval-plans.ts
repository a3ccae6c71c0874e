import { z } from 'zod';
import { grantRulesSchema } from './access.ts';
import { approvableOperationSchema, setApprovalPolicyBody } from './approval-policies.ts';
import { exposureSchema, sensitivitySchema } from './assets.ts';

const id = z.string();
const text = z.string();
const integer = z.number().int();
const subject = { subjectId: id, subjectName: text };
/** The level of the hierarchy that was named; all null: the organization. */
const level = { environmentId: id.nullable(), projectId: id.nullable(), serviceId: id.nullable() };
const asset = { assetId: id, name: text, type: text, endpoint: text };

/**
 * ACC-9: the closed list of operations that can be put under approval, each with every field that a plan of it has. What the
 * operation does follows from these fields and its resource: whoever adds an effect adds a field.
 */
export const approvalPlans = {
  'asset.archive': z.strictObject(asset),
  'asset.merge': z.strictObject({ ...asset, intoId: id, intoName: text, intoEndpoint: text, reason: text }),
  'asset.withdraw': z.strictObject({ ...asset, reason: text }),
  'policy.delete': z.strictObject({ policyId: id, name: text, version: integer }),
  'protection.undo': z.strictObject({ jobId: id, ...asset, artifactId: id, artifactKind: text }),
  'job.cancel': z.strictObject({ jobId: id, kind: text, assetId: id.nullable(), requestedBy: id }),
  'scan.internal': z.strictObject({
    scanId: id.nullable().meta({ description: 'The scan that it goes on with; null: a new one' }),
    targets: z.array(text).meta({ description: 'HOST:PORT, with the protocol in front where TLS is asked for by one' }),
    environmentId: id,
    profile: z.enum(['quick', 'full']),
    name: text.nullable(),
    sensitivity: sensitivitySchema,
    exposure: exposureSchema,
    dataLifetimeYears: integer,
    internal: z.boolean().meta({ description: 'Names may lead into internal networks: who asks has said so' }),
  }),
  'audit.export': z.strictObject({ scope: z.enum(['tenant', 'all']) }),
  'grant.create': z.strictObject({
    ...subject,
    effect: z.enum(['allow', 'deny']),
    role: text,
    permissions: z.array(text).meta({ description: 'Of the role, as it is now' }),
    ...level,
    notBefore: text.nullable(),
    expiresAt: text.nullable(),
    rules: grantRulesSchema,
  }),
  'grant.revoke': z.strictObject({
    grantId: id,
    ...subject,
    effect: z.enum(['allow', 'deny']),
    role: text,
    ...level,
  }),
  'role.update': z.strictObject({
    roleId: id,
    version: integer,
    name: text,
    newName: text.nullable().meta({ description: 'null: it stays' }),
    newDescription: text.nullable(),
    newPermissions: z.array(text).nullable(),
  }),
  'user.offboard': z.strictObject({ userId: id, name: text, email: text, reason: text.nullable() }),
  'approval-policy.change': z.strictObject({
    operation: approvableOperationSchema,
    policy: setApprovalPolicyBody.omit({ operation: true }).nullable().meta({ description: 'null: free of approval' }),
    version: integer.nullable().meta({ description: 'Of the policy that it replaces; null: there is none' }),
  }),
} as const;
