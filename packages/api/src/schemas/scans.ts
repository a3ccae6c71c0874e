import { z } from 'zod';
import { exposureSchema, sensitivitySchema } from './assets.ts';
import { idSchema, instantSchema, pageQuery } from './primitives.ts';

export const targetChangeSchema = z.enum(['new', 'changed', 'same', 'gone', 'absent']);

const count = z.number().int();

/** INV-5: one scan with all jobs that worked on it. */
export const scanSchema = z.strictObject({
  id: idSchema.meta({ description: 'The id of its first job' }),
  jobId: idSchema.meta({ description: 'The job that worked on it last' }),
  name: z.string().nullable(),
  previousId: idSchema.nullable().meta({ description: 'The run that it is compared with' }),
  environmentId: idSchema,
  sensitivity: sensitivitySchema,
  exposure: exposureSchema,
  dataLifetimeYears: z.number().int(),
  profile: z.enum(['quick', 'full']),
  targets: count,
  status: z
    .strictObject({ pending: count, answered: count, unreachable: count, refused: count })
    .meta({ description: 'Targets by what became of them' }),
  change: z
    .strictObject({ new: count, changed: count, same: count, gone: count, absent: count })
    .meta({ description: 'Targets by how they stand against the run before, or against what was known of the asset' }),
  createdAt: instantSchema,
  finishedAt: instantSchema.nullable(),
});
export type ScanView = z.infer<typeof scanSchema>;

export const scanTargetSchema = z.strictObject({
  target: z.string(),
  status: z.enum(['pending', 'answered', 'unreachable', 'refused']),
  change: targetChangeSchema.nullable(),
  changed: z
    .array(z.string())
    .meta({ description: 'What differs: versions, suites, groups, preference, certificate, findings' }),
  error: z.string().nullable(),
  assetId: idSchema.nullable(),
});
export type ScanTargetView = z.infer<typeof scanTargetSchema>;

export const listScanTargetsQuery = z.strictObject({ ...pageQuery, change: targetChangeSchema.optional() });
