import { createPublicKey, diffieHellman, encapsulate, generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyShare, keyShareAlgorithms } from './key-share.ts';
import { findAlgorithm } from './registry/registry.ts';

const ecCurves: Record<string, string> = { secp256r1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

/** The other side, played by the runtime alone: its answer and the secret it holds. */
function answerOf(share: KeyShare): { answer: Uint8Array; secret: Uint8Array } {
  const key = Buffer.from(share.publicKey);
  if (share.algorithm.startsWith('ML-KEM')) {
    const type = share.algorithm.toLowerCase() as 'ml-kem-768';
    const publicKey = createPublicKey({ key, format: 'raw-public', asymmetricKeyType: type });
    const { ciphertext, sharedKey } = encapsulate(publicKey);
    return { answer: ciphertext, secret: sharedKey };
  }
  const namedCurve = ecCurves[share.algorithm];
  let pair: { privateKey: KeyObject; publicKey: KeyObject };
  let peer: KeyObject;
  if (namedCurve === undefined) {
    const type = share.algorithm as 'x25519';
    pair = generateKeyPairSync(type);
    peer = createPublicKey({ key, format: 'raw-public', asymmetricKeyType: type });
  } else {
    pair = generateKeyPairSync('ec', { namedCurve });
    peer = createPublicKey({ key, format: 'raw-public', asymmetricKeyType: 'ec', namedCurve });
  }
  return {
    answer: pair.publicKey.export({ format: 'raw-public' }),
    secret: diffieHellman({ privateKey: pair.privateKey, publicKey: peer }),
  };
}

describe('KeyShare', () => {
  it.each(keyShareAlgorithms)('%s: both sides agree, and the sizes are those of the registry', (algorithm) => {
    const share = KeyShare.generate(algorithm);
    const { answer, secret } = answerOf(share);
    expect(Buffer.from(share.agree(answer))).toEqual(Buffer.from(secret));
    const sizes = findAlgorithm(algorithm)?.sizes;
    expect(share.publicKey).toHaveLength(sizes?.publicKey ?? -1);
    expect(secret).toHaveLength(sizes?.sharedSecret ?? -1);
  });

  it.each(keyShareAlgorithms)('%s: one share serves several handshakes with different secrets', (algorithm) => {
    const share = KeyShare.generate(algorithm);
    const secrets = [answerOf(share), answerOf(share)].map(({ answer }) =>
      Buffer.from(share.agree(answer)).toString('hex'),
    );
    expect(new Set(secrets).size).toBe(2);
  });

  it.each(keyShareAlgorithms)('%s: an answer of another length is refused', (algorithm) => {
    const share = KeyShare.generate(algorithm);
    const { answer } = answerOf(share);
    for (const wrong of [new Uint8Array(0), answer.subarray(1), new Uint8Array([...answer, 0])]) {
      expect(() => share.agree(wrong)).toThrow(expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' }));
    }
  });

  it.each(['secp256r1', 'secp384r1', 'secp521r1'] as const)('%s: a point off the curve is refused', (algorithm) => {
    const share = KeyShare.generate(algorithm);
    const off = Uint8Array.from(answerOf(share).answer);
    off[off.length - 1] = (off.at(-1) ?? 0) ^ 1;
    expect(() => share.agree(off)).toThrow(expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' }));
  });

  it('CRY-4: a point of low order is refused', () => {
    expect(() => KeyShare.generate('x25519').agree(new Uint8Array(32))).toThrow(
      expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' }),
    );
  });

  it('any bytes give a secret or CRYPTO_KEY_INVALID, nothing else', () => {
    const shares = keyShareAlgorithms.map((algorithm) => KeyShare.generate(algorithm));
    fc.assert(
      fc.property(fc.constantFrom(...shares), fc.uint8Array({ maxLength: 1600 }), (share, noise) => {
        try {
          expect(share.agree(noise).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'CRYPTO_KEY_INVALID' });
        }
      }),
    );
  });
});
