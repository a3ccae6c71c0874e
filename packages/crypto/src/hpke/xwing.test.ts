import { createPublicKey, diffieHellman, encapsulate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { privateKeyFromRaw, publicKeyFromRaw, rawPublicKey, x25519 } from '#native/asymmetric';
import { SecretBytes } from '../secret-bytes.ts';
import {
  importXwingPrivateKey,
  importXwingPublicKey,
  xwingDecapsulate,
  xwingEncapsulate,
  xwingPublicKeyOf,
} from './xwing.ts';

function pair() {
  const privateKey = importXwingPrivateKey(SecretBytes.random(32));
  const publicBytes = xwingPublicKeyOf(privateKey);
  return { privateKey, publicBytes, publicKey: importXwingPublicKey(publicBytes) };
}

// The points of order 1, 2, 4 and 8 on Curve25519 and their encodings above the prime (RFC 7748 section 6.1).
const lowOrder = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map((text) => new Uint8Array(Buffer.from(text, 'hex')));

describe('X-Wing', () => {
  it('both sides agree', () => {
    const { privateKey, publicKey } = pair();
    for (let i = 0; i < 5; i++) {
      const { enc, sharedSecret } = xwingEncapsulate(publicKey);
      expect(enc).toHaveLength(1120);
      expect(sharedSecret.equals(xwingDecapsulate(privateKey, enc))).toBe(true);
    }
  });

  it('trap: a tampered ML-KEM half decapsulates without error to another secret', () => {
    const { privateKey, publicKey } = pair();
    const { enc, sharedSecret } = xwingEncapsulate(publicKey);
    for (const index of [0, 500, 1087]) {
      const tampered = enc.slice();
      tampered[index] = (tampered[index] ?? 0) ^ 1;
      const other = xwingDecapsulate(privateKey, tampered);
      expect(other.length).toBe(32);
      expect(other.equals(sharedSecret)).toBe(false);
      // Implicit rejection is a function of key and ciphertext, not random.
      expect(other.equals(xwingDecapsulate(privateKey, tampered))).toBe(true);
    }
  });

  it('CRY-4: swapping either half of the ciphertext gives another secret', () => {
    const { privateKey, publicKey } = pair();
    const first = xwingEncapsulate(publicKey);
    const second = xwingEncapsulate(publicKey);
    const mixed = new Uint8Array([...first.enc.subarray(0, 1088), ...second.enc.subarray(1088)]);
    const secret = xwingDecapsulate(privateKey, mixed);
    expect(secret.equals(first.sharedSecret)).toBe(false);
    expect(secret.equals(second.sharedSecret)).toBe(false);
  });

  it('CRY-4: a point of low order cannot take the classical half away', () => {
    const { privateKey, publicBytes, publicKey } = pair();
    const { enc } = xwingEncapsulate(publicKey);
    for (const point of lowOrder) {
      const evilEnc = new Uint8Array([...enc.subarray(0, 1088), ...point]);
      expect(() => xwingDecapsulate(privateKey, evilEnc)).toThrow(
        expect.objectContaining({ code: 'CRYPTO_AUTHENTICATION_FAILED' }),
      );
      const evilKey = importXwingPublicKey(new Uint8Array([...publicBytes.subarray(0, 1184), ...point]));
      expect(() => xwingEncapsulate(evilKey)).toThrow(expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' }));
    }
  });

  it('refuses wrong lengths and an ML-KEM key with coefficients over the modulus', () => {
    const { privateKey, publicBytes } = pair();
    const wrongKey = expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' });
    expect(() => importXwingPrivateKey(SecretBytes.random(31))).toThrow(wrongKey);
    expect(() => importXwingPrivateKey(SecretBytes.random(96))).toThrow(wrongKey);
    expect(() => importXwingPublicKey(publicBytes.subarray(1))).toThrow(wrongKey);
    expect(() => importXwingPublicKey(new Uint8Array(1216).fill(0xff))).toThrow(wrongKey);
    for (const length of [0, 1119, 1121]) {
      expect(() => xwingDecapsulate(privateKey, new Uint8Array(length))).toThrow(
        expect.objectContaining({ code: 'CRYPTO_MALFORMED' }),
      );
    }
  });

  it('trap: encapsulate() of an X25519 key is DHKEM and not the raw Diffie-Hellman that X-Wing needs', () => {
    const privateKey = privateKeyFromRaw('x25519', crypto.getRandomValues(new Uint8Array(32)));
    const { sharedKey, ciphertext } = encapsulate(createPublicKey(privateKey));
    const ephemeral = publicKeyFromRaw('x25519', new Uint8Array(ciphertext));
    const raw = diffieHellman({ privateKey, publicKey: ephemeral });
    expect(sharedKey.equals(raw)).toBe(false);
    expect(Buffer.from(x25519(privateKey, ephemeral)).equals(raw)).toBe(true);
    expect(rawPublicKey(privateKey)).toHaveLength(32);
  });
});
