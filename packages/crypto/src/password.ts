import { CryptoError, need } from './errors.ts';
import { constantTimeEqual, randomBytes } from './hash.ts';
import { costOfLevel, deriveArgon2id, needAffordable, type PasswordCost, type PasswordLevel } from './password-cost.ts';
import { type CryptoPool, cryptoPool } from './pool.ts';
import type { SecretBytes } from './secret-bytes.ts';

interface StoredHash extends PasswordCost {
  readonly salt: Uint8Array;
  readonly tag: Uint8Array;
}

const saltBytes = 32;
const tagBytes = 32;
const phcLengthMax = 256;
const lengths = { saltMin: 16, saltMax: 64, tagMin: 32, tagMax: 64 } as const;

const phcPattern =
  /^\$argon2id\$v=19\$m=([1-9][0-9]{0,9}),t=([1-9][0-9]{0,9}),p=([1-9][0-9]{0,9})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll('=', '');
}

// One value has one spelling: bits left over after the last byte must be zero, else two strings would be one hash.
function fromBase64(text: string): Uint8Array {
  need(text.length % 4 !== 1, 'CRYPTO_MALFORMED', 'the password hash is not well formed');
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  need(toBase64(bytes) === text, 'CRYPTO_MALFORMED', 'the password hash is not in its one spelling');
  return bytes;
}

function format({ memoryKib, passes, parallelism, salt, tag }: StoredHash): string {
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${toBase64(salt)}$${toBase64(tag)}`;
}

function parse(phc: string): StoredHash {
  need(phc.length <= phcLengthMax, 'CRYPTO_LIMIT', `a password hash has at most ${phcLengthMax} characters`);
  const match = phcPattern.exec(phc);
  if (match === null) throw new CryptoError('CRYPTO_MALFORMED', 'the password hash is not an Argon2id PHC string');
  const [, memory = '', time = '', lanes = '', saltText = '', tagText = ''] = match;
  const memoryKib = Number(memory);
  const passes = Number(time);
  const parallelism = Number(lanes);
  needAffordable({ memoryKib, passes, parallelism });
  const salt = fromBase64(saltText);
  const tag = fromBase64(tagText);
  need(
    salt.length >= lengths.saltMin &&
      salt.length <= lengths.saltMax &&
      tag.length >= lengths.tagMin &&
      tag.length <= lengths.tagMax,
    'CRYPTO_LIMIT',
    'the salt or tag of the password hash has a length that is not allowed',
  );
  return { memoryKib, passes, parallelism, salt, tag };
}

/**
 * Hashes a password with Argon2id (RFC 9106) and a fresh salt of 32 bytes. Answers a PHC string
 * `$argon2id$v=19$m=..,t=..,p=..$salt$hash` that carries its own parameters. Throws CRYPTO_LIMIT for a password over
 * 1024 bytes and CRYPTO_POOL_FULL under load.
 */
export async function hashPassword(
  password: SecretBytes,
  level: PasswordLevel,
  pool: CryptoPool = cryptoPool,
): Promise<string> {
  const how = { ...costOfLevel(level), salt: randomBytes(saltBytes) };
  return format({ ...how, tag: await deriveArgon2id(password, { ...how, length: tagBytes }, pool) });
}

/**
 * Whether `password` belongs to the stored hash. Throws CRYPTO_MALFORMED for a string that is no Argon2id hash and
 * CRYPTO_LIMIT for one whose parameters cost too much; both before any work.
 */
export async function verifyPassword(
  password: SecretBytes,
  phc: string,
  pool: CryptoPool = cryptoPool,
): Promise<boolean> {
  const stored = parse(phc);
  const tag = await deriveArgon2id(password, { ...stored, length: stored.tag.length }, pool);
  const matches = constantTimeEqual(tag, stored.tag);
  tag.fill(0);
  return matches;
}

/** Whether a stored hash is weaker than `level`, so that it should be made anew at the next successful login. */
export function passwordNeedsRehash(phc: string, level: PasswordLevel): boolean {
  const stored = parse(phc);
  const wanted = costOfLevel(level);
  return (
    stored.memoryKib < wanted.memoryKib ||
    stored.memoryKib * stored.passes < wanted.memoryKib * wanted.passes ||
    stored.salt.length < saltBytes
  );
}

/**
 * A well-formed hash that no password matches, at the cost of `level`: verify against it when there is no such user,
 * so that the answer takes as long.
 */
export function decoyPasswordHash(level: PasswordLevel): string {
  return format({ ...costOfLevel(level), salt: randomBytes(saltBytes), tag: randomBytes(tagBytes) });
}
