import { exposureSchema, sensitivitySchema } from '@quantumvault/api';
import { z } from 'zod';

/** What a `scan-tls` job is asked; parsed again when it runs, since it may be older than this release. */
export const scanTlsInputSchema = z.strictObject({
  targets: z.array(z.string().max(272)).min(1).max(4096),
  environmentId: z.string(),
  sensitivity: sensitivitySchema,
  exposure: exposureSchema,
  dataLifetimeYears: z.number().int().min(0).max(100),
  profile: z.enum(['quick', 'full']).default('full'),
  /** Scans of one name are runs of the same scan. */
  name: z.string().max(190).optional(),
  /** Who asked has said that names lead into internal networks. */
  internal: z.boolean().optional(),
  /** Others have approved this very scan of an internal network (ACC-9). */
  approved: z.boolean().optional(),
  /** The scan that this job goes on with. */
  scanId: z.string().optional(),
});
export type ScanTlsInput = z.input<typeof scanTlsInputSchema>;
