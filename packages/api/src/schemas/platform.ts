import { z } from 'zod';
import { idSchema, instantSchema } from './primitives.ts';

export const environmentSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  type: z.enum(['production', 'staging', 'development', 'local']),
  createdAt: instantSchema,
  version: z.number().int(),
});

export const healthSchema = z.strictObject({
  status: z.enum(['ok', 'degraded', 'unavailable']),
  parts: z.record(
    z.string(),
    z.strictObject({ status: z.enum(['ok', 'degraded', 'unavailable']), message: z.string() }),
  ),
});

export const whoAmISchema = z.strictObject({
  actorId: idSchema,
  organizationId: idSchema,
  kind: z.enum(['user', 'service-account', 'device', 'job', 'system']),
  /** What the actor has shown to be who it is. */
  credential: z.enum(['api-key', 'session', 'device-key', 'certificate', 'none']),
  roles: z.array(z.string()),
  permissions: z.array(z.string()),
});

/** Facts an operator asks for; memory is the resident set of each process in bytes, null where it cannot be read. */
export const statusSchema = z.strictObject({
  version: z.string(),
  installationId: idSchema,
  role: z.enum(['web', 'worker', 'both']),
  startedAt: instantSchema,
  health: healthSchema,
  database: z.strictObject({ version: z.string(), embedded: z.boolean() }),
  audit: z.strictObject({
    logSize: z.number().int(),
    pending: z.number().int(),
    publishedSize: z.number().int(),
    chainValid: z.boolean().nullable(),
  }),
  jobs: z.strictObject({ pending: z.number().int(), running: z.number().int() }),
  memory: z.strictObject({
    serverBytes: z.number().int(),
    launcherBytes: z.number().int().nullable(),
    databaseBytes: z.number().int().nullable(),
  }),
});

export const selfTestSchema = z.strictObject({
  ok: z.boolean(),
  durationMs: z.number(),
  tests: z.array(z.strictObject({ algorithm: z.string(), ok: z.boolean(), durationMs: z.number() })),
});
