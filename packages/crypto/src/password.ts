import { constantTimeEqual, randomBytes } from './hash.ts';
import type { PasswordLevel } from './password-cost.ts';
import { type CryptoPool, cryptoPool } from './pool.ts';
import type { SecretBytes } from './secret-bytes.ts';
import {
  costOfScheme,
  deriveStored,
  formatStored,
  isWeaker,
  type PasswordScheme,
  parseStored,
} from './stored-password.ts';

const saltBytes = 32;
const tagBytes = 32;
const defaultScheme: PasswordScheme = 'argon2id';

/**
 * Hashes a password with Argon2id (RFC 9106) and a fresh salt of 32 bytes. Answers a PHC string
 * `$argon2id$v=19$m=..,t=..,p=..$salt$hash` that carries its own parameters. Throws CRYPTO_LIMIT for a password over
 * 1024 bytes and CRYPTO_POOL_FULL under load.
 */
export function hashPassword(
  password: SecretBytes,
  level: PasswordLevel,
  pool: CryptoPool = cryptoPool,
): Promise<string> {
  return hashPasswordBy(password, { scheme: defaultScheme, level }, pool);
}

/** {@link hashPassword} by another scheme, for a profile that names it (PBKDF2 where only algorithms of FIPS may be). */
export async function hashPasswordBy(
  password: SecretBytes,
  { scheme, level }: { readonly scheme: PasswordScheme; readonly level: PasswordLevel },
  pool: CryptoPool = cryptoPool,
): Promise<string> {
  const how = { ...costOfScheme(scheme, level), salt: randomBytes(saltBytes) };
  return formatStored({ ...how, tag: await deriveStored(password, { ...how, length: tagBytes }, pool) });
}

/**
 * Whether `password` belongs to the stored hash, by whichever scheme it names. Throws CRYPTO_MALFORMED for a string that
 * is no password hash and CRYPTO_LIMIT for one whose parameters cost too much; both before any work.
 */
export async function verifyPassword(
  password: SecretBytes,
  phc: string,
  pool: CryptoPool = cryptoPool,
): Promise<boolean> {
  const stored = parseStored(phc);
  const tag = await deriveStored(password, { ...stored, length: stored.tag.length }, pool);
  const matches = constantTimeEqual(tag, stored.tag);
  tag.fill(0);
  return matches;
}

/**
 * Whether a stored hash is weaker than `level`, or of another scheme than new ones, so that it should be made anew at the
 * next successful login.
 */
export function passwordNeedsRehash(
  phc: string,
  level: PasswordLevel,
  scheme: PasswordScheme = defaultScheme,
): boolean {
  const stored = parseStored(phc);
  return stored.scheme !== scheme || isWeaker(stored, level) || stored.salt.length < saltBytes;
}

/**
 * A well-formed hash that no password matches, at the cost of `level`: verify against it when there is no such user,
 * so that the answer takes as long.
 */
export function decoyPasswordHash(level: PasswordLevel, scheme: PasswordScheme = defaultScheme): string {
  return formatStored({ ...costOfScheme(scheme, level), salt: randomBytes(saltBytes), tag: randomBytes(tagBytes) });
}
