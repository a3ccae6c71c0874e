import { z } from 'zod';

/** ACC-13: what an organization may have or send; requests are counted in memory, everything else from the rows. */
export const quotaKinds = [
  'requests-per-minute',
  'requests-per-day',
  'assets',
  'keys',
  'jobs',
  'api-keys',
  'users',
  'storage-bytes',
] as const;
export type QuotaKind = (typeof quotaKinds)[number];

const quotaMax = 1_000_000_000_000_000;

export const quotaSchema = z.strictObject({
  kind: z.enum(quotaKinds),
  limit: z.number().int(),
  used: z.number().int().nullable().meta({ description: 'Null for requests, which the limit headers tell of' }),
  isOverride: z
    .boolean()
    .meta({ description: 'Set by the platform for this organization; else a setting of the server' }),
});
export const quotasSchema = z.strictObject({ items: z.array(quotaSchema) });

const quotaFrom = (least: number) => z.number().int().min(least).max(quotaMax).nullable().optional();
/** None at all is a suspension, which has an operation of its own. */
const requests = quotaFrom(1);
const things = quotaFrom(0);

/** Null takes an override back. */
export const changeQuotasBody = z
  .strictObject({
    'requests-per-minute': requests,
    'requests-per-day': requests,
    assets: things,
    keys: things,
    jobs: things,
    'api-keys': things,
    users: things,
    'storage-bytes': things,
  })
  .refine((body) => Object.keys(body).length > 0, 'at least one quota');

export type QuotaView = z.infer<typeof quotaSchema>;
export type ChangeQuotas = z.infer<typeof changeQuotasBody>;
