// scrypt and PBKDF2 (CRY-5). Argon2id is what the product writes; these two exist to read what others stored and for the
// profile that wants an algorithm of a FIPS document. Each has two sets of bounds: those of a password hash, and the wider
// ones of a file format that brings its own parameters, where a low cost harms only whoever chose it.

import { type NativePbkdf2Hash, nativePbkdf2, nativeScrypt } from '#native/password-kdf';
import { need } from './errors.ts';
import type { PasswordLevel } from './password-cost.ts';
import { type CryptoPool, cryptoPool } from './pool.ts';
import { SecretBytes, secretAccess } from './secret-bytes.ts';

export interface ScryptCost {
  /** The binary logarithm of N. */
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

export interface Pbkdf2Cost {
  readonly hash: NativePbkdf2Hash;
  readonly iterations: number;
}

export const scryptLevels: Readonly<Record<PasswordLevel, ScryptCost>> = {
  standard: { logN: 15, r: 8, p: 1 },
  high: { logN: 16, r: 8, p: 1 },
  maximum: { logN: 17, r: 8, p: 1 },
};

export const pbkdf2Levels: Readonly<Record<PasswordLevel, number>> = {
  standard: 600_000,
  high: 1_000_000,
  maximum: 2_000_000,
};

const passwordBytesMax = 1024;
const saltBytesMax = 1024;
const keyBytesMax = 1024;
// 256 MiB, as for Argon2id, and so that the work factor 18 of age can be read. `p` repeats the work one after the other.
const scryptMemoryMax = 256 * 1024 * 1024;
const scryptWorkMax = 2 * scryptMemoryMax;
/** About a second each on a present machine. */
const pbkdf2IterationsMax: Readonly<Record<NativePbkdf2Hash, number>> = { sha256: 8_000_000, sha512: 2_000_000 };

const isWhole = (value: number, min: number): boolean => Number.isSafeInteger(value) && value >= min;

/** Refuses hostile parameters before any work: CRYPTO_LIMIT, or CRYPTO_MALFORMED for impossible ones. */
export function needAffordableScrypt({ logN, r, p }: ScryptCost): void {
  need(isWhole(logN, 1) && isWhole(r, 1) && isWhole(p, 1), 'CRYPTO_MALFORMED', 'scrypt takes whole numbers from 1');
  const memory = logN <= 32 && r <= 64 ? 128 * r * 2 ** logN : Number.POSITIVE_INFINITY;
  const isAffordable = memory <= scryptMemoryMax && p <= 64 && memory * p <= scryptWorkMax;
  need(isAffordable, 'CRYPTO_LIMIT', 'scrypt is asked for more work than is allowed');
}

/** The bounds of a stored password: N of 32768, r of 8 and p of 1, and stronger. */
export function needScryptOfPasswords(cost: ScryptCost): void {
  needAffordableScrypt(cost);
  const isStrong = cost.logN >= scryptLevels.standard.logN && cost.r >= scryptLevels.standard.r;
  need(isStrong, 'CRYPTO_LIMIT', 'a password hash by scrypt has N of at least 32768 and r of at least 8');
}

export function needAffordablePbkdf2({ hash, iterations }: Pbkdf2Cost): void {
  need(
    Object.hasOwn(pbkdf2IterationsMax, hash),
    'CRYPTO_OPTION_UNSUPPORTED',
    'PBKDF2 is offered with SHA-256 and SHA-512',
  );
  need(isWhole(iterations, 1), 'CRYPTO_MALFORMED', 'PBKDF2 takes a whole number of rounds from 1');
  const isAffordable = iterations <= pbkdf2IterationsMax[hash];
  need(isAffordable, 'CRYPTO_LIMIT', 'PBKDF2 is asked for more work than is allowed');
}

export function needPbkdf2OfPasswords(cost: Pbkdf2Cost): void {
  needAffordablePbkdf2(cost);
  const isStrong = cost.iterations >= pbkdf2Levels.standard;
  need(isStrong, 'CRYPTO_LIMIT', `a password hash by PBKDF2 has at least ${pbkdf2Levels.standard} rounds`);
}

interface Work {
  readonly password: SecretBytes;
  readonly salt: Uint8Array;
  /** Bytes wanted. */
  readonly length: number;
}

function needWork({ password, salt, length }: Work): void {
  need(password.length <= passwordBytesMax, 'CRYPTO_LIMIT', `a password has at most ${passwordBytesMax} bytes`);
  need(salt.length <= saltBytesMax, 'CRYPTO_LIMIT', `a salt has at most ${saltBytesMax} bytes`);
  const isLength = isWhole(length, 1) && length <= keyBytesMax;
  need(isLength, 'CRYPTO_LIMIT', `a derived key has 1 to ${keyBytesMax} bytes`);
}

/** The caller may dispose its secret while the call waits or works, so the call has a copy that is erased after it. */
async function withCopy(password: SecretBytes, use: (copy: Uint8Array) => Promise<Uint8Array>): Promise<Uint8Array> {
  const copy = password.open(secretAccess, (bytes) => new Uint8Array(bytes));
  try {
    return await use(copy);
  } finally {
    copy.fill(0);
  }
}

/** The caller has checked the cost and erases the result. scrypt shares the lane of Argon2id, whose memory it matches. */
export function deriveScrypt(work: Work & ScryptCost, pool: CryptoPool): Promise<Uint8Array> {
  needWork(work);
  const { salt, length, logN, r: blockSize, p: parallelism } = work;
  return withCopy(work.password, (password) =>
    pool.run('argon2', () => nativeScrypt({ password, salt, cost: 2 ** logN, blockSize, parallelism, length })),
  );
}

/** The caller has checked the cost and erases the result. */
export function derivePbkdf2(work: Work & Pbkdf2Cost, pool: CryptoPool): Promise<Uint8Array> {
  needWork(work);
  const { salt, length, hash, iterations } = work;
  return withCopy(work.password, (password) =>
    pool.run('native', () => nativePbkdf2({ password, salt, hash, iterations, length })),
  );
}

/**
 * scrypt (RFC 7914) with the parameters of somebody else's file. They may be too weak for a password hash; more than
 * 256 MiB is refused with CRYPTO_LIMIT before any work. Throws CRYPTO_MALFORMED and CRYPTO_POOL_FULL.
 */
export async function scryptForReading(
  input: Work & { readonly cost: ScryptCost },
  pool: CryptoPool = cryptoPool,
): Promise<SecretBytes> {
  needAffordableScrypt(input.cost);
  return SecretBytes.take(await deriveScrypt({ ...input, ...input.cost }, pool));
}

/**
 * PBKDF2-HMAC (RFC 8018) with the parameters of somebody else's file. They may be too weak for a password hash; more
 * than about a second of work is refused with CRYPTO_LIMIT. Throws CRYPTO_MALFORMED and CRYPTO_POOL_FULL.
 */
export async function pbkdf2ForReading(
  input: Work & { readonly cost: Pbkdf2Cost },
  pool: CryptoPool = cryptoPool,
): Promise<SecretBytes> {
  needAffordablePbkdf2(input.cost);
  return SecretBytes.take(await derivePbkdf2({ ...input, ...input.cost }, pool));
}
