import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTlsRecord, type TlsCipher, tlsHash, tlsKeyBytes, tlsMac } from './tls-handshake.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const ciphers: readonly TlsCipher[] = [
  'AES-128-GCM',
  'AES-256-GCM',
  'ChaCha20-Poly1305',
  'AES-128-CCM',
  'AES-128-CCM-8',
];
const nativeNames = { 'AES-128-GCM': 'aes-128-gcm', 'AES-256-GCM': 'aes-256-gcm' } as const;

function sealWith(cipher: TlsCipher, key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array) {
  const authTagLength = cipher === 'AES-128-CCM-8' ? 8 : 16;
  const sealer = cipher.startsWith('AES-128-CCM')
    ? createCipheriv('aes-128-ccm', key, nonce, { authTagLength })
    : cipher === 'ChaCha20-Poly1305'
      ? createCipheriv('chacha20-poly1305', key, nonce, { authTagLength })
      : createCipheriv(nativeNames[cipher as keyof typeof nativeNames], key, nonce, { authTagLength });
  sealer.setAAD(aad, { plaintextLength: plaintext.length });
  return new Uint8Array(Buffer.concat([sealer.update(plaintext), sealer.final(), sealer.getAuthTag()]));
}

describe('what a reader of TLS handshakes needs', () => {
  it('hashes and MACs by the published answers (FIPS 180-4, RFC 4231 case 2)', () => {
    const abc = new TextEncoder().encode('abc');
    expect(hex(tlsHash('sha256', abc))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hex(tlsHash('sha384', abc))).toBe(
      'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
    );
    const jefe = new TextEncoder().encode('Jefe');
    const question = new TextEncoder().encode('what do ya want for nothing?');
    expect(hex(tlsMac('sha256', jefe, question))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
    expect(hex(tlsMac('sha384', jefe, question))).toBe(
      'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
    );
  });

  it.each(ciphers)('%s: a record opens with its key and with no changed byte', (cipher) => {
    const key = new Uint8Array(tlsKeyBytes(cipher)).fill(7);
    const nonce = new Uint8Array(12).fill(9);
    const aad = new Uint8Array([23, 3, 3, 0, 99]);
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (text, at, mask) => {
          const sealed = sealWith(cipher, key, nonce, aad, text);
          expect(openTlsRecord({ cipher, key, nonce, aad, sealed })).toEqual(text);
          const index = at % sealed.length;
          sealed[index] = (sealed[index] ?? 0) ^ mask;
          expect(() => openTlsRecord({ cipher, key, nonce, aad, sealed })).toThrow(
            expect.objectContaining({ code: 'CRYPTO_AUTHENTICATION_FAILED' }),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each(ciphers)('%s: impossible lengths are refused before any work', (cipher) => {
    const good = {
      cipher,
      key: new Uint8Array(tlsKeyBytes(cipher)),
      nonce: new Uint8Array(12),
      aad: new Uint8Array(5),
      sealed: new Uint8Array(40),
    };
    for (const [bad, code] of [
      [{ key: new Uint8Array(8) }, 'CRYPTO_KEY_INVALID'],
      [{ nonce: new Uint8Array(11) }, 'CRYPTO_KEY_INVALID'],
      [{ sealed: new Uint8Array(7) }, 'CRYPTO_MALFORMED'],
      [{ sealed: new Uint8Array(16_384 + 257) }, 'CRYPTO_MALFORMED'],
    ] as const) {
      expect(() => openTlsRecord({ ...good, ...bad })).toThrow(expect.objectContaining({ code }));
    }
  });
});
