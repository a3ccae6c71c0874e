import { need } from './errors.ts';
import { costOfLevel, deriveArgon2id, needAffordable, type PasswordCost, type PasswordLevel } from './password-cost.ts';
import { type CryptoPool, cryptoPool } from './pool.ts';
import { SecretBytes } from './secret-bytes.ts';

const saltLength = { min: 16, max: 64 } as const;
const keyBytes = 32;

/** The Argon2id parameters of a level, to be stored beside what the derived key protects. */
export function passwordKeyCost(level: PasswordLevel): PasswordCost {
  return costOfLevel(level);
}

/**
 * A key of 32 bytes from a passphrase, by Argon2id (RFC 9106). Give each protected value a random salt of its own and
 * store salt and cost with it. Throws CRYPTO_LIMIT and CRYPTO_MALFORMED for hostile parameters before any work, and
 * CRYPTO_POOL_FULL under load.
 */
export async function derivePasswordKey(
  password: SecretBytes,
  { salt, cost }: { readonly salt: Uint8Array; readonly cost: PasswordCost },
  pool: CryptoPool = cryptoPool,
): Promise<SecretBytes> {
  needAffordable(cost);
  const isSized = salt.length >= saltLength.min && salt.length <= saltLength.max;
  need(isSized, 'CRYPTO_LIMIT', `a salt has ${saltLength.min} to ${saltLength.max} bytes`);
  return SecretBytes.take(await deriveArgon2id(password, { ...cost, salt, length: keyBytes }, pool));
}
