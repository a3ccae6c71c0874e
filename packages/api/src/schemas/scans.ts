import { z } from 'zod';
import { exposureSchema, sensitivitySchema } from './assets.ts';
import { jobStatusSchema } from './jobs.ts';
import { idSchema, instantSchema, pageQuery, textSchema } from './primitives.ts';

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

export const listScansQuery = z.strictObject({
  ...pageQuery,
  environmentId: idSchema.optional(),
  name: textSchema(190).optional().meta({ description: 'Runs of the scan of this name' }),
});

/** A scan in a list. */
export const scanSummarySchema = z.strictObject({
  id: idSchema,
  jobId: idSchema.meta({ description: 'The job that worked on it last' }),
  jobStatus: jobStatusSchema,
  name: z.string().nullable(),
  firstTarget: z.string().meta({ description: 'What a scan without a name is known by' }),
  environmentId: idSchema,
  profile: z.enum(['quick', 'full']),
  targets: count,
  status: scanSchema.shape.status,
  requestedBy: idSchema,
  createdAt: instantSchema,
  finishedAt: instantSchema.nullable(),
});
export type ScanSummary = z.infer<typeof scanSummarySchema>;

export const previewTlsScanBody = z.strictObject({
  targets: z
    .array(textSchema(300))
    .min(1)
    .max(1_000)
    .meta({ description: 'HOST, HOST:PORT, a network such as 10.0.0.0/28, with a protocol in front for STARTTLS' }),
  ports: z
    .array(z.number().int().min(1).max(65_535))
    .min(1)
    .max(16)
    .default([443])
    .meta({ description: 'Asked of every target that names no port' }),
  profile: z.enum(['quick', 'full']).default('full'),
  environmentId: idSchema.optional(),
  internal: z.boolean().default(false).meta({ description: 'As the scan would say it (`discoverTls`)' }),
});

/** What a scan would do; nothing is asked of anybody for it. */
export const tlsScanPreviewSchema = z.strictObject({
  targets: z
    .array(z.string())
    .meta({ description: 'Each once, in the form that a scan takes; refused ones are not here' }),
  named: count.meta({ description: 'Of these, host names: their addresses are judged when the scan resolves them' }),
  refused: z
    .array(z.strictObject({ target: z.string(), code: z.enum(['metadata-address', 'not-public', 'invalid-address']) }))
    .meta({ description: 'This server may not scan them (INV-7, QV_SCAN_ALLOW)' }),
  unreadable: z
    .array(z.strictObject({ target: z.string(), reason: z.string() }))
    .meta({ description: 'Entries that are no target, or networks that are too large or not open to the server' }),
  needsApproval: z.boolean().meta({ description: 'It is one of an internal network, and others have to approve it' }),
  publicOnly: z.boolean().meta({
    description: 'Scans of internal networks are under approval, and this one does not say that it is one',
  }),
  connections: count.meta({ description: 'About how many connections, if every target answers' }),
});
export type TlsScanPreview = z.infer<typeof tlsScanPreviewSchema>;
