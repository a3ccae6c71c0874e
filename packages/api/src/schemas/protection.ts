import { z } from 'zod';
import { idSchema, instantSchema, textSchema } from './primitives.ts';

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

/** RFC 7517; ML-DSA as RFC 9964 has it (`AKP`), Ed25519 as RFC 9864. Public members only. */
const jwkSchema = z.strictObject({
  kty: z.enum(['AKP', 'EC', 'OKP']),
  alg: z.string(),
  use: z.literal('sig'),
  kid: base64url.meta({ description: 'RFC 7638 thumbprint' }),
  crv: z.string().optional(),
  x: base64url.optional(),
  y: base64url.optional(),
  pub: base64url.optional(),
});

/** A JWK Set to publish as it is: readers ignore the member that RFC 7517 does not know. */
export const jwksSchema = z.strictObject({
  keys: z.array(jwkSchema).meta({ description: 'Newest first, and of one age in the order of the policy' }),
  lifetimes: z.array(
    z.strictObject({
      kid: base64url,
      notBefore: instantSchema,
      retiresAt: instantSchema.nullable().meta({ description: 'When a replaced key leaves; null: it signs' }),
    }),
  ),
});

const claimSchema = z.union([
  z.string().max(2000),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string().max(200)).max(50),
]);

/** Claims that the server states itself. */
const serverClaims: ReadonlySet<string> = new Set(['iat', 'nbf', 'exp']);

export const signTokenBody = z.strictObject({
  claims: z
    .record(textSchema(64), claimSchema)
    .refine((claims) => Object.keys(claims).length <= 50, { message: 'at most 50 claims' })
    .refine((claims) => !Object.keys(claims).some((name) => serverClaims.has(name)), {
      message: 'iat, nbf and exp are stated by the server',
    }),
  expiresInSeconds: z.number().int().min(1).max(86_400).default(900),
  algorithm: textSchema(32)
    .optional()
    .meta({ description: "JOSE name, e.g. ML-DSA-65 or ES256; default: the policy's first choice" }),
});

export const signedTokenSchema = z.strictObject({
  token: z.string().meta({ description: 'Compact JWS' }),
  kid: base64url,
  algorithm: z.string(),
  expiresAt: instantSchema,
});

/** A protection that was taken back. */
export const undoneSchema = z.strictObject({
  jobId: idSchema,
  assetId: idSchema,
  artifactId: idSchema,
  riskScore: z.number().meta({ description: "The asset's risk without it" }),
});
