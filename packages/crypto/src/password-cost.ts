import { nativeArgon2id } from '#native/argon2';
import { need } from './errors.ts';
import type { CryptoPool } from './pool.ts';
import { type SecretBytes, secretAccess } from './secret-bytes.ts';

/** Cost of a password hash. `high` aims at about 100 ms on one core of a present machine. */
export type PasswordLevel = 'standard' | 'high' | 'maximum';

/** Parameters of Argon2id. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly parallelism: number;
}

// `standard` is the OWASP minimum of 19 MiB and two passes; the others raise memory first, which costs an attacker
// most. One lane each: OpenSSL computes lanes one after the other here, so more would only help the attacker.
const levels: Readonly<Record<PasswordLevel, PasswordCost>> = {
  standard: { memoryKib: 19_456, passes: 2, parallelism: 1 },
  high: { memoryKib: 47_104, passes: 2, parallelism: 1 },
  maximum: { memoryKib: 131_072, passes: 3, parallelism: 1 },
};

const passwordBytesMax = 1024;

// CRY-5: a stored value brings its own parameters, so whoever can write one could order any amount of work. These
// bounds are checked before any of it; `workMax` bounds the product, in KiB times passes, to about a second.
const limits = { memoryKibMax: 262_144, passesMax: 12, parallelismMax: 4, workMax: 1_048_576 } as const;

/** The parameters of a level. Throws CRYPTO_OPTION_UNSUPPORTED. */
export function costOfLevel(level: PasswordLevel): PasswordCost {
  need(Object.hasOwn(levels, level), 'CRYPTO_OPTION_UNSUPPORTED', 'the password level is standard, high or maximum');
  return levels[level];
}

/** Refuses hostile parameters before any work: CRYPTO_LIMIT, or CRYPTO_MALFORMED for impossible ones. */
export function needAffordable({ memoryKib, passes, parallelism }: PasswordCost): void {
  const isWhole = [memoryKib, passes, parallelism].every((value) => Number.isSafeInteger(value) && value >= 1);
  need(isWhole, 'CRYPTO_MALFORMED', 'the parameters of Argon2 are whole numbers from 1');
  need(
    memoryKib <= limits.memoryKibMax &&
      passes <= limits.passesMax &&
      parallelism <= limits.parallelismMax &&
      memoryKib * passes <= limits.workMax,
    'CRYPTO_LIMIT',
    'the password hash asks for more work than is allowed',
  );
  need(memoryKib >= 8 * parallelism, 'CRYPTO_MALFORMED', 'Argon2 needs 8 KiB of memory for each lane');
}

/** Argon2id in the pool's lane. The caller has checked the cost and erases the result. */
export async function deriveArgon2id(
  password: SecretBytes,
  how: PasswordCost & { readonly salt: Uint8Array; readonly length: number },
  pool: CryptoPool,
): Promise<Uint8Array> {
  need(password.length <= passwordBytesMax, 'CRYPTO_LIMIT', `a password has at most ${passwordBytesMax} bytes`);
  const { memoryKib, passes, parallelism, salt, length: tagLength } = how;
  // The caller may dispose its secret while the call waits or works, so the call has a copy that is erased after it.
  const message = password.open(secretAccess, (bytes) => new Uint8Array(bytes));
  try {
    return await pool.run('argon2', () => nativeArgon2id({ memoryKib, passes, parallelism, salt, message, tagLength }));
  } finally {
    message.fill(0);
  }
}
