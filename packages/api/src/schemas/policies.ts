import { z } from 'zod';
import { assetTypeSchema, listAssetsQuery, riskBandSchema, simulationSchema } from './assets.ts';
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

const { type, sensitivity, exposure, band, environmentId, owner, tag, search } = listAssetsQuery.shape;

export const simulatePolicyBody = z.strictObject({
  name: textSchema(100)
    .default('simulation')
    .meta({ description: 'For the sentences of the answer; nothing is saved' }),
  spec: policySpecSchema,
  filter: z
    .strictObject({ type, sensitivity, exposure, band, environmentId, owner, tag, search })
    .default({})
    .meta({ description: 'Which assets, as the list of assets takes it; empty: all that are active' }),
  limit: z.number().int().min(1).max(200).default(50).meta({ description: 'Assets that one answer looks at' }),
  cursor: pageQuery.cursor,
});

const riskPointSchema = z.strictObject({ score: z.number(), band: riskBandSchema });

export const policySimulationItemSchema = z.strictObject({
  assetId: idSchema,
  name: z.string(),
  type: assetTypeSchema,
  endpoint: z.string(),
  outcome: z.enum(['changes', 'same', 'unfit', 'not-offered']).meta({
    description:
      'same: it is as the policy says; unfit: the policy is not for it; not-offered: this release cannot do it',
  }),
  reason: z.string().nullable(),
  changes: simulationSchema.shape.changes,
  keys: simulationSchema.shape.keys,
  riskBefore: riskPointSchema,
  riskAfter: riskPointSchema,
});
export type PolicySimulationItem = z.infer<typeof policySimulationItemSchema>;

const outcomeCount = z.number().int();

/** INV-8: a page of what the policy would make of assets, riskiest first. */
export const policySimulationSchema = z.strictObject({
  items: z.array(policySimulationItemSchema),
  counts: z
    .strictObject({ changes: outcomeCount, same: outcomeCount, unfit: outcomeCount, 'not-offered': outcomeCount })
    .meta({ description: 'Of this page' }),
  nextCursor: z.string().nullable().meta({ description: 'null: these were all' }),
});
export type PolicySimulation = z.infer<typeof policySimulationSchema>;
