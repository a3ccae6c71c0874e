import { z } from 'zod';
import { permissions } from '../permissions.ts';
import { idSchema, instantSchema, pageQuery, textSchema } from './primitives.ts';

/** A network as people write it; that no bits are set behind the prefix is checked where it is used. */
export const networkSchema = z
  .string()
  .max(49)
  .regex(/^[0-9a-fA-F.:]{2,45}(\/[0-9]{1,3})?$/)
  .meta({ description: 'Network or address, IPv4 or IPv6', examples: ['192.0.2.0/24'] });

const permissionsSchema = z.array(z.enum(permissions)).min(1).max(200);

export const apiKeySchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  prefix: z.string().meta({ description: 'Beginning of the key, by which it is recognised' }),
  owner: z.strictObject({
    id: idSchema,
    kind: z.enum(['user', 'service-account', 'device']),
    name: z.string(),
  }),
  permissions: z.array(z.string()).nullable().meta({ description: "null: all of the owner's" }),
  environmentId: idSchema.nullable(),
  projectId: idSchema.nullable(),
  serviceId: idSchema.nullable(),
  allowedNetworks: z.array(z.string()).meta({ description: 'Empty: from everywhere' }),
  state: z.enum(['active', 'replaced', 'expired', 'revoked']).meta({ description: 'replaced: good until it expires' }),
  origin: z.enum(['made', 'setting']).meta({ description: 'setting: it came from QV_FIRST_API_KEY; replace it' }),
  createdBy: idSchema.nullable(),
  createdAt: instantSchema,
  expiresAt: instantSchema.nullable(),
  revokedAt: instantSchema.nullable(),
  lastUsedAt: instantSchema.nullable(),
  replaces: idSchema.nullable(),
  replacedBy: idSchema.nullable(),
});
export type ApiKeyView = z.infer<typeof apiKeySchema>;

/** The secret is shown here and nowhere else. */
export const newApiKeySchema = z.strictObject({ key: apiKeySchema, secret: z.string() });

const limitFields = {
  name: textSchema(200),
  permissions: permissionsSchema
    .optional()
    .meta({ description: 'What the key is for; each must be held by its maker' }),
  environmentId: idSchema.optional().meta({ description: 'Good there and below only; at most one place' }),
  projectId: idSchema.optional(),
  serviceId: idSchema.optional(),
  allowedNetworks: z.array(networkSchema).max(50).default([]),
  expiresInDays: z.number().int().min(1).max(3650).optional(),
};
const isOnePlace = (body: { environmentId?: unknown; projectId?: unknown; serviceId?: unknown }): boolean =>
  [body.environmentId, body.projectId, body.serviceId].filter((id) => id !== undefined).length <= 1;
const onePlace = { message: 'at most one of environmentId, projectId and serviceId' };

export const createOwnApiKeyBody = z.strictObject(limitFields).refine(isOnePlace, onePlace);
export const createApiKeyBody = z
  .strictObject({ serviceAccountId: idSchema, ...limitFields })
  .refine(isOnePlace, onePlace);

export const rotateApiKeyBody = z.strictObject({
  overlapHours: z
    .number()
    .int()
    .min(0)
    .max(720)
    .default(24)
    .meta({ description: 'How long the old key stays good beside the new one' }),
});

export const listOwnApiKeysQuery = z.strictObject({
  ...pageQuery,
  includeEnded: z.enum(['true', 'false']).default('false'),
});
export const listApiKeysQuery = listOwnApiKeysQuery.extend({ ownerId: idSchema.optional() });

export const serviceAccountSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  description: z.string(),
  ownerId: idSchema.nullable().meta({ description: 'The person who answers for it' }),
  status: z.enum(['active', 'suspended']),
  roles: z.array(z.string()).meta({ description: 'Roles held in the whole organization' }),
  createdAt: instantSchema,
  version: z.number().int(),
});
export type ServiceAccountView = z.infer<typeof serviceAccountSchema>;

export const listServiceAccountsQuery = z.strictObject({ ...pageQuery });
export const createServiceAccountBody = z.strictObject({
  name: textSchema(200),
  description: textSchema(1000).optional(),
  ownerId: idSchema.optional(),
});
export const updateServiceAccountBody = z
  .strictObject({
    name: textSchema(200).optional(),
    description: textSchema(1000).optional(),
    ownerId: idSchema.optional(),
    isEnabled: z.boolean().optional().meta({ description: 'false: none of its credentials works' }),
  })
  .refine((body) => Object.keys(body).length > 0, { message: 'at least one field is needed' });
