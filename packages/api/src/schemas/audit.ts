import { z } from 'zod';
import { idSchema, instantSchema, pageQuery } from './primitives.ts';

export const auditEventSchema = z.strictObject({
  id: idSchema,
  time: instantSchema,
  action: z.string(),
  outcome: z.enum(['success', 'refused', 'failed']),
  actor: z.strictObject({ kind: z.string(), id: idSchema }),
  resource: z.strictObject({ type: z.string(), id: z.string() }),
  requestId: z.string().nullable(),
  source: z.string().nullable().meta({ description: 'Source address; null when unknown or erased' }),
  reason: z.strictObject({ code: z.string(), text: z.string().nullable() }).nullable(),
  riskScore: z.number().int(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  logIndex: z.number().int().nullable().meta({ description: 'null until the sequencer has given one (about 200 ms)' }),
  tenantSequence: z.number().int().nullable(),
});
export type AuditEventView = z.infer<typeof auditEventSchema>;

export const listAuditQuery = z.strictObject({
  ...pageQuery,
  action: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/)
    .max(64)
    .optional()
    .meta({ description: 'noun.verb, as in docs/reference/audit-actions.md', examples: ['asset.created'] }),
  resourceId: idSchema.optional(),
  from: instantSchema.optional().meta({ description: 'Not before this instant' }),
  to: instantSchema.optional().meta({ description: 'Before this instant' }),
});

export const chainVerificationSchema = z.strictObject({
  valid: z.boolean(),
  totalEvents: z.number().int(),
  message: z.string(),
  firstBadEvent: z.strictObject({ logIndex: z.number().int(), tenantSequence: z.number().int().nullable() }).nullable(),
  checkpoint: z.string().nullable(),
});

export const exportAuditQuery = z.strictObject({
  scope: z
    .enum(['tenant', 'all'])
    .default('tenant')
    .meta({ description: 'all: every leaf of the installation; platform administrators only' }),
});

export const auditProofSchema = z.strictObject({
  eventId: idSchema,
  logIndex: z.number().int(),
  leaf: z.base64(),
  proof: z.string().meta({ description: 'C2SP tlog-proof file: index, inclusion proof and signed checkpoint' }),
});

export const logKeysSchema = z.strictObject({
  origin: z.string().meta({ description: 'Name of the log; first line of its checkpoints' }),
  keys: z.string().meta({
    description: 'Public keys of the log in the form of log.vkey; a verifier compares them with a copy kept elsewhere',
  }),
});
