import { z } from 'zod';
import { permissions } from '../permissions.ts';
import { idSchema, instantSchema, pageQuery, textSchema } from './primitives.ts';

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

export const permissionSchema = z
  .enum(permissions, { error: 'no such permission; the role platform-admin lists all' })
  .meta({ description: 'noun.verb' });

/** Where a right holds: on one level and everything below it. */
export const placeSchema = z.strictObject({
  environmentId: idSchema.nullable(),
  projectId: idSchema.nullable(),
  serviceId: idSchema.nullable(),
});

/** One level below the organization; what lies above it is known. */
export const placeInput = z
  .strictObject({
    environmentId: idSchema.optional(),
    projectId: idSchema.optional(),
    serviceId: idSchema.optional(),
  })
  .refine((place) => Object.values(place).filter((id) => id !== undefined).length === 1, {
    message: 'exactly one of environmentId, projectId and serviceId',
  });
export type PlaceInput = z.infer<typeof placeInput>;

const roleNameSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .meta({ description: 'Lower case with hyphens', examples: ['release-manager'] });
const rolePermissions = z
  .array(permissionSchema)
  .min(1)
  .max(permissions.length)
  .refine((names) => new Set(names).size === names.length, { message: 'each permission once' });

export const roleSchema = z.strictObject({
  id: idSchema.nullable().meta({ description: 'Null for a built-in role' }),
  name: z.string(),
  description: z.string(),
  builtIn: z.boolean(),
  permissions: z.array(z.string()),
  createdAt: instantSchema.nullable(),
  version: z.number().int(),
});
export type RoleView = z.infer<typeof roleSchema>;
export const createRoleBody = z.strictObject({
  name: roleNameSchema,
  description: textSchema(1_000).optional(),
  permissions: rolePermissions,
});
export const updateRoleBody = z
  .strictObject({
    name: roleNameSchema.optional(),
    description: textSchema(1_000).optional(),
    permissions: rolePermissions.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, { message: 'at least one field is needed' });

const sourceSchema = z.enum(['direct', 'temporary', 'break-glass']);
const effectSchema = z.enum(['allow', 'deny']);

export const grantSchema = z.strictObject({
  id: idSchema,
  subjectId: idSchema,
  effect: effectSchema,
  role: z.string(),
  place: placeSchema.nullable().meta({ description: 'Null for the whole organization; else the level that was named' }),
  notBefore: instantSchema.nullable(),
  expiresAt: instantSchema.nullable(),
  rules: z.record(z.string(), z.unknown()).meta({ description: 'Conditions, as in the request' }),
  source: sourceSchema,
  grantedBy: idSchema.nullable(),
  createdAt: instantSchema,
  revokedAt: instantSchema.nullable(),
});
export type GrantView = z.infer<typeof grantSchema>;

const timeWindow = {
  notBefore: instantSchema.optional(),
  expiresAt: instantSchema.optional().meta({ description: 'From this instant on it does not apply' }),
};
export const createGrantBody = z
  .strictObject({
    subjectId: idSchema,
    effect: effectSchema.default('allow'),
    role: roleNameSchema,
    place: placeInput.optional().meta({ description: 'Left out: the whole organization' }),
    ...timeWindow,
    rules: grantRulesSchema.optional(),
  })
  .refine(({ notBefore, expiresAt }) => notBefore === undefined || expiresAt === undefined || notBefore < expiresAt, {
    message: 'expiresAt must come after notBefore',
  });
export const listGrantsQuery = z.strictObject({
  ...pageQuery,
  subjectId: idSchema.optional(),
  includeRevoked: z.enum(['true', 'false']).default('false'),
});

const conditionSchema = z.enum([
  'notBefore',
  'expiresAt',
  'hours',
  'addresses',
  'countries',
  'devices',
  'macAddresses',
  'mfaMaxAgeSeconds',
  'purposes',
  'unreadable',
]);

export const explainAccessBody = z
  .strictObject({
    permission: permissionSchema,
    subjectId: idSchema.optional().meta({ description: 'Left out: the caller; another one takes grant.read' }),
    place: placeInput.optional(),
    resource: z
      .strictObject({
        type: z
          .string()
          .max(40)
          .regex(/^[a-z]+(-[a-z]+)*$/),
        id: idSchema,
      })
      .optional()
      .meta({ description: 'Where this thing stands, e.g. an asset' }),
    facts: z
      .strictObject({
        at: instantSchema.optional(),
        address: z.string().max(50).optional(),
        country: z
          .string()
          .regex(/^[A-Z]{2}$/)
          .optional(),
        deviceId: idSchema.optional(),
        mfaAt: instantSchema.optional(),
        purpose: z.string().max(60).optional(),
      })
      .optional()
      .meta({ description: 'Instead of the facts of this request; what is left out is not known' }),
  })
  .refine(({ place, resource }) => place === undefined || resource === undefined, {
    message: 'either a place or a resource',
  });

export const accessExplanationSchema = z.strictObject({
  allowed: z.boolean(),
  reason: z.enum([
    'GRANT',
    'MEMBER',
    'CREDENTIAL_TOO_NARROW',
    'DENIED',
    'CONDITIONS_NOT_MET',
    'NO_PERMISSION',
    'MFA_REQUIRED',
    'STEP_UP_REQUIRED',
  ]),
  sentence: z.string(),
  subjectId: idSchema,
  permission: permissionSchema,
  place: placeSchema.nullable(),
  decidedBy: z.string().nullable().meta({ description: 'The grant that allows or denies' }),
  grants: z.array(
    z.strictObject({
      grantId: z.string(),
      effect: effectSchema,
      role: z.string(),
      level: z.enum(['organization', 'environment', 'project', 'service']),
      placeId: idSchema.nullable(),
      inherited: z.boolean().meta({ description: 'Given above the place that was asked about' }),
      reaching: z.boolean().meta({ description: 'False: given elsewhere' }),
      applies: z.boolean(),
      lacking: z.array(z.strictObject({ condition: conditionSchema, standing: z.enum(['unmet', 'unknown']) })),
    }),
  ),
  truncated: z.boolean().meta({ description: 'There are more grants than are listed' }),
  proof: z
    .strictObject({
      demand: z.enum(['MFA_REQUIRED', 'STEP_UP_REQUIRED']).nullable(),
      standing: z
        .enum(['not-demanded', 'shown', 'missing', 'unknown'])
        .meta({ description: 'unknown: it depends on a sign-in that is not this one' }),
    })
    .meta({ description: 'What must be shown beside the grants (ACC-5)' }),
  approvals: z
    .array(
      z.strictObject({
        operation: z.string(),
        sentence: z.string(),
        thresholds: z.array(z.strictObject({ quorum: z.number().int(), approverRole: z.string().nullable() })),
        signatureRequired: z.boolean(),
        approvers: z
          .array(z.strictObject({ id: idSchema, name: z.string() }))
          .nullable()
          .meta({ description: 'Who may approve now, the subject not counted; null: you may not read users' }),
        truncated: z.boolean().meta({ description: 'There are more approvers than are listed' }),
      }),
    )
    .nullable()
    .meta({ description: 'What waits for others behind this permission (ACC-9); null: you may not know' }),
});
export type AccessExplanation = z.infer<typeof accessExplanationSchema>;
