import { exposureSchema, sensitivitySchema } from '@quantumvault/api';
import { z } from 'zod';

/** What a `scan-tls` job is asked; parsed again when it runs, since it may be older than this release. */
export const scanTlsInputSchema = z.strictObject({
  targets: z.array(z.string().max(272)).min(1).max(256),
  environmentId: z.string(),
  sensitivity: sensitivitySchema,
  exposure: exposureSchema,
  dataLifetimeYears: z.number().int().min(0).max(100),
});
export type ScanTlsInput = z.infer<typeof scanTlsInputSchema>;
