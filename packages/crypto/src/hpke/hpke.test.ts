import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { generateRecipient, hpkeOpen, hpkeSeal, importRecipient, recipientPublicKey } from './hpke.ts';
import { hpkeSuite } from './suites.ts';

const utf8 = new TextEncoder();
const info = utf8.encode('wrap of a data key');
const aad = utf8.encode('core hash');
const failed = expect.objectContaining({ code: 'CRYPTO_AUTHENTICATION_FAILED' });
const recipient = generateRecipient();
const { publicKey, privateKey } = recipient;

describe('HPKE base mode with X-Wing', () => {
  it('ENV-4: what was sealed opens, for every plaintext, info and additional data', () => {
    using key = importRecipient(privateKey);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.uint8Array({ maxLength: 100 }),
        fc.uint8Array({ maxLength: 100 }),
        (plaintext, anyInfo, anyAad) => {
          const sealed = hpkeSeal({ suite: hpkeSuite, publicKey, info: anyInfo, aad: anyAad, plaintext });
          expect(sealed.enc).toHaveLength(1120);
          expect(sealed.ciphertext).toHaveLength(plaintext.length + 16);
          const expected = new Uint8Array(plaintext);
          expect(hpkeOpen({ ...sealed, privateKey, info: anyInfo, aad: anyAad })).toEqual(expected);
          expect(key.open({ ...sealed, info: anyInfo, aad: anyAad })).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('the same message twice gives different bytes', () => {
    const plaintext = utf8.encode('same');
    const first = hpkeSeal({ suite: hpkeSuite, publicKey, info, aad, plaintext });
    const second = hpkeSeal({ suite: hpkeSuite, publicKey, info, aad, plaintext });
    expect(first.enc).not.toEqual(second.enc);
    expect(first.ciphertext).not.toEqual(second.ciphertext);
  });

  it('trap: every flipped byte of the encapsulated key fails at the AEAD, though ML-KEM itself never fails', () => {
    using key = importRecipient(privateKey);
    const sealed = hpkeSeal({ suite: hpkeSuite, publicKey, info, aad, plaintext: utf8.encode('data key') });
    for (let index = 0; index < sealed.enc.length; index++) {
      // The top bit of an X25519 key is masked by RFC 7748, so the last byte is tried below it. The combiner hashes
      // the bytes as sent, so even that bit is bound: see the next test.
      const enc = sealed.enc.slice();
      enc[index] = (enc[index] ?? 0) ^ 0x01;
      expect(() => key.open({ ...sealed, enc, info, aad })).toThrow(failed);
    }
  });

  it('the ignored top bit of the ephemeral X25519 key is bound by the combiner', () => {
    const sealed = hpkeSeal({ suite: hpkeSuite, publicKey, info, aad, plaintext: utf8.encode('data key') });
    const enc = sealed.enc.slice();
    enc[1119] = (enc[1119] ?? 0) ^ 0x80;
    expect(() => hpkeOpen({ ...sealed, privateKey, enc, info, aad })).toThrow(failed);
  });

  it('every flipped byte of the ciphertext fails, and so does each other info, data and key', () => {
    const sealed = hpkeSeal({ suite: hpkeSuite, publicKey, info, aad, plaintext: utf8.encode('data key') });
    for (let index = 0; index < sealed.ciphertext.length; index++) {
      const ciphertext = sealed.ciphertext.slice();
      ciphertext[index] = (ciphertext[index] ?? 0) ^ 0x80;
      expect(() => hpkeOpen({ ...sealed, privateKey, ciphertext, info, aad })).toThrow(failed);
    }
    expect(() => hpkeOpen({ ...sealed, privateKey, info: aad, aad })).toThrow(failed);
    expect(() => hpkeOpen({ ...sealed, privateKey, info, aad: info })).toThrow(failed);
    expect(() => hpkeOpen({ ...sealed, privateKey: generateRecipient().privateKey, info, aad })).toThrow(failed);
  });

  it('CRY-9: an unknown suite is refused by name', () => {
    const sealed = hpkeSeal({ suite: hpkeSuite, publicKey, info, aad, plaintext: utf8.encode('x') });
    const unsupported = expect.objectContaining({ code: 'CRYPTO_SUITE_UNSUPPORTED' });
    for (const suite of ['HPKE-X25519-HKDF-SHA256-AES-256-GCM', '', hpkeSuite.toLowerCase()]) {
      expect(() => hpkeOpen({ ...sealed, suite, privateKey, info, aad })).toThrow(unsupported);
      expect(() => hpkeSeal({ suite, publicKey, info, aad, plaintext: utf8.encode('x') })).toThrow(unsupported);
      expect(() => importRecipient(privateKey).open({ ...sealed, suite, info, aad })).toThrow(unsupported);
    }
  });

  it('bounds lengths before any work', () => {
    const sealed = hpkeSeal({ suite: hpkeSuite, publicKey, info, aad, plaintext: utf8.encode('x') });
    const long = new Uint8Array(64 * 1024 + 1);
    const limit = expect.objectContaining({ code: 'CRYPTO_LIMIT' });
    const malformed = expect.objectContaining({ code: 'CRYPTO_MALFORMED' });
    expect(() => hpkeSeal({ suite: hpkeSuite, publicKey, info: long, aad, plaintext: aad })).toThrow(limit);
    expect(() => hpkeSeal({ suite: hpkeSuite, publicKey, info, aad: long, plaintext: aad })).toThrow(limit);
    expect(() => hpkeOpen({ ...sealed, privateKey, info: long, aad })).toThrow(limit);
    expect(() => hpkeOpen({ ...sealed, privateKey, info, aad, ciphertext: new Uint8Array(15) })).toThrow(malformed);
    expect(() => hpkeOpen({ ...sealed, privateKey, info, aad, enc: new Uint8Array(1119) })).toThrow(malformed);
  });

  it('the public key is a function of the seed', () => {
    expect(recipientPublicKey(privateKey)).toEqual(publicKey);
    expect(privateKey.length).toBe(32);
    expect(publicKey).toHaveLength(1216);
  });

  it('carries a data key from SecretBytes to SecretBytes', () => {
    using dataKey = SecretBytes.random(32);
    const sealed = dataKey.open(secretAccess, (plaintext) =>
      hpkeSeal({ suite: hpkeSuite, publicKey, info, aad, plaintext }),
    );
    using opened = SecretBytes.take(hpkeOpen({ ...sealed, privateKey, info, aad }));
    expect(opened.equals(dataKey)).toBe(true);
  });

  it('a disposed recipient key does not open', () => {
    const sealed = hpkeSeal({ suite: hpkeSuite, publicKey, info, aad, plaintext: utf8.encode('x') });
    const key = importRecipient(privateKey);
    key.dispose();
    expect(() => key.open({ ...sealed, info, aad })).toThrow(
      expect.objectContaining({ code: 'CRYPTO_SECRET_DISPOSED' }),
    );
  });
});
