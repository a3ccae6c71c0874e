import { describe, expect, it } from 'vitest';
import * as publicInterface from './index.ts';
import { type LegacyCbcInput, openLegacyCbc } from './legacy.ts';
import { SecretBytes } from './secret-bytes.ts';

const withCode = (code: string) => expect.objectContaining({ code });
const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));

// RFC 7518 appendix B.3, AES_256_CBC_HMAC_SHA_512: the key is HMAC key and encryption key, the tag is the first half.
const range = (from: number) => Uint8Array.from({ length: 32 }, (_, index) => from + index);
const plaintext =
  '41206369706865722073797374656d206d757374206e6f7420626520726571756972656420746f206265207365637265742c20616e64206974206d7573742062652061626c6520746f2066616c6c20696e746f207468652068616e6473206f662074686520656e656d7920776974686f757420696e636f6e76656e69656e6365';
const answer = (): LegacyCbcInput => ({
  macKey: SecretBytes.take(range(0)),
  encryptionKey: SecretBytes.take(range(32)),
  hash: 'sha512',
  iv: fromHex('1af38c2dc2b96ffdd86694092341bc04'),
  before: new TextEncoder().encode('The second principle of Auguste Kerckhoffs'),
  after: fromHex('0000000000000150'),
  ciphertext: fromHex(
    `4affaaadb78c31c5da4b1b590d10ffbd3dd8d5d302423526912da037ecbcc7bd822c301dd67c373bccb584ad3e9279c2e6d12a1374b77f077553df
     829410446b36ebd97066296ae6427ea75c2e0846a11a09ccf5370dc80bfecbad28c73f09b3a3b75e662a2594410ae496b2e2e6609e31e6e02cc837
     f053d21f37ff4f51950bbe2638d09dd7a4930930806d0703b1f6`,
  ),
  tag: fromHex('4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5'),
});

describe('CRY-1: AES-256-CBC is read behind an import of its own', () => {
  it('opens the answer of RFC 7518 appendix B.3', () => {
    expect(Buffer.from(openLegacyCbc(answer())).toString('hex')).toBe(plaintext);
  });

  it('the HMAC is verified first: any changed byte is one refusal, padding or not', () => {
    const flip = (bytes: Uint8Array, index: number) => bytes.map((byte, at) => (at === index ? byte ^ 1 : byte));
    const failed = withCode('CRYPTO_AUTHENTICATION_FAILED');
    for (const name of ['iv', 'before', 'after', 'ciphertext', 'tag'] as const) {
      const { [name]: bytes } = answer();
      for (let index = 0; index < bytes.length; index++) {
        expect(() => openLegacyCbc({ ...answer(), [name]: flip(bytes, index) })).toThrow(failed);
      }
    }
    const shorter = answer().ciphertext.subarray(0, -16);
    expect(() => openLegacyCbc({ ...answer(), ciphertext: shorter })).toThrow(failed);
  });

  it('what cannot be is refused before any work', () => {
    const attempt = (change: Partial<LegacyCbcInput>) => () => openLegacyCbc({ ...answer(), ...change });
    expect(attempt({ encryptionKey: SecretBytes.random(16) })).toThrow(withCode('CRYPTO_KEY_INVALID'));
    expect(attempt({ macKey: SecretBytes.random(16) })).toThrow(withCode('CRYPTO_KEY_INVALID'));
    expect(attempt({ macKey: SecretBytes.take(range(32)) })).toThrow(withCode('CRYPTO_KEY_INVALID'));
    expect(attempt({ iv: new Uint8Array(12) })).toThrow(withCode('CRYPTO_MALFORMED'));
    expect(attempt({ ciphertext: new Uint8Array(0) })).toThrow(withCode('CRYPTO_MALFORMED'));
    expect(attempt({ ciphertext: new Uint8Array(17) })).toThrow(withCode('CRYPTO_MALFORMED'));
    for (const length of [0, 8, 16, 31, 33, 63]) {
      expect(attempt({ tag: new Uint8Array(length) })).toThrow(withCode('CRYPTO_MALFORMED'));
    }
    expect(attempt({ hash: 'md5' as 'sha256' })).toThrow(withCode('CRYPTO_OPTION_UNSUPPORTED'));
  });

  it('the main entry does not have it, and nothing writes it', () => {
    expect(Object.keys(publicInterface).filter((name) => /legacy|cbc/i.test(name))).toEqual([]);
  });
});
