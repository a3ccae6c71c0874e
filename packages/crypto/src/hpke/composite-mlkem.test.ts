import { describe, expect, it } from 'vitest';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import {
  generateCompositeKemKey,
  generateKemKey,
  importExpandedKemKey,
  importKemKey,
  kemEncapsulateTo,
} from './kems.ts';

const keyInvalid = expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' });
const refused = { code: expect.stringMatching(/^CRYPTO_(?:AUTHENTICATION_FAILED|MALFORMED)$/) };

const generate = async (name: string): Promise<SecretBytes> =>
  (name.endsWith('SHA3-256') ? await generateCompositeKemKey(name) : generateKemKey(name)).seed;

/** Where the classical half of public key and ciphertext begins. */
const pqBytes = (name: string) =>
  name.startsWith('MLKEM768') || name === 'X-Wing' ? { key: 1184, enc: 1088 } : { key: 1568, enc: 1568 };

/** One of each construction: two curves, RSA, and the hybrids of HPKE. */
const hybrids = [
  'X-Wing',
  'MLKEM768-P256',
  'MLKEM1024-P384',
  'MLKEM768-X25519-SHA3-256',
  'MLKEM768-RSA2048-SHA3-256',
  'MLKEM1024-ECDH-P521-SHA3-256',
  'MLKEM1024-ECDH-brainpoolP384r1-SHA3-256',
  'MLKEM1024-X448-SHA3-256',
] as const;

describe.each(hybrids)('CRY-4: %s needs both halves', async (name) => {
  const mine = await generate(name);
  const [key, otherKey] = [importKemKey(name, mine), importKemKey(name, await generate(name))];
  const { enc, sharedSecret } = kemEncapsulateTo(name, key.publicKey);
  const { enc: otherEnc } = kemEncapsulateTo(name, key.publicKey);
  const split = pqBytes(name);

  /** True when the secret is another one, or when the ciphertext is refused. */
  const failsToAgree = (changed: Uint8Array): boolean => {
    try {
      return !key.decapsulate(changed).equals(sharedSecret);
    } catch (error) {
      expect(error).toMatchObject(refused);
      return true;
    }
  };

  it('opens what was made for it', () => {
    expect(key.decapsulate(enc).equals(sharedSecret)).toBe(true);
    expect(otherKey.publicKey).not.toEqual(key.publicKey);
  });

  it('removing a half fails', () => {
    for (const part of [enc.subarray(0, split.enc), enc.subarray(split.enc), new Uint8Array(0)]) {
      expect(() => key.decapsulate(part)).toThrow(expect.objectContaining(refused));
    }
    for (const part of [key.publicKey.subarray(0, split.key), key.publicKey.subarray(split.key)]) {
      expect(() => kemEncapsulateTo(name, part)).toThrow(keyInvalid);
    }
    const half = mine.open(secretAccess, (bytes) => SecretBytes.take(bytes.slice(0, bytes.length / 2)));
    expect(() => importKemKey(name, half)).toThrow(keyInvalid);
  });

  it('swapping a half of the ciphertext for one of another message fails', () => {
    const swap = (a: Uint8Array, b: Uint8Array) =>
      new Uint8Array([...a.subarray(0, split.enc), ...b.subarray(split.enc)]);
    expect(failsToAgree(swap(enc, otherEnc))).toBe(true);
    expect(failsToAgree(swap(otherEnc, enc))).toBe(true);
  });

  it('swapping a half of the public key fails', () => {
    const [a, b] = [key.publicKey, otherKey.publicKey];
    for (const mixed of [
      new Uint8Array([...a.subarray(0, split.key), ...b.subarray(split.key)]),
      new Uint8Array([...b.subarray(0, split.key), ...a.subarray(split.key)]),
    ]) {
      const made = kemEncapsulateTo(name, mixed);
      let opened: SecretBytes | undefined;
      try {
        opened = key.decapsulate(made.enc);
      } catch (error) {
        expect(error).toMatchObject(refused);
      }
      expect(opened?.equals(made.sharedSecret) ?? false).toBe(false);
    }
  });

  it('a changed bit of either half fails', () => {
    for (const at of [0, split.enc - 1, split.enc + 1, enc.length - 2]) {
      expect(failsToAgree(enc.with(at, (enc[at] ?? 0) ^ 1))).toBe(true);
    }
  });
});

it('CRY-4: what was made for one composite opens under no other with the same ML-KEM half', async () => {
  const [p256, p384] = ['MLKEM768-ECDH-P256-SHA3-256', 'MLKEM768-ECDH-P384-SHA3-256'];
  const seed = SecretBytes.random(64);
  const halfOf = async (name: string): Promise<SecretBytes> => {
    using key = await generate(name);
    const classical = key.open(secretAccess, (bytes) => bytes.slice(64));
    return seed.open(secretAccess, (bytes) => SecretBytes.take(new Uint8Array([...bytes, ...classical])));
  };
  const [one, other] = [importKemKey(p256, await halfOf(p256)), await halfOf(p384)];
  const { enc } = kemEncapsulateTo(p384, importKemKey(p384, other).publicKey);
  expect(() => one.decapsulate(enc)).toThrow(expect.objectContaining(refused));
  expect(() => importKemKey(p256, other)).toThrow(keyInvalid);
  expect(() => importKemKey('MLKEM768-P256', other)).toThrow(keyInvalid);
});

it('an RSA half of another size is refused, in private and in public keys', async () => {
  const [small, large] = ['MLKEM768-RSA2048-SHA3-256', 'MLKEM768-RSA3072-SHA3-256'];
  const key = await generate(small);
  expect(() => importKemKey(large, key)).toThrow(keyInvalid);
  expect(() => kemEncapsulateTo(large, importKemKey(small, key).publicKey)).toThrow(keyInvalid);
});

it('RFC 9935: an expanded key opens the same, and one that contradicts itself is refused', () => {
  const refusedKeys = [SecretBytes.random(2400), SecretBytes.random(2399), SecretBytes.random(64)];
  for (const bad of refusedKeys) expect(() => importExpandedKemKey('ML-KEM-768', bad)).toThrow(keyInvalid);
  const unknown = expect.objectContaining({ code: 'CRYPTO_ALGORITHM_UNKNOWN' });
  expect(() => importExpandedKemKey('X-Wing', SecretBytes.random(2400))).toThrow(unknown);
});

it('CRY-9: a KEM that is not offered is an error, also under a contest name', async () => {
  const unknown = expect.objectContaining({ code: 'CRYPTO_ALGORITHM_UNKNOWN' });
  for (const name of ['Kyber768', 'x-wing', 'constructor', '']) {
    expect(() => importKemKey(name, SecretBytes.random(32))).toThrow(unknown);
    expect(() => kemEncapsulateTo(name, new Uint8Array(32))).toThrow(unknown);
    expect(() => generateKemKey(name)).toThrow(unknown);
    await expect(generateCompositeKemKey(name)).rejects.toThrow(unknown);
  }
});
