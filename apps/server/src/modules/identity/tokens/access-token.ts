import { signJwt } from '@quantumvault/crypto';
import { z } from 'zod';
import type { KeyRing } from './key-ring.ts';
import { accessTokenType } from './key-ring.ts';

/*
 * Access tokens (ACC-4): compact JWS with the claims below, five minutes long. Written here and read here alone, so the
 * reader accepts exactly what the writer makes. It never parses the header that it is given: the KeyRing knows the header
 * of each of our keys as text, so no `alg`, `kid`, `jku`, `x5u`, `jwk` or `crit` of a caller is ever looked at, and the
 * claims are parsed after the signature has been verified. A JOSE library would have to be told to refuse all of that.
 */

export const accessTokenSeconds = 300;
/** Who reads the tokens. */
export const accessTokenAudience = 'quantumvault-api';
/** Longest token that is looked at: ML-DSA-65 makes about 4.9 kB. */
export const accessTokenLengthMax = 6_000;
/** Processes on several hosts do not agree on the time. */
const skewSeconds = 30;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const id = z.string().regex(uuid);
const claimsSchema = z.strictObject({
  iss: id,
  aud: z.literal(accessTokenAudience),
  sub: id,
  org: id,
  jti: id,
  iat: z.number().int().min(0),
  exp: z.number().int().min(0),
});

export interface AccessTokenClaims {
  readonly subjectId: string;
  readonly organizationId: string;
  readonly sessionId: string;
}

export interface IssuedToken {
  readonly text: string;
  readonly expiresAt: Date;
}

const seconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);

/** Signs a token for a session. `endsAt`: it never outlives its session. Null while no key signs. */
export async function issueAccessToken(
  ring: KeyRing,
  options: { issuer: string; now: Date; endsAt: Date } & AccessTokenClaims,
): Promise<IssuedToken | null> {
  const key = ring.signer(options.now);
  if (key === null) return null;
  const iat = seconds(options.now);
  const exp = Math.min(iat + accessTokenSeconds, seconds(options.endsAt));
  const claims: z.infer<typeof claimsSchema> = {
    iss: options.issuer,
    aud: accessTokenAudience,
    sub: options.subjectId,
    org: options.organizationId,
    jti: options.sessionId,
    iat,
    exp,
  };
  return { text: await signJwt({ key, claims, typ: accessTokenType }), expiresAt: new Date(exp * 1000) };
}

/** Base64url in its one spelling; null for another, so that two texts are never one token. */
function decode(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}

/** The claims of a token that this installation signed and that holds now; null for everything else. No database. */
export function readAccessToken(
  ring: KeyRing,
  text: string,
  { issuer, now }: { issuer: string; now: Date },
): AccessTokenClaims | null {
  if (text.length > accessTokenLengthMax) return null;
  const parts = text.split('.');
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || header === undefined || payload === undefined || signature === undefined) return null;
  const key = ring.verifierOf(header, now);
  const [claimBytes, signatureBytes] = [decode(payload), decode(signature)];
  if (key === null || claimBytes === null || signatureBytes === null) return null;
  if (!key.verify({ message: Buffer.from(`${header}.${payload}`, 'ascii'), signature: signatureBytes })) return null;
  const claims = claimsSchema.safeParse(parse(claimBytes));
  if (!claims.success || claims.data.iss !== issuer) return null;
  const { iat, exp, sub, org, jti } = claims.data;
  const at = now.getTime() / 1000;
  if (exp <= at || iat > at + skewSeconds || exp - iat > accessTokenSeconds) return null;
  return { subjectId: sub, organizationId: org, sessionId: jti };
}
