import { describe, expect, it } from 'vitest';
import { decoyPasswordHash, hashPasswordBy, passwordNeedsRehash, verifyPassword } from './password.ts';
import { pbkdf2ForReading, scryptForReading } from './password-schemes.ts';
import { CryptoPool } from './pool.ts';
import { SecretBytes, secretAccess } from './secret-bytes.ts';
import type { PasswordScheme } from './stored-password.ts';

const utf8 = new TextEncoder();
const withCode = (code: string) => expect.objectContaining({ code });
const password = SecretBytes.fromUtf8('correct horse battery staple');
const hex = (secret: SecretBytes): string => secret.open(secretAccess, (bytes) => Buffer.from(bytes).toString('hex'));
const ends = `$${'A'.repeat(43)}$${'A'.repeat(43)}`;

describe('CRY-5: stored hashes of other schemes', () => {
  it.each([
    ['scrypt', /^\$scrypt\$ln=15,r=8,p=1\$[A-Za-z0-9+/]{43}\$[A-Za-z0-9+/]{43}$/],
    ['pbkdf2-sha256', /^\$pbkdf2-sha256\$i=600000\$[A-Za-z0-9+/]{43}\$[A-Za-z0-9+/]{43}$/],
    ['pbkdf2-sha512', /^\$pbkdf2-sha512\$i=600000\$[A-Za-z0-9+/]{43}\$[A-Za-z0-9+/]{43}$/],
  ] as const)('%s carries its own parameters, and one verify reads them all', async (scheme, form) => {
    const stored = await hashPasswordBy(password, { scheme, level: 'standard' });
    expect(stored).toMatch(form);
    expect(await verifyPassword(password, stored)).toBe(true);
    expect(await verifyPassword(SecretBytes.fromUtf8('another'), stored)).toBe(false);
  });

  it('a hash that another program wrote is read', async () => {
    // Made with Python: hashlib.scrypt(n=2**15, r=8, p=1, maxmem=...) and hashlib.pbkdf2_hmac('sha256', ..., 600000).
    const salt = 'MDEyMzQ1Njc4OWFiY2RlZg';
    const scrypt = `$scrypt$ln=15,r=8,p=1$${salt}$9rcVF+DZ8uU77qz3H/v29+n2g8c877AOCRXSQvC/fs0`;
    const pbkdf2 = `$pbkdf2-sha256$i=600000$${salt}$bEpkaq0Q0Get1ft52QeKFtqD1Q+BZwqOdZOySebZSTY`;
    for (const stored of [scrypt, pbkdf2]) {
      expect(await verifyPassword(password, stored)).toBe(true);
      expect(await verifyPassword(SecretBytes.fromUtf8('Correct horse battery staple'), stored)).toBe(false);
    }
  });

  it.each([
    ['scrypt of 512 MiB', '$scrypt$ln=19,r=8,p=1'],
    ['scrypt with a huge logarithm', '$scrypt$ln=4294967295,r=8,p=1'],
    ['scrypt with a huge block', '$scrypt$ln=15,r=1000000,p=1'],
    ['scrypt with many lanes', '$scrypt$ln=18,r=8,p=3'],
    ['scrypt weaker than allowed', '$scrypt$ln=14,r=8,p=1'],
    ['scrypt with a small block', '$scrypt$ln=18,r=1,p=1'],
    ['PBKDF2 with too many rounds', '$pbkdf2-sha256$i=8000001'],
    ['PBKDF2-SHA512 with too many rounds', '$pbkdf2-sha512$i=2000001'],
    ['PBKDF2 with too few rounds', '$pbkdf2-sha256$i=599999'],
    ['PBKDF2-SHA512 with too few rounds', '$pbkdf2-sha512$i=210000'],
  ])('a cost out of bounds is refused before work: %s', async (_, head) => {
    const pool = new CryptoPool();
    await expect(verifyPassword(password, `${head}${ends}`, pool)).rejects.toThrow(withCode('CRYPTO_LIMIT'));
    expect(pool.snapshot()).toMatchObject({ argon2: { peak: 0 }, native: { peak: 0 } });
  });

  it.each([
    ['parameters in another order', `$scrypt$r=8,ln=15,p=1${ends}`],
    ['a leading zero', `$scrypt$ln=015,r=8,p=1${ends}`],
    ['no parameters', `$pbkdf2-sha256${ends}`],
    ['a form without a name', `$pbkdf2-sha256$600000${ends}`],
    ['SHA-1', `$pbkdf2-sha1$i=600000${ends}`],
    ['another scheme', `$2b$12$abcdefghijklmnopqrstuu`],
  ])('a text that is none of the forms is refused: %s', async (_, stored) => {
    await expect(verifyPassword(password, stored)).rejects.toThrow(withCode('CRYPTO_MALFORMED'));
  });

  it('tells which to make anew: another scheme, fewer rounds, less memory', () => {
    expect(passwordNeedsRehash(decoyPasswordHash('standard', 'scrypt'), 'standard')).toBe(true);
    for (const scheme of ['scrypt', 'pbkdf2-sha256', 'pbkdf2-sha512'] as const) {
      expect(passwordNeedsRehash(decoyPasswordHash('standard', scheme), 'standard', scheme)).toBe(false);
      expect(passwordNeedsRehash(decoyPasswordHash('standard', scheme), 'high', scheme)).toBe(true);
      expect(passwordNeedsRehash(decoyPasswordHash('maximum', scheme), 'high', scheme)).toBe(false);
    }
  });

  it('an unknown scheme is refused', async () => {
    const scheme = 'md5' as PasswordScheme;
    await expect(hashPasswordBy(password, { scheme, level: 'standard' })).rejects.toThrow(
      withCode('CRYPTO_OPTION_UNSUPPORTED'),
    );
  });
});

describe('CRY-5: derivation with the parameters of a file', () => {
  it('scrypt is RFC 7914 section 12', async () => {
    const derive = (text: string, salt: string, cost: { logN: number; r: number; p: number }) =>
      scryptForReading({ password: SecretBytes.fromUtf8(text), salt: utf8.encode(salt), length: 64, cost });
    using second = await derive('password', 'NaCl', { logN: 10, r: 8, p: 16 });
    expect(hex(second)).toBe(
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
    );
    using third = await derive('pleaseletmein', 'SodiumChloride', { logN: 14, r: 8, p: 1 });
    expect(hex(third)).toBe(
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
    );
  });

  it('limits are checked before work, and impossible values are named', async () => {
    const pool = new CryptoPool();
    const base = { password, salt: utf8.encode('salt'), length: 32 };
    const scrypt = (cost: { logN: number; r: number; p: number }) => scryptForReading({ ...base, cost }, pool);
    const pbkdf2 = (iterations: number) => pbkdf2ForReading({ ...base, cost: { hash: 'sha256', iterations } }, pool);
    await expect(scrypt({ logN: 20, r: 8, p: 1 })).rejects.toThrow(withCode('CRYPTO_LIMIT'));
    await expect(scrypt({ logN: 18, r: 8, p: 3 })).rejects.toThrow(withCode('CRYPTO_LIMIT'));
    await expect(scrypt({ logN: 0, r: 8, p: 1 })).rejects.toThrow(withCode('CRYPTO_MALFORMED'));
    await expect(scrypt({ logN: 10.5, r: 8, p: 1 })).rejects.toThrow(withCode('CRYPTO_MALFORMED'));
    await expect(pbkdf2(8_000_001)).rejects.toThrow(withCode('CRYPTO_LIMIT'));
    await expect(pbkdf2(0)).rejects.toThrow(withCode('CRYPTO_MALFORMED'));
    await expect(pbkdf2ForReading({ ...base, length: 1025, cost: { hash: 'sha256', iterations: 1 } })).rejects.toThrow(
      withCode('CRYPTO_LIMIT'),
    );
    expect(pool.snapshot()).toMatchObject({ argon2: { peak: 0 }, native: { peak: 0 } });
  });

  it('CRY-10: runs in the pool, and the password may be disposed meanwhile', async () => {
    const pool = new CryptoPool();
    const own = SecretBytes.fromUtf8('passwd');
    const cost = { hash: 'sha256', iterations: 1 } as const;
    const deriving = pbkdf2ForReading({ password: own, salt: utf8.encode('salt'), length: 64, cost }, pool);
    own.dispose();
    using derived = await deriving;
    expect(hex(derived)).toMatch(/^55ac046e56e3089fec1691c22544b605/);
    expect(pool.snapshot().native.peak).toBe(1);
  });
});
