import { z } from 'zod';
import { idSchema, instantSchema, pageQuery, textSchema } from './primitives.ts';

const base64url = (lengthMax: number, example: string) =>
  z
    .string()
    .max(lengthMax)
    .regex(/^[A-Za-z0-9_-]+$/)
    .meta({ examples: [example] });

export const deviceAlgorithms = ['Ed25519', 'ML-DSA-65'] as const;

export const deviceSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  status: z.enum(['active', 'revoked']),
  algorithm: z.enum(deviceAlgorithms),
  keyFingerprint: z.string().meta({ description: 'SHA-256 of the public key, base64url' }),
  permissions: z.array(z.string()).meta({ description: 'The most that it may; what it may is given to it as grants' }),
  macAddresses: z.array(z.string()).meta({ description: 'As the agent reports them: weak evidence' }),
  enrolledBy: idSchema,
  enrolledAt: instantSchema,
  lastSeenAt: instantSchema.nullable(),
});
export type DeviceView = z.infer<typeof deviceSchema>;

export const listDevicesQuery = z.strictObject({
  ...pageQuery,
  includeRevoked: z.enum(['true', 'false']).default('false'),
});

export const createDeviceEnrollmentBody = z.strictObject({
  name: textSchema(200).meta({ description: 'What the device will be called' }),
  expiresInHours: z.number().int().min(1).max(168).default(24),
});
/** The token is shown here and nowhere else. */
export const deviceEnrollmentSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  expiresAt: instantSchema,
  token: z.string(),
});

export const enrollDeviceBody = z.strictObject({
  token: z.string().min(1).max(200).meta({ description: 'One-time token that an administrator made' }),
  algorithm: z.enum(deviceAlgorithms),
  publicKey: base64url(2700, 'A'.repeat(43)).meta({ description: 'Raw public key, base64url' }),
  proof: base64url(4500, 'A'.repeat(86)).meta({
    description: 'Signature over the message of docs/design/identities.md',
  }),
});
export const enrolledDeviceSchema = z.strictObject({
  deviceId: idSchema,
  organizationId: idSchema,
  installationId: idSchema,
});

export const deviceTokenBody = z.strictObject({
  clientId: idSchema.meta({ description: 'Id of the device' }),
  assertion: z
    .string()
    .max(8000)
    .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/)
    .meta({ description: 'Signed with the device’s key (RFC 7523), good once', examples: ['e30.e30.e30'] }),
});
export const deviceTokenSchema = z.strictObject({
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresAt: instantSchema,
});
