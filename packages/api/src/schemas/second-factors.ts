import { z } from 'zod';
import { idSchema, instantSchema, textSchema } from './primitives.ts';
import { passwordSchema, secondFactorMethods, ticketSchema } from './sign-in.ts';

const base64url = (lengthMax: number, description: string) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    .regex(/^[A-Za-z0-9_-]+$/)
    .meta({ description: `${description}, base64url`, examples: ['AAAAAAAAAAAAAAAAAAAAAA'] });

export const totpCodeSchema = z
  .string()
  .regex(/^[0-9]{6}$/)
  .meta({ description: 'The six digits that the authenticator app shows', examples: ['000000'] });

/** A code of an app, or a recovery code in any spelling of its sixteen letters. */
export const factorCodeSchema = z
  .string()
  .min(6)
  .max(40)
  .regex(/^[A-Za-z0-9 -]+$/)
  .meta({ description: 'Six digits of the app, or a recovery code', examples: ['000000'] });

// What browsers give as PublicKeyCredential.toJSON() (WebAuthn level 3). They may add fields: those are let go.
const credentialParts = {
  id: base64url(1400, "The credential's id"),
  rawId: base64url(1400, 'The same'),
  type: z.literal('public-key').meta({ examples: ['public-key'] }),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).nullish(),
};
export const passkeyAttestationSchema = z
  .object({
    ...credentialParts,
    response: z.object({
      clientDataJSON: base64url(8_192, 'Client data'),
      attestationObject: base64url(32_768, 'Attestation object'),
      transports: z
        .array(
          z
            .string()
            .max(20)
            .regex(/^[a-z-]+$/),
        )
        .max(10)
        .optional(),
    }),
  })
  .meta({ description: 'The new credential, as PublicKeyCredential.toJSON() gives it' });
export const passkeyAssertionSchema = z
  .object({
    ...credentialParts,
    response: z.object({
      clientDataJSON: base64url(8_192, 'Client data'),
      authenticatorData: base64url(8_192, 'Authenticator data'),
      signature: base64url(8_192, 'Signature'),
      userHandle: base64url(100, "The user's handle").nullish(),
    }),
  })
  .meta({ description: 'The assertion, as PublicKeyCredential.toJSON() gives it' });
export type PasskeyAttestation = z.infer<typeof passkeyAttestationSchema>;
export type PasskeyAssertion = z.infer<typeof passkeyAssertionSchema>;

const descriptorSchema = z.strictObject({
  type: z.literal('public-key'),
  id: z.string(),
  transports: z.array(z.string()).optional(),
});
/** For `navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })`. */
export const passkeyCreationSchema = z.strictObject({
  challengeId: idSchema,
  expiresAt: instantSchema,
  options: z.strictObject({
    rp: z.strictObject({ id: z.string(), name: z.string() }),
    user: z.strictObject({ id: z.string(), name: z.string(), displayName: z.string() }),
    challenge: z.string(),
    pubKeyCredParams: z.array(z.strictObject({ type: z.literal('public-key'), alg: z.number().int() })),
    timeout: z.number().int(),
    excludeCredentials: z.array(descriptorSchema),
    authenticatorSelection: z.strictObject({
      residentKey: z.literal('required'),
      requireResidentKey: z.literal(true),
      userVerification: z.literal('required'),
    }),
    attestation: z.literal('none'),
  }),
});
/** For `navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })`. */
export const passkeyRequestSchema = z.strictObject({
  challengeId: idSchema,
  expiresAt: instantSchema,
  options: z.strictObject({
    rpId: z.string(),
    challenge: z.string(),
    timeout: z.number().int(),
    allowCredentials: z.array(descriptorSchema),
    userVerification: z.literal('required'),
  }),
});
export type PasskeyCreation = z.infer<typeof passkeyCreationSchema>;
export type PasskeyRequest = z.infer<typeof passkeyRequestSchema>;

export const passkeySchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  createdAt: instantSchema,
  lastUsedAt: instantSchema.nullable(),
  isBackedUp: z.boolean().meta({ description: 'Synchronised by its provider; such a passkey has no useful counter' }),
  version: z.number().int(),
});

export const secondFactorsSchema = z.strictObject({
  isRequired: z.boolean().meta({ description: 'The organization requires a second factor of this user' }),
  isEnrolled: z.boolean(),
  totp: z.strictObject({ createdAt: instantSchema, lastUsedAt: instantSchema.nullable() }).nullable(),
  passkeys: z.array(passkeySchema),
  recoveryCodesLeft: z.number().int(),
  stepUpMaxAgeSeconds: z.number().int(),
});

export const totpEnrolmentSchema = z.strictObject({
  secret: z.string().meta({ description: 'Base32; shown once' }),
  uri: z.string().meta({ description: 'otpauth URI for a QR code; shown once' }),
  expiresAt: instantSchema,
});

export const recoveryCodesSchema = z.strictObject({
  recoveryCodes: z.array(z.string()).meta({ description: 'Shown once; each is good once' }),
});

export const registeredPasskeySchema = z.strictObject({
  ...passkeySchema.shape,
  ...recoveryCodesSchema.shape,
});

export const confirmTotpBody = z.strictObject({ code: totpCodeSchema });
export const passkeyNameSchema = textSchema(100).meta({ description: 'What its owner calls it', examples: ['Laptop'] });
export const registerPasskeyBody = z.strictObject({
  challengeId: idSchema,
  name: passkeyNameSchema,
  credential: passkeyAttestationSchema,
});
export const renamePasskeyBody = z.strictObject({ name: passkeyNameSchema });
const proofParts = {
  code: factorCodeSchema.optional().meta({ description: 'With totp and recovery-code' }),
  challengeId: idSchema.optional().meta({ description: 'With passkey' }),
  credential: passkeyAssertionSchema.optional(),
};
export const secondStepBody = z.strictObject({
  ticket: ticketSchema,
  method: z.enum(secondFactorMethods),
  ...proofParts,
});
export const ticketBody = z.strictObject({ ticket: ticketSchema });
export const transportOfPasskeySchema = z.enum(['cookie', 'token']);
export const passkeySignInBody = z.strictObject({
  challengeId: idSchema,
  credential: passkeyAssertionSchema,
  transport: transportOfPasskeySchema.optional(),
});
export const stepUpBody = z.strictObject({
  method: z.enum(['password', 'totp', 'passkey']),
  password: passwordSchema.optional(),
  ...proofParts,
});
export const stepUpSchema = z.strictObject({
  authenticatedAt: instantSchema.nullable(),
  mfaAt: instantSchema.nullable(),
  maxAgeSeconds: z.number().int().meta({ description: 'For how long the proof counts as fresh' }),
});
export const resetFactorsBody = z.strictObject({ reason: textSchema(500) });
