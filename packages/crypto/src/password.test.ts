import { describe, expect, it } from 'vitest';
import { nativeArgon2id } from '#native/argon2';
import { decoyPasswordHash, hashPassword, passwordNeedsRehash, verifyPassword } from './password.ts';
import type { PasswordLevel } from './password-cost.ts';
import { CryptoPool } from './pool.ts';
import { SecretBytes } from './secret-bytes.ts';

const password = SecretBytes.fromUtf8('correct horse battery staple');
const salt = 'A'.repeat(43); // 32 zero bytes
const tag = 'A'.repeat(43);
const withCost = (cost: string): string => `$argon2id$v=19$${cost}$${salt}$${tag}`;

describe('passwords', () => {
  it('CRY-5: a hash carries its own parameters and a fresh salt of 32 bytes', async () => {
    const first = await hashPassword(password, 'standard');
    const second = await hashPassword(password, 'standard');
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{43}\$[A-Za-z0-9+/]{43}$/);
    expect(first.split('$')[4]).not.toBe(second.split('$')[4]);
    expect(await verifyPassword(password, first)).toBe(true);
    expect(await verifyPassword(SecretBytes.fromUtf8('correct horse battery stapler'), first)).toBe(false);
    expect(await verifyPassword(SecretBytes.fromUtf8(''), first)).toBe(false);
  });

  it('CRY-5: the levels are known, and an unknown one is refused', async () => {
    expect(decoyPasswordHash('high')).toContain('$m=47104,t=2,p=1$');
    expect(decoyPasswordHash('maximum')).toContain('$m=131072,t=3,p=1$');
    for (const level of ['low', 'toString', '']) {
      await expect(hashPassword(password, level as PasswordLevel)).rejects.toThrow(
        expect.objectContaining({ code: 'CRYPTO_OPTION_UNSUPPORTED' }),
      );
    }
  });

  it.each([
    ['memory over the bound', 'm=262145,t=1,p=1'],
    ['all of the memory', 'm=4194304,t=1,p=1'],
    ['the largest number', 'm=4294967295,t=1,p=1'],
    ['passes over the bound', 'm=8,t=13,p=1'],
    ['lanes over the bound', 'm=65536,t=1,p=5'],
    ['each bound kept, their product not', 'm=262144,t=5,p=1'],
  ])('CRY-5: a cost bomb is refused before work: %s', async (_, cost) => {
    const pool = new CryptoPool();
    await expect(verifyPassword(password, withCost(cost), pool)).rejects.toThrow(
      expect.objectContaining({ code: 'CRYPTO_LIMIT' }),
    );
    expect(pool.snapshot().argon2.peak).toBe(0);
  });

  it.each([
    ['salt too short', `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(20)}$${tag}`],
    ['salt too long', `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(87)}$${tag}`],
    ['tag too short', `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${'A'.repeat(22)}`],
    ['tag too long', `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${'A'.repeat(87)}`],
    ['string too long', `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${'A'.repeat(500)}`],
  ])('CRY-5: lengths outside the bounds are refused before work: %s', async (_, phc) => {
    const pool = new CryptoPool();
    await expect(verifyPassword(password, phc, pool)).rejects.toThrow(
      expect.objectContaining({ code: 'CRYPTO_LIMIT' }),
    );
    expect(pool.snapshot().argon2.peak).toBe(0);
  });

  it.each([
    ['empty', ''],
    ['another variant', withCost('m=19456,t=2,p=1').replace('argon2id', 'argon2i')],
    ['another version', withCost('m=19456,t=2,p=1').replace('v=19', 'v=16')],
    ['no version', withCost('m=19456,t=2,p=1').replace('$v=19', '')],
    ['a leading zero', withCost('m=019456,t=2,p=1')],
    ['a sign', withCost('m=+19456,t=2,p=1')],
    ['zero passes', withCost('m=19456,t=0,p=1')],
    ['parameters in another order', withCost('t=2,m=19456,p=1')],
    ['an extra parameter', withCost('m=19456,t=2,p=1,data=AA')],
    ['padding', `${withCost('m=19456,t=2,p=1')}=`],
    ['base64url', withCost('m=19456,t=2,p=1').replace(/A$/, '_')],
    ['bits left over', withCost('m=19456,t=2,p=1').replace(/A$/, 'B')],
    ['an impossible length', `${withCost('m=19456,t=2,p=1')}AA`],
    ['a line break', `${withCost('m=19456,t=2,p=1')}\n`],
    ['less memory than Argon2 allows', withCost('m=8,t=1,p=2')],
    ['bcrypt', '$2b$10$abcdefghijklmnopqrstuuZ5yFxJQ0R6h2P9qM5x0WvVd3O9eGm3K'],
  ])('a string that is not one Argon2id hash in its one spelling is refused: %s', async (_, phc) => {
    await expect(verifyPassword(password, phc)).rejects.toThrow(expect.objectContaining({ code: 'CRYPTO_MALFORMED' }));
  });

  it('a password over 1024 bytes is refused, so that nobody sends a book', async () => {
    await expect(hashPassword(SecretBytes.random(1025), 'standard')).rejects.toThrow(
      expect.objectContaining({ code: 'CRYPTO_LIMIT' }),
    );
  });

  it('the password may be disposed while the thread works', async () => {
    const own = SecretBytes.fromUtf8('short lived');
    const hashing = hashPassword(own, 'standard');
    own.dispose();
    expect(await verifyPassword(SecretBytes.fromUtf8('short lived'), await hashing)).toBe(true);
  });

  it('CRY-10: hashing goes through the pool, two at once', async () => {
    const pool = new CryptoPool();
    await Promise.all(Array.from({ length: 5 }, () => hashPassword(password, 'standard', pool)));
    expect(pool.snapshot().argon2).toEqual({ active: 0, waiting: 0, peak: 2, refused: 0 });
  });

  it('tells which hashes to make anew', () => {
    expect(passwordNeedsRehash(decoyPasswordHash('standard'), 'standard')).toBe(false);
    expect(passwordNeedsRehash(decoyPasswordHash('standard'), 'high')).toBe(true);
    expect(passwordNeedsRehash(decoyPasswordHash('maximum'), 'high')).toBe(false);
    expect(passwordNeedsRehash(withCost('m=19456,t=1,p=1'), 'standard')).toBe(true);
  });

  it('a decoy costs as much as a true hash and matches nothing', async () => {
    expect(await verifyPassword(password, decoyPasswordHash('standard'))).toBe(false);
  });

  it('the primitive is Argon2id of RFC 9106, section 5.3', async () => {
    const fill = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
    const answer = await nativeArgon2id({
      message: fill(32, 1),
      salt: fill(16, 2),
      secret: fill(8, 3),
      associatedData: fill(12, 4),
      memoryKib: 32,
      passes: 3,
      parallelism: 4,
      tagLength: 32,
    });
    expect(Buffer.from(answer).toString('hex')).toBe(
      '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659',
    );
  });
});
