import { argon2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { derivePasswordKey, passwordKeyCost } from './password-key.ts';
import { SecretBytes, secretAccess } from './secret-bytes.ts';

const cost = { memoryKib: 64, passes: 2, parallelism: 1 };
const salt = new Uint8Array(32).fill(7);
const password = SecretBytes.fromUtf8('correct horse');

describe('a key from a passphrase', () => {
  it('CRY-5: is Argon2id of passphrase, salt and cost', async () => {
    using key = await derivePasswordKey(password, { salt, cost });
    const message = Buffer.from('correct horse');
    const plain = argon2Sync('argon2id', {
      message,
      nonce: salt,
      memory: 64,
      passes: 2,
      parallelism: 1,
      tagLength: 32,
    });
    expect(key.open(secretAccess, (bytes) => Buffer.from(bytes).equals(plain))).toBe(true);
  });

  it.each([
    [{ ...cost, memoryKib: 262_145 }, 'CRYPTO_LIMIT'],
    [{ ...cost, passes: 13 }, 'CRYPTO_LIMIT'],
    [{ ...cost, parallelism: 5 }, 'CRYPTO_LIMIT'],
    [{ memoryKib: 262_144, passes: 5, parallelism: 1 }, 'CRYPTO_LIMIT'],
    [{ ...cost, passes: 0 }, 'CRYPTO_MALFORMED'],
    [{ ...cost, memoryKib: Number.NaN }, 'CRYPTO_MALFORMED'],
    [{ memoryKib: 8, passes: 1, parallelism: 2 }, 'CRYPTO_MALFORMED'],
  ])('attack 20: the cost %j is refused before any work', async (bomb, code) => {
    await expect(derivePasswordKey(password, { salt, cost: bomb })).rejects.toMatchObject({ code });
  });

  it('refuses short salts and knows its levels', async () => {
    const refusal = derivePasswordKey(password, { salt: new Uint8Array(15), cost });
    await expect(refusal).rejects.toMatchObject({ code: 'CRYPTO_LIMIT' });
    expect(passwordKeyCost('maximum').memoryKib).toBeGreaterThan(passwordKeyCost('high').memoryKib);
  });
});
