import { z } from 'zod';
import { idSchema, instantSchema, textSchema } from './primitives.ts';

/** One of our own secrets: its kind, then 256 random bits. The kind lets a leak detector name what was lost. */
const secretSchema = (kind: string) =>
  z
    .string()
    .regex(new RegExp(`^${kind}_[A-Za-z0-9_-]{43}$`))
    .meta({ examples: [`${kind}_${'A'.repeat(43)}`] });

export const passwordSchema = textSchema(256);
/** Any text: what is no address is refused like a wrong one. */
const givenEmail = textSchema(320);
export const refreshTokenSchema = secretSchema('qvr');
export const ticketSchema = secretSchema('qvt');
export const passwordResetTokenSchema = secretSchema('qvp');
export const deviceCodeSchema = secretSchema('qvd');
/** Two groups of four consonants, so that no word appears and no letter is mistaken for a digit. */
export const userCodeSchema = z
  .string()
  .regex(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
  .meta({ examples: ['BCDF-GHJK'] });

/**
 * Where the tokens of the new session go. `cookie`: into cookies that no script can read; a browser gets these whatever
 * it asks for. `token`: into the answer, for programs that keep them.
 */
const transportSchema = z.enum(['cookie', 'token']);

export const signInBody = z.strictObject({
  email: givenEmail,
  password: passwordSchema,
  organizationId: idSchema.optional().meta({ description: 'Needed when the address has accounts in several' }),
  transport: transportSchema.optional(),
});

export const signedInSchema = z.strictObject({
  status: z.literal('signed-in'),
  sessionId: idSchema,
  organizationId: idSchema,
  subjectId: idSchema,
  transport: transportSchema,
  accessToken: z.string().nullable().meta({ description: 'Null where it is in a cookie' }),
  refreshToken: z.string().nullable().meta({ description: 'Null where it is in a cookie' }),
  csrfToken: z
    .string()
    .nullable()
    .meta({ description: 'For X-CSRF-Token on requests that change state; browsers only' }),
  expiresAt: instantSchema.meta({ description: 'When the access token ends' }),
  sessionEndsAt: instantSchema,
  mustChangePassword: z.boolean().meta({ description: 'The session may only change the password or end' }),
});
export type SignedIn = z.infer<typeof signedInSchema>;

export const secondFactorMethods = ['totp', 'passkey', 'recovery-code'] as const;
export type SecondFactorMethod = (typeof secondFactorMethods)[number];

export const signInAnswerSchema = z.discriminatedUnion('status', [
  signedInSchema,
  z.strictObject({
    status: z.literal('second-factor'),
    ticket: z.string(),
    methods: z.array(z.enum(secondFactorMethods)),
    expiresAt: instantSchema,
  }),
]);
export type SignInAnswer = z.infer<typeof signInAnswerSchema>;

export const refreshBody = z.strictObject({
  refreshToken: refreshTokenSchema.optional().meta({ description: 'Absent: from the cookie' }),
});

export const changePasswordBody = z.strictObject({
  currentPassword: passwordSchema
    .optional()
    .meta({ description: 'Not needed for some minutes after a second factor was shown' }),
  newPassword: passwordSchema,
});
/** The sessions of the user have ended; one that asked goes on as a new one. */
export const passwordChangedSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('changed') }),
  signedInSchema,
]);

export const passwordResetSchema = z.strictObject({
  token: z.string().meta({ description: 'Shown once; whoever has it may set the password once' }),
  expiresAt: instantSchema,
});
export const resetPasswordBody = z.strictObject({ token: passwordResetTokenSchema, newPassword: passwordSchema });

export const sessionSchema = z.strictObject({
  id: idSchema,
  subjectId: idSchema,
  isCurrent: z.boolean(),
  transport: transportSchema,
  createdAt: instantSchema,
  lastUsedAt: instantSchema.meta({ description: 'Within a minute' }),
  idleEndsAt: instantSchema,
  endsAt: instantSchema,
  authenticatedAt: instantSchema,
  mfaAt: instantSchema.nullable(),
  sourceAddress: z.string().nullable().meta({ description: 'Where it was begun; null once erased' }),
  userAgent: z.string().nullable(),
});
export type SessionView = z.infer<typeof sessionSchema>;
export const sessionListSchema = z.strictObject({ items: z.array(sessionSchema) });

export const revokeSessionsBody = z.strictObject({
  sessionId: idSchema.optional().meta({ description: 'Absent: all sessions of the user' }),
});
export const revokedSessionsSchema = z.strictObject({ revoked: z.number().int() });

export const deviceSignInBody = z.strictObject({
  clientName: textSchema(100).meta({ description: 'Shown to whoever approves, e.g. the host name' }),
});
/** RFC 8628 section 3.2, in this interface's spelling. */
export const deviceSignInSchema = z.strictObject({
  deviceCode: z.string(),
  userCode: z.string(),
  expiresAt: instantSchema,
  intervalSeconds: z.number().int(),
});
export const pollDeviceBody = z.strictObject({ deviceCode: deviceCodeSchema });
export const deviceAnswerSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('pending') }),
  z.strictObject({ status: z.literal('slow-down') }),
  z.strictObject({ status: z.literal('denied') }),
  signedInSchema,
]);
export const deviceLookupBody = z.strictObject({ userCode: userCodeSchema });
export const deviceLookupSchema = z.strictObject({ clientName: z.string() });
export const deviceDecisionBody = z.strictObject({
  userCode: userCodeSchema,
  decision: z.enum(['approve', 'deny']),
});
