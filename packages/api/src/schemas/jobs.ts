import { z } from 'zod';
import { idSchema, instantSchema, pageQuery } from './primitives.ts';

export const jobStatusSchema = z.enum(['pending', 'running', 'succeeded', 'failed', 'cancelled']);
export const jobKindSchema = z.enum(['protect-asset', 'scan-tls', 'undo-protection', 'scan-certificates']);

/** What a protection job made. */
export const protectResultSchema = z.strictObject({
  artifactId: idSchema,
  artifactKind: z.enum(['data-key', 'tls-bundle', 'jwks', 'certificate']),
});

/** What a scan found: endpoints that answered are assets now; the others are named with the cause and are not. */
export const scanTlsResultSchema = z.strictObject({
  scanId: idSchema
    .optional()
    .meta({ description: 'The scan, which has all targets; only the first 256 are named here' }),
  targets: z.number().int(),
  assets: z.array(z.strictObject({ target: z.string(), assetId: idSchema, isNew: z.boolean() })),
  unreachable: z.array(
    z.strictObject({
      target: z.string(),
      error: z
        .enum(['refused', 'reset', 'alert', 'timeout', 'dns', 'not-tls', 'address-refused'])
        .meta({ description: '`address-refused`: this server may not scan that address (QV_SCAN_ALLOW)' }),
    }),
  ),
});

export const jobSchema = z.strictObject({
  id: idSchema,
  kind: jobKindSchema,
  status: jobStatusSchema,
  assetId: idSchema.nullable(),
  policyId: idSchema.nullable(),
  policyVersion: z.number().int().nullable(),
  requestedBy: idSchema,
  priority: z.number().int(),
  attempts: z.number().int(),
  attemptsMax: z.number().int(),
  progress: z.number().int().meta({ description: 'Percent' }),
  cancelRequested: z.boolean(),
  runAt: instantSchema.meta({ description: 'Not before this time; later after a failed attempt' }),
  result: z.union([protectResultSchema, scanTlsResultSchema]).nullable(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  finishedAt: instantSchema.nullable(),
});
export type JobView = z.infer<typeof jobSchema>;

export const listJobsQuery = z.strictObject({
  ...pageQuery,
  status: jobStatusSchema.optional(),
  kind: jobKindSchema.optional(),
  assetId: idSchema.optional(),
});
