import { describe, expect, it } from 'vitest';
import { SecretBytes } from '../secret-bytes.ts';
import { generateRecipient, hpkeOpen, hpkeSeal, importRecipient } from './hpke.ts';
import { mlkem1024P384 } from './mlkem.ts';
import { hpkeSuite, hpkeSuiteCategory5, hpkeSuiteCnsa } from './suites.ts';

const [info, aad] = [Uint8Array.of(1, 2), Uint8Array.of(3)];
const plaintext = new Uint8Array(32).fill(9);
const failed = expect.objectContaining({ code: 'CRYPTO_AUTHENTICATION_FAILED' });
const keyInvalid = expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' });

describe.each([
  [hpkeSuiteCnsa, { seed: 64, publicKey: 1568, enc: 1568 }],
  [hpkeSuiteCategory5, { seed: 32, publicKey: 1665, enc: 1665 }],
])('%s', (suite, sizes) => {
  const { publicKey, privateKey } = generateRecipient(suite);
  const sealed = hpkeSeal({ suite, publicKey, info, aad, plaintext });

  it('CRY-2: opens what was sealed, in the published sizes', () => {
    const found = { seed: privateKey.length, publicKey: publicKey.length, enc: sealed.enc.length };
    expect(found).toEqual(sizes);
    expect(hpkeOpen({ ...sealed, privateKey, info, aad })).toEqual(plaintext);
  });

  it('CRY-4: every flipped byte of the encapsulated key fails', () => {
    const key = importRecipient(privateKey, suite);
    for (let at = 0; at < sealed.enc.length; at += 1) {
      const enc = sealed.enc.with(at, (sealed.enc[at] ?? 0) ^ 1);
      expect(() => key.open({ ...sealed, enc, info, aad })).toThrow(failed);
    }
  });

  it('refuses keys and encapsulations of other lengths, and keys outside the field', () => {
    const sealTo = (bad: Uint8Array) => () => hpkeSeal({ suite, publicKey: bad, info, aad, plaintext });
    expect(sealTo(publicKey.subarray(1))).toThrow(keyInvalid);
    // FIPS 203 section 7.2: coefficients above the modulus.
    expect(sealTo(publicKey.map((byte, at) => (at < 384 ? 0xff : byte)))).toThrow(keyInvalid);
    const malformed = expect.objectContaining({ code: 'CRYPTO_MALFORMED' });
    expect(() => hpkeOpen({ ...sealed, privateKey, enc: sealed.enc.subarray(1), info, aad })).toThrow(malformed);
    expect(() => importRecipient(SecretBytes.random(31), suite)).toThrow(keyInvalid);
  });

  it('CRY-4: a key of this suite opens no other', () => {
    const unsupported = expect.objectContaining({ code: 'CRYPTO_SUITE_UNSUPPORTED' });
    expect(() => importRecipient(privateKey, suite).open({ ...sealed, suite: hpkeSuite, info, aad })).toThrow(
      unsupported,
    );
  });
});

it('CRY-4: a point that is not on P-384 is refused at both ends', () => {
  const seed = SecretBytes.random(32);
  const key = mlkem1024P384.importKey(seed);
  const offCurve = (bytes: Uint8Array): Uint8Array => bytes.with(1664, (bytes[1664] ?? 0) ^ 1);
  expect(() => mlkem1024P384.encapsulate(offCurve(key.publicKey))).toThrow(keyInvalid);
  const { enc } = mlkem1024P384.encapsulate(key.publicKey);
  expect(() => key.decapsulate(offCurve(enc))).toThrow(failed);
  expect(() => key.decapsulate(enc.map((byte, at) => (at < 1568 ? byte : 0)))).toThrow(failed);
});
