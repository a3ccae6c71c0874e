import { z } from 'zod';
import { idSchema } from './primitives.ts';

// A grant is a sentence that a person reads; more than this belongs into several grants.
const entriesMax = 100;
const listOf = <T extends z.ZodType<string>>(entry: T) =>
  z
    .array(entry)
    .min(1)
    .max(entriesMax)
    .refine((entries) => new Set(entries).size === entries.length, { message: 'each entry once' });

export const weeklyHoursSchema = z.strictObject({
  timeZone: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z][A-Za-z0-9_+/-]*$/)
    .meta({ description: 'IANA time zone in which the times are meant', examples: ['Europe/Berlin'] }),
  windows: z
    .array(
      z.strictObject({
        days: z
          .array(z.number().int().min(1).max(7))
          .min(1)
          .max(7)
          .refine((days) => new Set(days).size === days.length, { message: 'each day once' })
          .meta({ description: 'Days on which the window begins: 1 is Monday, 7 is Sunday' }),
        from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM, 00:00 to 23:59'),
        to: z
          .string()
          .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'HH:MM, 00:00 to 24:00')
          .meta({ description: 'When it is not after `from`: on the next day' }),
      }),
    )
    .min(1)
    .max(20),
});
export type WeeklyHours = z.infer<typeof weeklyHoursSchema>;

/** ACC-7: the conditions of a grant beside its time window, as they are stored and as the interface takes them. */
export const grantRulesSchema = z.strictObject({
  mfaMaxAgeSeconds: z
    .number()
    .int()
    .min(30)
    .max(86_400)
    .optional()
    .meta({ description: 'The second factor was given at most so long ago' }),
  countries: listOf(z.string().regex(/^[A-Z]{2}$/, 'two capital letters'))
    .optional()
    .meta({ description: "ISO 3166-1 codes, judged by the operator's database (QV_GEOIP_FILE)" }),
  devices: listOf(idSchema).optional().meta({ description: 'Enrolled devices whose key the request has proven' }),
  macAddresses: listOf(
    z.string().regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/, 'six pairs of hex digits, e.g. 02:00:5e:10:00:01'),
  )
    .optional()
    .meta({ description: 'Reported by the enrolled device: weak evidence, any host can take the address of another' }),
  purposes: listOf(
    z
      .string()
      .max(60)
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower case, e.g. incident-response'),
  )
    .optional()
    .meta({ description: 'What the request must say that it is for: on the record, and no evidence' }),
  addresses: listOf(
    z
      .string()
      .max(50)
      .regex(/^[0-9a-fA-F.:]+(\/[0-9]{1,3})?$/, 'an address or a network, e.g. 10.0.0.0/8'),
  )
    .optional()
    .meta({ description: 'Networks of the caller; a mapped IPv4 address is the IPv4 address' }),
  hours: weeklyHoursSchema.optional().meta({ description: 'Hours of the week by the clock of a time zone' }),
});
export type GrantRules = z.infer<typeof grantRulesSchema>;
