// The text form of a password hash: a PHC string that carries its scheme and parameters (CRY-5). Reading checks all bounds
// before any work, because whoever can write the stored value could otherwise order any amount of it.

import { CryptoError, need } from './errors.ts';
import { costOfLevel, deriveArgon2id, needAffordable, type PasswordCost, type PasswordLevel } from './password-cost.ts';
import {
  derivePbkdf2,
  deriveScrypt,
  needPbkdf2OfPasswords,
  needScryptOfPasswords,
  type Pbkdf2Cost,
  pbkdf2Levels,
  type ScryptCost,
  scryptLevels,
} from './password-schemes.ts';
import type { CryptoPool } from './pool.ts';
import type { SecretBytes } from './secret-bytes.ts';

/** `argon2id` is the default; the others are for profiles that name them. */
export type PasswordScheme = 'argon2id' | 'pbkdf2-sha256' | 'pbkdf2-sha512' | 'scrypt';

type Cost =
  | ({ readonly scheme: 'argon2id' } & PasswordCost)
  | ({ readonly scheme: 'pbkdf2-sha256' | 'pbkdf2-sha512' } & Pbkdf2Cost)
  | ({ readonly scheme: 'scrypt' } & ScryptCost);

export type StoredPassword = Cost & { readonly salt: Uint8Array; readonly tag: Uint8Array };

const phcLengthMax = 256;
const lengths = { saltMin: 16, saltMax: 64, tagMin: 32, tagMax: 64 } as const;
const count = '([1-9][0-9]{0,9})';
const tail = '\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)$';

type Reader = (numbers: readonly number[]) => Cost;
const at = (numbers: readonly number[], index: number): number => numbers[index] ?? 0;

const pbkdf2Reader =
  (scheme: 'pbkdf2-sha256' | 'pbkdf2-sha512', hash: 'sha256' | 'sha512'): Reader =>
  (numbers) => {
    const cost = { hash, iterations: at(numbers, 0) };
    needPbkdf2OfPasswords(cost);
    return { scheme, ...cost };
  };

const forms: readonly { readonly pattern: RegExp; readonly read: Reader }[] = [
  {
    pattern: new RegExp(`^\\$argon2id\\$v=19\\$m=${count},t=${count},p=${count}${tail}`),
    read: (numbers) => {
      const cost = { memoryKib: at(numbers, 0), passes: at(numbers, 1), parallelism: at(numbers, 2) };
      needAffordable(cost);
      return { scheme: 'argon2id', ...cost };
    },
  },
  {
    pattern: new RegExp(`^\\$scrypt\\$ln=${count},r=${count},p=${count}${tail}`),
    read: (numbers) => {
      const cost = { logN: at(numbers, 0), r: at(numbers, 1), p: at(numbers, 2) };
      needScryptOfPasswords(cost);
      return { scheme: 'scrypt', ...cost };
    },
  },
  {
    pattern: new RegExp(`^\\$pbkdf2-sha256\\$i=${count}${tail}`),
    read: pbkdf2Reader('pbkdf2-sha256', 'sha256'),
  },
  {
    pattern: new RegExp(`^\\$pbkdf2-sha512\\$i=${count}${tail}`),
    read: pbkdf2Reader('pbkdf2-sha512', 'sha512'),
  },
];

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

function parametersOf(cost: Cost): string {
  switch (cost.scheme) {
    case 'argon2id':
      return `v=19$m=${cost.memoryKib},t=${cost.passes},p=${cost.parallelism}`;
    case 'scrypt':
      return `ln=${cost.logN},r=${cost.r},p=${cost.p}`;
    default:
      return `i=${cost.iterations}`;
  }
}

export function formatStored(stored: StoredPassword): string {
  return `$${stored.scheme}$${parametersOf(stored)}$${toBase64(stored.salt)}$${toBase64(stored.tag)}`;
}

/** Throws CRYPTO_MALFORMED for another text and CRYPTO_LIMIT for parameters that cost too much, or too little. */
export function parseStored(phc: string): StoredPassword {
  need(phc.length <= phcLengthMax, 'CRYPTO_LIMIT', `a password hash has at most ${phcLengthMax} characters`);
  for (const { pattern, read } of forms) {
    const match = pattern.exec(phc);
    if (match === null) continue;
    const [saltText = '', tagText = ''] = match.slice(-2);
    const cost = read(match.slice(1, -2).map(Number));
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
    return { ...cost, salt, tag };
  }
  throw new CryptoError('CRYPTO_MALFORMED', 'the password hash is no PHC string of Argon2id, scrypt or PBKDF2');
}

/** The cost that new hashes of `scheme` get. Throws CRYPTO_OPTION_UNSUPPORTED. */
export function costOfScheme(scheme: PasswordScheme, level: PasswordLevel): Cost {
  const argon2id = costOfLevel(level);
  switch (scheme) {
    case 'argon2id':
      return { scheme, ...argon2id };
    case 'scrypt':
      return { scheme, ...scryptLevels[level] };
    case 'pbkdf2-sha256':
      return { scheme, hash: 'sha256', iterations: pbkdf2Levels[level] };
    case 'pbkdf2-sha512':
      return { scheme, hash: 'sha512', iterations: pbkdf2Levels[level] };
    default:
      throw new CryptoError('CRYPTO_OPTION_UNSUPPORTED', 'the password scheme is not offered');
  }
}

/** The tag that `password` gives under the stored parameters. The caller erases it. */
export function deriveStored(
  password: SecretBytes,
  how: Cost & { readonly salt: Uint8Array; readonly length: number },
  pool: CryptoPool,
): Promise<Uint8Array> {
  switch (how.scheme) {
    case 'argon2id':
      return deriveArgon2id(password, how, pool);
    case 'scrypt':
      return deriveScrypt({ ...how, password }, pool);
    default:
      return derivePbkdf2({ ...how, password }, pool);
  }
}

/** Whether a stored hash costs less than new ones of its scheme at `level`. */
export function isWeaker(stored: StoredPassword, level: PasswordLevel): boolean {
  const wanted = costOfScheme(stored.scheme, level);
  if (stored.scheme === 'argon2id' && wanted.scheme === 'argon2id') {
    const work = (cost: PasswordCost): number => cost.memoryKib * cost.passes;
    return stored.memoryKib < wanted.memoryKib || work(stored) < work(wanted);
  }
  if (stored.scheme === 'scrypt' && wanted.scheme === 'scrypt') {
    const memory = ({ logN, r }: ScryptCost): number => r * 2 ** logN;
    return memory(stored) < memory(wanted);
  }
  if ('iterations' in stored && 'iterations' in wanted) return stored.iterations < wanted.iterations;
  return true;
}
