import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gcmOpen, gcmSeal, seal, unseal, unsealSecret } from './aead.ts';
import { SecretBytes, secretAccess } from './secret-bytes.ts';

const context = { purpose: 'data-at-rest', tenant: 'tenant-a' };
const utf8 = new TextEncoder();
const failed = expect.objectContaining({ code: 'CRYPTO_AUTHENTICATION_FAILED' });

describe('seal and unseal', () => {
  it('what was sealed opens, for every plaintext and context', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ minLength: 1 }), (plaintext, tenant) => {
        fc.pre(tenant.isWellFormed());
        using key = SecretBytes.random(32);
        const sealed = seal({ key, context: { purpose: 'token', tenant }, plaintext });
        expect(sealed.suite).toBe('AES-256-GCM');
        expect(sealed.bytes).toHaveLength(plaintext.length + 28);
        const opened = unseal({ key, context: { purpose: 'token', tenant }, sealed });
        expect(opened).toEqual(new Uint8Array(plaintext));
        expect(Object.getPrototypeOf(opened)).toBe(Uint8Array.prototype);
      }),
    );
  });

  it('ENV-5: each flipped bit of each byte is refused', () => {
    using key = SecretBytes.random(32);
    const sealed = seal({ key, context, plaintext: utf8.encode('small') });
    for (let index = 0; index < sealed.bytes.length; index++) {
      for (let bit = 0; bit < 8; bit++) {
        const bytes = sealed.bytes.slice();
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
        expect(() => unseal({ key, context, sealed: { suite: sealed.suite, bytes } })).toThrow(failed);
      }
    }
  });

  it('truncation and extension are refused at every length', () => {
    using key = SecretBytes.random(32);
    const { suite, bytes } = seal({ key, context, plaintext: utf8.encode('four') });
    for (let length = 0; length < bytes.length; length++) {
      const code = length < 28 ? 'CRYPTO_MALFORMED' : 'CRYPTO_AUTHENTICATION_FAILED';
      expect(() => unseal({ key, context, sealed: { suite, bytes: bytes.subarray(0, length) } })).toThrow(
        expect.objectContaining({ code }),
      );
    }
    expect(() => unseal({ key, context, sealed: { suite, bytes: new Uint8Array([...bytes, 0]) } })).toThrow(failed);
  });

  it('a wrong key or any other context is refused, and the error does not say which', () => {
    using key = SecretBytes.random(32);
    using other = SecretBytes.random(32);
    const sealed = seal({ key, context, plaintext: utf8.encode('x') });
    const attempts = [
      { key: other, context },
      { key, context: { ...context, tenant: 'tenant-b' } },
      { key, context: { ...context, purpose: 'token' } },
      { key, context: { ...context, extra: '' } },
    ];
    const messages = attempts.map((attempt) => {
      try {
        unseal({ ...attempt, sealed });
        return 'opened';
      } catch (error) {
        expect(error).toEqual(failed);
        return error instanceof Error ? error.message : '';
      }
    });
    expect(new Set(messages).size).toBe(1);
    expect(messages[0]).not.toContain('tenant');
  });

  it('CRY-1: only 256-bit keys are taken, before any work', () => {
    for (const length of [0, 16, 24, 31, 33, 64]) {
      using key = SecretBytes.random(length);
      const wrongKey = expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' });
      expect(() => seal({ key, context, plaintext: utf8.encode('x') })).toThrow(wrongKey);
      const sealed = { suite: 'AES-256-GCM', bytes: new Uint8Array(40) };
      expect(() => unseal({ key, context, sealed })).toThrow(wrongKey);
    }
  });

  it('CRY-9: an unknown or downgraded suite is refused by name', () => {
    using key = SecretBytes.random(32);
    const { bytes } = seal({ key, context, plaintext: utf8.encode('x') });
    for (const suite of ['AES-128-GCM', 'aes-256-gcm', 'NULL', '', 'AES-256-GCM ']) {
      expect(() => unseal({ key, context, sealed: { suite, bytes } })).toThrow(
        expect.objectContaining({ code: 'CRYPTO_SUITE_UNSUPPORTED' }),
      );
    }
  });

  it('nonces do not repeat', () => {
    using key = SecretBytes.random(32);
    const nonces = Array.from({ length: 2000 }, () =>
      Buffer.from(seal({ key, context, plaintext: new Uint8Array(0) }).bytes.subarray(0, 12)).toString('hex'),
    );
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it('a disposed key neither seals nor opens', () => {
    const key = SecretBytes.random(32);
    const sealed = seal({ key, context, plaintext: utf8.encode('x') });
    key.dispose();
    const disposed = expect.objectContaining({ code: 'CRYPTO_SECRET_DISPOSED' });
    expect(() => seal({ key, context, plaintext: utf8.encode('x') })).toThrow(disposed);
    expect(() => unseal({ key, context, sealed })).toThrow(disposed);
  });

  it('a plaintext over the limit is refused', () => {
    using key = SecretBytes.random(32);
    expect(() => seal({ key, context, plaintext: new Uint8Array(64 * 1024 * 1024 + 1) })).toThrow(
      expect.objectContaining({ code: 'CRYPTO_LIMIT' }),
    );
  });

  it('unsealSecret moves a wrapped key into SecretBytes', () => {
    using kek = SecretBytes.random(32);
    using dataKey = SecretBytes.random(32);
    const sealed = dataKey.open(secretAccess, (plaintext) => seal({ key: kek, context, plaintext }));
    using opened = unsealSecret({ key: kek, context, sealed });
    expect(opened.equals(dataKey)).toBe(true);
  });
});

describe('gcmSeal and gcmOpen', () => {
  const aad = utf8.encode('bound');

  it('CRY-1: opens with the same key, nonce and data, and with no other', () => {
    using key = SecretBytes.random(32);
    const { nonce, sealed } = gcmSeal({ key, aad, plaintext: utf8.encode('value') });
    expect(gcmOpen({ key, nonce, aad, sealed })).toEqual(utf8.encode('value'));
    for (const wrong of [
      { aad: utf8.encode('bounds') },
      { key: SecretBytes.random(32) },
      { nonce: new Uint8Array(12) },
      { sealed: sealed.map((byte, index) => (index === 0 ? byte ^ 1 : byte)) },
    ]) {
      expect(() => gcmOpen({ key, nonce, aad, sealed, ...wrong })).toThrow(failed);
    }
  });

  it('CRY-1: other lengths of key, nonce and tag are refused before any work', () => {
    using key = SecretBytes.random(32);
    using short = SecretBytes.random(16);
    const { nonce, sealed } = gcmSeal({ key, aad, plaintext: new Uint8Array(0) });
    const keyInvalid = expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' });
    const malformed = expect.objectContaining({ code: 'CRYPTO_MALFORMED' });
    expect(() => gcmSeal({ key: short, aad, plaintext: new Uint8Array(0) })).toThrow(keyInvalid);
    expect(() => gcmOpen({ key: short, nonce, aad, sealed })).toThrow(keyInvalid);
    expect(() => gcmOpen({ key, nonce: new Uint8Array(16), aad, sealed })).toThrow(malformed);
    expect(() => gcmOpen({ key, nonce, aad, sealed: sealed.subarray(0, 15) })).toThrow(malformed);
  });
});
