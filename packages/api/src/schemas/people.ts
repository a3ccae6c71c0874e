import { z } from 'zod';
import { roles } from '../permissions.ts';
import { idSchema, instantSchema, pageQuery, textSchema } from './primitives.ts';

/** An address as people write it; whether mail reaches it, only mail can tell. Compared without regard to case. */
export const emailSchema = z
  .string()
  .min(3)
  .max(320)
  .regex(/^[^\p{Cc}\p{Cs}\p{Z}@]+@[^\p{Cc}\p{Cs}\p{Z}@]+$/u)
  .meta({ description: 'Email address', examples: ['person@example.org'] });

export const displayNameSchema = textSchema(200).meta({ description: 'Name that others see' });

export const subjectStatusSchema = z.enum(['invited', 'active', 'suspended', 'offboarded']);

export const userSchema = z.strictObject({
  id: idSchema,
  email: z.string(),
  displayName: z.string(),
  status: subjectStatusSchema,
  roles: z
    .array(z.string())
    .meta({ description: 'Roles held in the whole organization; grants on parts of it are not here' }),
  hasPassword: z.boolean(),
  invitation: z
    .strictObject({ invitedBy: idSchema, createdAt: instantSchema, expiresAt: instantSchema })
    .nullable()
    .meta({ description: 'The one that is open' }),
  createdAt: instantSchema,
  version: z.number().int(),
});
export type UserView = z.infer<typeof userSchema>;

export const listUsersQuery = z.strictObject({
  ...pageQuery,
  status: subjectStatusSchema.optional(),
  emailPrefix: textSchema(320).optional().meta({ description: 'Beginning of the email address, in any case' }),
});

const reasonSchema = textSchema(500).optional().meta({ description: 'Kept encrypted in the audit log' });

export const inviteUserBody = z.strictObject({
  email: emailSchema,
  displayName: displayNameSchema.optional(),
  roles: z
    .array(z.enum(roles))
    .max(6)
    .default([])
    .meta({ description: 'Held from the moment of joining; at most what the inviter may' }),
});

/** The token is shown here and nowhere else. */
export const invitedSchema = z.strictObject({ user: userSchema, token: z.string(), expiresAt: instantSchema });

export const joinBody = z.strictObject({
  token: z.string().min(1).max(200).meta({ description: 'Of the invitation' }),
  password: z.string().min(1).max(1000),
  displayName: displayNameSchema,
});
export const joinedSchema = z.strictObject({ userId: idSchema, organizationId: idSchema, email: z.string() });

export const reasonBody = z.strictObject({ reason: reasonSchema });
export const ownNameBody = z.strictObject({ displayName: displayNameSchema });
export const ownNameSchema = z.strictObject({ id: idSchema, displayName: z.string() });

/** A credential that somebody who left has seen, and what to do about it. */
export const seenCredentialSchema = z.strictObject({
  kind: z.enum(['data-key', 'tls-bundle', 'certificate', 'signed-token', 'api-key', 'device', 'client-certificate']),
  resourceType: z.string(),
  resourceId: idSchema,
  name: z.string().nullable().meta({ description: 'Of the asset or key, as it was at the off-boarding' }),
  times: z.number().int(),
  lastSeenAt: instantSchema,
  advice: z.string(),
});

export const offboardingSchema = z.strictObject({
  id: idSchema,
  userId: idSchema,
  offboardedBy: idSchema,
  offboardedAt: instantSchema,
  revoked: z.strictObject({
    sessions: z.number().int(),
    apiKeys: z.number().int(),
    grants: z.number().int(),
    approvals: z.number().int(),
    invitations: z.number().int(),
    factors: z.number().int().meta({ description: 'Passkeys and authenticator apps; recovery codes go with them' }),
  }),
  rotate: z.array(seenCredentialSchema),
  isTruncated: z.boolean().meta({ description: 'More was seen than this report holds' }),
  serviceAccounts: z
    .array(idSchema)
    .meta({ description: 'Service accounts that the person owned and that nobody owns now' }),
  notKnown: z.array(z.string()).meta({ description: 'What no record of this installation can tell' }),
});
export type OffboardingView = z.infer<typeof offboardingSchema>;
