import { z } from 'zod';
import { encryptionProfileSchema } from './assets.ts';
import { protectResultSchema } from './jobs.ts';
import { idSchema, instantSchema, pageQuery } from './primitives.ts';
import { scanTargetSchema } from './scans.ts';

/** INV-5: one time that a scan of the server asked an asset, and what it saw then. */
export const assetScanSchema = z.strictObject({
  scanId: idSchema,
  ...scanTargetSchema.omit({ assetId: true }).shape,
  recordedAt: instantSchema.nullable(),
  facts: z
    .strictObject({
      versions: z.array(z.string()),
      suites: z.array(z.string()),
      groups: z.array(z.string()),
      preference: z.string(),
      certificate: z.string().nullable().meta({ description: 'SHA-256 of the certificate that was shown' }),
      findings: z.array(z.string()),
    })
    .nullable()
    .meta({ description: 'null: it did not answer' }),
});
export type AssetScanView = z.infer<typeof assetScanSchema>;

/** INV-9: what a protection job made for an asset, and what protected it before. */
export const assetProtectionSchema = z.strictObject({
  artifactId: idSchema,
  artifactKind: protectResultSchema.shape.artifactKind,
  jobId: idSchema,
  policyId: idSchema,
  policyVersion: z.number().int(),
  createdAt: instantSchema,
  handedOutAt: instantSchema
    .nullable()
    .meta({ description: 'When a secret of it first left or signed; from then on it cannot be undone' }),
  undoneAt: instantSchema.nullable(),
  formerProfile: encryptionProfileSchema.nullable().meta({ description: 'null: nothing was known before' }),
});
export type AssetProtectionView = z.infer<typeof assetProtectionSchema>;

export const assetHistoryQuery = z.strictObject({ ...pageQuery });
