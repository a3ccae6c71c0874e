import { CryptoError, need } from './errors.ts';
import { constantTimeEqual, randomBytes } from './hash.ts';
import { nativeArgon2id } from './native/argon2.ts';
import { type CryptoPool, cryptoPool } from './pool.ts';
import { type SecretBytes, secretAccess } from './secret-bytes.ts';

/** Cost of a password hash. `high` aims at about 100 ms on one core of a present machine. */
export type PasswordLevel = 'standard' | 'high' | 'maximum';

interface Cost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly parallelism: number;
}

interface StoredHash extends Cost {
  readonly salt: Uint8Array;
  readonly tag: Uint8Array;
}

// `standard` is the OWASP minimum of 19 MiB and two passes; the others raise memory first, which costs an attacker
// most. One lane each: OpenSSL computes lanes one after the other here, so more would only help the attacker.
const levels: Readonly<Record<PasswordLevel, Cost>> = {
  standard: { memoryKib: 19_456, passes: 2, parallelism: 1 },
  high: { memoryKib: 47_104, passes: 2, parallelism: 1 },
  maximum: { memoryKib: 131_072, passes: 3, parallelism: 1 },
};

const saltBytes = 32;
const tagBytes = 32;
const passwordBytesMax = 1024;

// CRY-5: a stored value brings its own parameters, so whoever can write one could order any amount of work. These
// bounds are checked before any of it; `workMax` bounds the product, in KiB times passes, to about a second.
const limits = {
  memoryKibMax: 262_144,
  passesMax: 12,
  parallelismMax: 4,
  workMax: 1_048_576,
  phcLengthMax: 256,
} as const;
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

function needLevel(level: PasswordLevel): Cost {
  need(Object.hasOwn(levels, level), 'CRYPTO_OPTION_UNSUPPORTED', 'the password level is standard, high or maximum');
  return levels[level];
}

function format({ memoryKib, passes, parallelism, salt, tag }: StoredHash): string {
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${toBase64(salt)}$${toBase64(tag)}`;
}

function parse(phc: string): StoredHash {
  need(
    phc.length <= limits.phcLengthMax,
    'CRYPTO_LIMIT',
    `a password hash has at most ${limits.phcLengthMax} characters`,
  );
  const match = phcPattern.exec(phc);
  if (match === null) throw new CryptoError('CRYPTO_MALFORMED', 'the password hash is not an Argon2id PHC string');
  const [, memory = '', time = '', lanes = '', saltText = '', tagText = ''] = match;
  const memoryKib = Number(memory);
  const passes = Number(time);
  const parallelism = Number(lanes);
  need(
    memoryKib <= limits.memoryKibMax &&
      passes <= limits.passesMax &&
      parallelism <= limits.parallelismMax &&
      memoryKib * passes <= limits.workMax,
    'CRYPTO_LIMIT',
    'the password hash asks for more work than is allowed',
  );
  need(memoryKib >= 8 * parallelism, 'CRYPTO_MALFORMED', 'Argon2 needs 8 KiB of memory for each lane');
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

async function derive(password: SecretBytes, how: Omit<StoredHash, 'tag'>, tagLength: number, pool: CryptoPool) {
  need(password.length <= passwordBytesMax, 'CRYPTO_LIMIT', `a password has at most ${passwordBytesMax} bytes`);
  // The caller may dispose its secret while the call waits or works, so the call has a copy that is erased after it.
  const message = password.open(secretAccess, (bytes) => new Uint8Array(bytes));
  try {
    return await pool.run('argon2', () => nativeArgon2id({ ...how, message, tagLength }));
  } finally {
    message.fill(0);
  }
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
  const how = { ...needLevel(level), salt: randomBytes(saltBytes) };
  return format({ ...how, tag: await derive(password, how, tagBytes, pool) });
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
  const tag = await derive(password, stored, stored.tag.length, pool);
  const matches = constantTimeEqual(tag, stored.tag);
  tag.fill(0);
  return matches;
}

/** Whether a stored hash is weaker than `level`, so that it should be made anew at the next successful login. */
export function passwordNeedsRehash(phc: string, level: PasswordLevel): boolean {
  const stored = parse(phc);
  const wanted = needLevel(level);
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
  return format({ ...needLevel(level), salt: randomBytes(saltBytes), tag: randomBytes(tagBytes) });
}
