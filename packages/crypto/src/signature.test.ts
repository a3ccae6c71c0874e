import { sign as nodeSign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { privateKeyFromRaw, privateKeyFromSeed } from '#native/asymmetric';
import { SecretBytes, secretAccess } from './secret-bytes.ts';
import {
  generateSigningKey,
  importSigningKey,
  importVerifyKey,
  type SignOptions,
  verifySignature,
} from './signature.ts';
import { type SignatureAlgorithm, syncSignatureAlgorithms } from './signature-schemes.ts';

const utf8 = new TextEncoder();
const message = utf8.encode('checkpoint');
const sizes = {
  Ed25519: { publicKey: 32, signature: [64, 64] },
  'ML-DSA-44': { publicKey: 1312, signature: [2420, 2420] },
  'ML-DSA-65': { publicKey: 1952, signature: [3309, 3309] },
  'ML-DSA-87': { publicKey: 2592, signature: [4627, 4627] },
  'ECDSA-P256-SHA256': { publicKey: 65, signature: [8, 72] },
  'ECDSA-P384-SHA384': { publicKey: 97, signature: [8, 104] },
} as const;

describe.each(syncSignatureAlgorithms)('%s', (algorithm) => {
  const pair = generateSigningKey(algorithm);
  const { publicKey } = pair;
  const key = importSigningKey(pair);
  const verifier = importVerifyKey(pair);

  it('CRY-3: signs what verifies, with the sizes of the standard', async () => {
    expect(publicKey).toHaveLength(sizes[algorithm].publicKey);
    expect(key.publicKey).toEqual(publicKey);
    const signature = key.sign(message);
    const [min, max] = sizes[algorithm].signature;
    expect(signature.length).toBeGreaterThanOrEqual(min);
    expect(signature.length).toBeLessThanOrEqual(max);
    expect(verifySignature({ algorithm, publicKey, message, signature })).toBe(true);
    const fromPool = await key.signAsync(message);
    expect(verifier.verify({ message, signature: fromPool })).toBe(true);
  });

  it('every changed byte of the signature is false, never an error', () => {
    const signature = key.sign(message);
    for (let index = 0; index < signature.length; index++) {
      const changed = signature.slice();
      changed[index] = (changed[index] ?? 0) ^ 0x01;
      expect(verifier.verify({ message, signature: changed })).toBe(false);
    }
  });

  it('truncated, extended and empty signatures are false', () => {
    const signature = key.sign(message);
    for (const wrong of [
      signature.subarray(1),
      signature.subarray(0, -1),
      new Uint8Array([...signature, 0]),
      new Uint8Array(0),
      new Uint8Array(5000),
    ]) {
      expect(verifier.verify({ message, signature: wrong })).toBe(false);
    }
  });

  it('another message or another key is false', () => {
    const signature = key.sign(message);
    expect(verifier.verify({ message: utf8.encode('checkpoinT'), signature })).toBe(false);
    const { publicKey: foreign } = generateSigningKey(algorithm);
    expect(verifySignature({ algorithm, publicKey: foreign, message, signature })).toBe(false);
  });

  it('holds for random messages', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (any) => {
        expect(verifier.verify({ message: any, signature: key.sign(any) })).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('a public or private key of a wrong length or content is refused', () => {
    const invalid = expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' });
    for (const wrong of [publicKey.subarray(1), new Uint8Array([...publicKey, 0]), new Uint8Array(0)]) {
      expect(() => importVerifyKey({ algorithm, publicKey: wrong })).toThrow(invalid);
      expect(() => verifySignature({ algorithm, publicKey: wrong, message, signature: message })).toThrow(invalid);
    }
    expect(() => importSigningKey({ algorithm, privateKey: SecretBytes.random(31) })).toThrow(invalid);
  });

  it('a disposed signing key does not sign', async () => {
    const own = importSigningKey(pair);
    own.dispose();
    const disposed = expect.objectContaining({ code: 'CRYPTO_SECRET_DISPOSED' });
    expect(() => own.sign(message)).toThrow(disposed);
    await expect(own.signAsync(message)).rejects.toThrow(disposed);
  });

  it('trap: options the runtime would ignore are refused here', () => {
    const options = { deterministic: true } as unknown as SignOptions;
    expect(() => key.sign(message, options)).toThrow(expect.objectContaining({ code: 'CRYPTO_OPTION_UNSUPPORTED' }));
  });
});

describe('ML-DSA-44 context', () => {
  const pair = generateSigningKey('ML-DSA-44');
  const key = importSigningKey(pair);
  const verifier = importVerifyKey(pair);

  it('CRY-3: separates uses, up to 255 bytes; no context and an empty one are the same (FIPS 204)', () => {
    const context = utf8.encode('tree head');
    const signature = key.sign(message, { context });
    expect(verifier.verify({ message, signature, context })).toBe(true);
    expect(verifier.verify({ message, signature })).toBe(false);
    expect(verifier.verify({ message, signature, context: utf8.encode('tree heae') })).toBe(false);
    expect(verifier.verify({ message, signature: key.sign(message), context: new Uint8Array(0) })).toBe(true);
    const longest = new Uint8Array(255).fill(1);
    expect(verifier.verify({ message, signature: key.sign(message, { context: longest }), context: longest })).toBe(
      true,
    );
    const over = { context: new Uint8Array(256) };
    expect(() => key.sign(message, over)).toThrow(expect.objectContaining({ code: 'CRYPTO_LIMIT' }));
  });

  it('is hedged: two signatures of one message differ and both verify', () => {
    const first = key.sign(message);
    const second = key.sign(message);
    expect(first).not.toEqual(second);
    expect(verifier.verify({ message, signature: first }) && verifier.verify({ message, signature: second })).toBe(
      true,
    );
  });
});

describe('traps of the runtime', () => {
  it('node:crypto silently ignores an unknown sign option: {deterministic: true} still signs hedged', () => {
    const key = privateKeyFromSeed('ml-dsa-44', new Uint8Array(32).fill(3));
    const options = { key, deterministic: true };
    expect(nodeSign(null, message, options).equals(nodeSign(null, message, options))).toBe(false);
  });

  it('a context turns Ed25519 into another algorithm without a word, so it is refused', () => {
    const raw = privateKeyFromRaw('ed25519', new Uint8Array(32).fill(3));
    const plain = nodeSign(null, message, raw);
    expect(nodeSign(null, message, { key: raw, context: utf8.encode('c') }).equals(plain)).toBe(false);
    const refused = expect.objectContaining({ code: 'CRYPTO_OPTION_UNSUPPORTED' });
    for (const algorithm of ['Ed25519', 'ECDSA-P256-SHA256', 'ECDSA-P384-SHA384'] as const) {
      const pair = generateSigningKey(algorithm);
      expect(() => importSigningKey(pair).sign(message, { context: utf8.encode('c') })).toThrow(refused);
      const { publicKey } = pair;
      const context = new Uint8Array(0);
      expect(() => verifySignature({ algorithm, publicKey, message, signature: message, context })).toThrow(refused);
    }
  });
});

describe('keys', () => {
  it('CRY-9: an unknown algorithm is an error, names from the prototype included', () => {
    for (const name of ['RSA', 'ed25519', 'toString', '__proto__', '']) {
      const unknown = expect.objectContaining({ code: 'CRYPTO_ALGORITHM_UNKNOWN' });
      expect(() => generateSigningKey(name as SignatureAlgorithm)).toThrow(unknown);
    }
  });

  it('Ed25519 is deterministic in the seed: RFC 8032 test 2', () => {
    const seed = Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex');
    const key = importSigningKey({ algorithm: 'Ed25519', privateKey: SecretBytes.take(new Uint8Array(seed)) });
    expect(Buffer.from(key.publicKey).toString('hex')).toBe(
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    );
    expect(key.sign(message)).toEqual(key.sign(message));
  });

  it('a P-256 key of another kind, a compressed point and a point off the curve are refused', () => {
    const ed = generateSigningKey('Ed25519');
    const p256 = generateSigningKey('ECDSA-P256-SHA256');
    const invalid = expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' });
    expect(() => importSigningKey({ algorithm: 'ECDSA-P256-SHA256', privateKey: ed.privateKey })).toThrow(invalid);
    expect(() => importSigningKey({ algorithm: 'ECDSA-P384-SHA384', privateKey: p256.privateKey })).toThrow(invalid);
    const compressed = new Uint8Array([2, ...p256.publicKey.subarray(1, 33)]);
    const offCurve = p256.publicKey.slice();
    offCurve[64] = (offCurve[64] ?? 0) ^ 1;
    for (const publicKey of [compressed, offCurve]) {
      expect(() => importVerifyKey({ algorithm: 'ECDSA-P256-SHA256', publicKey })).toThrow(invalid);
    }
  });

  it('errors about a private key do not quote it', () => {
    const privateKey = SecretBytes.fromUtf8('canary-private-key-material');
    try {
      importSigningKey({ algorithm: 'ECDSA-P256-SHA256', privateKey });
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify([String(error), error instanceof Error ? error.cause : 0])).not.toContain('canary');
    }
  });

  it('private keys have the documented forms', () => {
    expect(generateSigningKey('Ed25519').privateKey.length).toBe(32);
    expect(generateSigningKey('ML-DSA-44').privateKey.length).toBe(32);
    const der = generateSigningKey('ECDSA-P256-SHA256').privateKey.open(secretAccess, (bytes) => bytes[0]);
    expect(der).toBe(0x30);
  });
});
