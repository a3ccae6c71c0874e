import { z } from 'zod';
import { discoverTlsBody } from './assets.ts';
import { idSchema, instantSchema, textSchema } from './primitives.ts';

const cronSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^(@[a-z]+|[0-9A-Za-z*,/#-]+( [0-9A-Za-z*,/#-]+){4})$/)
  .meta({
    description: 'Minute, hour, day of month, month, day of week; or @hourly, @daily, @weekly, @monthly, @yearly',
    examples: ['0 3 * * *'],
  });

const timeZoneSchema = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_+/-]*$/)
  .meta({ description: 'IANA time zone in which the times are meant', examples: ['Europe/Berlin'] });

const prioritySchema = z.number().int().min(-100).max(100);

/** What a schedule asks for at each of its times: the same as the request that asks for it once. */
export const scheduledWorkSchema = z.union([
  z.strictObject({ kind: z.enum(['scan-tls']), ...discoverTlsBody.shape }),
  z.strictObject({ kind: z.enum(['protect-asset']), assetId: idSchema, policyId: idSchema }),
]);
export type ScheduledWork = z.infer<typeof scheduledWorkSchema>;

export const scheduleSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  work: scheduledWorkSchema,
  cron: z.string(),
  timeZone: z.string(),
  priority: z.number().int().meta({ description: 'Of its jobs' }),
  enabled: z.boolean(),
  disabledReason: z.string().nullable().meta({ description: 'Code, when the server and not a user has paused it' }),
  nextRunAt: instantSchema.nullable(),
  lastRunAt: instantSchema.nullable(),
  lastJobId: idSchema.nullable(),
  createdBy: idSchema,
  createdAt: instantSchema,
  updatedAt: instantSchema,
  version: z.number().int(),
});
export type ScheduleView = z.infer<typeof scheduleSchema>;

export const createScheduleBody = z.strictObject({
  name: textSchema(200),
  work: scheduledWorkSchema,
  cron: cronSchema,
  timeZone: timeZoneSchema.default('UTC'),
  priority: prioritySchema.default(0),
  enabled: z.boolean().default(true),
});

export const updateScheduleBody = z
  .strictObject({
    name: textSchema(200).optional(),
    cron: cronSchema.optional(),
    timeZone: timeZoneSchema.optional(),
    priority: prioritySchema.optional(),
    enabled: z.boolean().optional().meta({ description: 'false pauses; true resumes with the next time from now on' }),
  })
  .refine((body) => Object.keys(body).length > 0, { message: 'at least one field is needed' });
