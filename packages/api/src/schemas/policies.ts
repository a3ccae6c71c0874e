import { z } from 'zod';
import { assetTypeSchema } from './assets.ts';
import { idSchema, instantSchema, pageQuery, textSchema } from './primitives.ts';

const algorithmList = z.array(textSchema(64)).min(1).max(16);

/** INV-8: what a protection policy says. Algorithms are registry ids, in order of preference. */
export const policySpecSchema = z.strictObject({
  mode: z.enum(['classical', 'pqc', 'hybrid']),
  kem: algorithmList,
  signature: algorithmList,
  aead: algorithmList,
  rotationDays: z.number().int().min(1).max(365),
  targetLevel: z
    .number()
    .int()
    .min(0)
    .max(5)
    .meta({ description: 'NIST category that the quantum-resistant choices must reach; 0 in classical mode' }),
  assetTypes: z.array(assetTypeSchema).max(9).default([]).meta({ description: 'Empty: every type' }),
  deadline: z.iso
    .date()
    .nullable()
    .default(null)
    .meta({ description: 'By when every asset under this policy must be protected' }),
});

export const policySchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  builtIn: z.boolean(),
  version: z.number().int(),
  spec: policySpecSchema,
  createdAt: instantSchema,
  updatedAt: instantSchema,
});
export type PolicyView = z.infer<typeof policySchema>;

export const createPolicyBody = z.strictObject({ name: textSchema(100), spec: policySpecSchema });
export const updatePolicyBody = z
  .strictObject({ name: textSchema(100).optional(), spec: policySpecSchema.optional() })
  .refine((body) => Object.keys(body).length > 0, { message: 'at least one field is needed' });
export const listPoliciesQuery = z.strictObject({ ...pageQuery });
