import { z } from 'zod';
import { placeInput, placeSchema } from './access.ts';
import { idSchema, instantSchema, pageQuery, textSchema } from './primitives.ts';

const roleNameSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const reasonSchema = textSchema(1_000).meta({ description: 'Why; it stays in the log' });

export const accessRequestSchema = z.strictObject({
  id: idSchema,
  subjectId: idSchema,
  role: z.string(),
  place: placeSchema.nullable(),
  durationSeconds: z.number().int(),
  reason: z.string(),
  status: z.enum(['pending', 'approved', 'denied', 'withdrawn', 'lapsed']),
  lapsesAt: instantSchema.meta({ description: 'After this nobody can approve it' }),
  decidedBy: idSchema.nullable(),
  decidedAt: instantSchema.nullable(),
  decisionReason: z.string().nullable(),
  grantId: idSchema.nullable(),
  createdAt: instantSchema,
});
export type AccessRequestView = z.infer<typeof accessRequestSchema>;

export const requestAccessBody = z.strictObject({
  role: roleNameSchema,
  place: placeInput.optional().meta({ description: 'Left out: the whole organization' }),
  durationSeconds: z
    .number()
    .int()
    .min(300)
    .max(2_592_000)
    .default(14_400)
    .meta({ description: 'From the approval on; 5 minutes to 30 days' }),
  reason: reasonSchema,
});
export const approveAccessBody = z.strictObject({ reason: reasonSchema.optional() });
export const denyAccessBody = z.strictObject({ reason: reasonSchema });
export const listAccessRequestsQuery = z.strictObject({ ...pageQuery });

export const breakGlassSchema = z.strictObject({
  grantId: idSchema,
  subjectId: idSchema,
  role: z.string(),
  place: placeSchema.nullable(),
  reason: z.string(),
  createdAt: instantSchema,
  expiresAt: instantSchema.nullable(),
  revokedAt: instantSchema.nullable(),
  reviewDueAt: instantSchema,
  overdue: z.boolean().meta({ description: 'Nobody has reviewed it in time' }),
  reviewedBy: idSchema.nullable(),
  reviewedAt: instantSchema.nullable(),
  verdict: z.enum(['justified', 'unjustified']).nullable(),
  note: z.string().nullable(),
});
export type BreakGlassView = z.infer<typeof breakGlassSchema>;

export const breakGlassBody = z.strictObject({
  role: roleNameSchema,
  place: placeInput.optional(),
  durationSeconds: z.number().int().min(300).max(14_400).default(3_600).meta({ description: '5 minutes to 4 hours' }),
  reason: reasonSchema,
});
export const listBreakGlassQuery = z.strictObject({
  ...pageQuery,
  unreviewed: z.enum(['true', 'false']).default('false').meta({ description: 'Only what nobody has reviewed' }),
});
export const reviewBreakGlassBody = z.strictObject({
  verdict: z.enum(['justified', 'unjustified']).meta({ description: 'What was not justified is also ended at once' }),
  note: reasonSchema,
});

export const accessNoticeSchema = z.strictObject({
  id: idSchema,
  kind: z.enum(['break-glass', 'password-reset', 'factors-reset']),
  resourceId: idSchema.meta({ description: 'The emergency; of a reset of your credentials, who did it' }),
  createdAt: instantSchema,
  readAt: instantSchema.nullable(),
});
export type AccessNoticeView = z.infer<typeof accessNoticeSchema>;
export const listAccessNoticesQuery = z.strictObject({ ...pageQuery });
