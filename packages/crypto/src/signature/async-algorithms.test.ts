import { createPrivateKey, generateKeyPairSync, sign as nodeSign, verify as nodeVerify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { slhDsaPrivateKey } from '#native/signature-keys';
import { derTag, derValue } from '../der.ts';
import { hashPassword } from '../password.ts';
import { CryptoPool } from '../pool.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import {
  generateSigningKey,
  generateSigningKeyAsync,
  importSigningKey,
  importVerifyKey,
  type SignOptions,
  verifySignature,
  verifySignatureAsync,
} from '../signature.ts';
import {
  compositeSignatureAlgorithms,
  type SignatureAlgorithm,
  signatureAlgorithms,
  slhDsaAlgorithms,
  syncSignatureAlgorithms,
} from '../signature-schemes.ts';
import { falconSelfTest } from '../vetted/falcon.ts';
import { falconAnswers } from '../vetted/falcon-answers.ts';
import { wrapPkcs8 } from './expanded-key.ts';
import { publicKeySpki } from './key-forms.ts';

const utf8 = new TextEncoder();
const message = utf8.encode('checkpoint');
const invalid = expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' });
const pool = new CryptoPool({ slowConcurrency: 2 });

// One of each kind: what the sets of SLH-DSA share is not tried twelve times, because signing takes up to a second.
const kinds = [
  ...compositeSignatureAlgorithms,
  'SLH-DSA-SHA2-128f',
  'ECDSA-P521-SHA512',
  'RSA-PSS-SHA256',
  'RSA-PKCS1-SHA256',
  'FN-DSA-512',
  'FN-DSA-1024',
] as const satisfies readonly SignatureAlgorithm[];
const takesContext = (algorithm: SignatureAlgorithm): boolean => /^(?:MLDSA|SLH-DSA)/.test(algorithm);
const options = (algorithm: SignatureAlgorithm) => (algorithm.startsWith('RSA-') ? { modulusBits: 2048 } : {});

describe.each(kinds)('%s', async (algorithm) => {
  const pair = await generateSigningKeyAsync(algorithm, options(algorithm));
  const { publicKey } = pair;
  const key = importSigningKey(pair);
  const verifier = importVerifyKey(pair);
  const signature = await key.signAsync(message);

  it('CRY-3: signs what verifies', async () => {
    expect(key.publicKey).toEqual(publicKey);
    expect(await verifySignatureAsync({ algorithm, publicKey, message, signature })).toBe(true);
    expect(await verifier.verifyAsync({ message: utf8.encode('checkpoinT'), signature })).toBe(false);
    const { publicKey: foreign } = await generateSigningKeyAsync(algorithm, options(algorithm));
    expect(await verifySignatureAsync({ algorithm, publicKey: foreign, message, signature })).toBe(false);
  });

  it('changed bytes all over the signature, and other lengths, are false and never an error', async () => {
    const step = Math.max(1, Math.floor(signature.length / 60));
    for (let index = 0; index < signature.length; index += step) {
      const changed = signature.slice();
      changed[index] = (changed[index] ?? 0) ^ 0x01;
      expect(await verifier.verifyAsync({ message, signature: changed })).toBe(false);
    }
    for (const wrong of [signature.subarray(1), signature.subarray(0, -1), new Uint8Array([...signature, 0])]) {
      expect(await verifier.verifyAsync({ message, signature: wrong })).toBe(false);
    }
    expect(await verifier.verifyAsync({ message, signature: new Uint8Array(0) })).toBe(false);
    expect(await verifier.verifyAsync({ message, signature: new Uint8Array(60_000) })).toBe(false);
  });

  it('CRY-10: has no call that would hold up the event loop', () => {
    const asyncOnly = expect.objectContaining({ code: 'CRYPTO_ASYNC_ONLY' });
    expect(() => generateSigningKey(algorithm)).toThrow(asyncOnly);
    expect(() => key.sign(message)).toThrow(asyncOnly);
    expect(() => verifier.verify({ message, signature })).toThrow(asyncOnly);
    expect(() => verifySignature({ algorithm, publicKey, message, signature })).toThrow(asyncOnly);
  });

  it('keys of a wrong length are refused before work', () => {
    for (const wrong of [publicKey.subarray(1), new Uint8Array([...publicKey, 0]), new Uint8Array(0)]) {
      expect(() => importVerifyKey({ algorithm, publicKey: wrong })).toThrow(invalid);
    }
    expect(() => importSigningKey({ algorithm, privateKey: SecretBytes.random(31) })).toThrow(invalid);
  });

  it('a disposed key does not sign, and an unknown option is refused', async () => {
    const own = importSigningKey(pair);
    own.dispose();
    await expect(own.signAsync(message)).rejects.toThrow(expect.objectContaining({ code: 'CRYPTO_SECRET_DISPOSED' }));
    const unknown = { deterministic: true } as unknown as SignOptions;
    const unsupported = expect.objectContaining({ code: 'CRYPTO_OPTION_UNSUPPORTED' });
    await expect(key.signAsync(message, unknown)).rejects.toThrow(unsupported);
    await expect(generateSigningKeyAsync(algorithm, unknown as object)).rejects.toThrow(unsupported);
  });

  it('a context separates uses, or is refused where there is none', async () => {
    const context = utf8.encode('tree head');
    if (!takesContext(algorithm)) {
      const unsupported = expect.objectContaining({ code: 'CRYPTO_OPTION_UNSUPPORTED' });
      await expect(key.signAsync(message, { context })).rejects.toThrow(unsupported);
      await expect(verifier.verifyAsync({ message, signature, context })).rejects.toThrow(unsupported);
      return;
    }
    const bound = await key.signAsync(message, { context });
    expect(await verifier.verifyAsync({ message, signature: bound, context })).toBe(true);
    expect(await verifier.verifyAsync({ message, signature: bound })).toBe(false);
    expect(await verifier.verifyAsync({ message, signature: bound, context: utf8.encode('tree heae') })).toBe(false);
    expect(await verifier.verifyAsync({ message, signature, context })).toBe(false);
    expect(await verifier.verifyAsync({ message, signature, context: new Uint8Array(0) })).toBe(true);
    const over = { context: new Uint8Array(256) };
    await expect(key.signAsync(message, over)).rejects.toThrow(expect.objectContaining({ code: 'CRYPTO_LIMIT' }));
  });
});

describe('SLH-DSA', () => {
  it('CRY-3: all twelve sets sign and verify', async () => {
    const outcomes = await Promise.all(
      slhDsaAlgorithms.map(async (algorithm) => {
        const pair = await generateSigningKeyAsync(algorithm, {}, pool);
        const signature = await importSigningKey(pair).signAsync(message, {}, pool);
        const verifier = importVerifyKey(pair);
        return [
          await verifier.verifyAsync({ message, signature }),
          await verifier.verifyAsync({ message: utf8.encode('other'), signature }),
        ];
      }),
    );
    expect(outcomes).toEqual(slhDsaAlgorithms.map(() => [true, false]));
    expect(pool.snapshot().slow.peak).toBe(2);
  });
});

describe('RSA', () => {
  it('CRY-3: keys of 3072 bits unless 2048 or 4096 are asked for, and no others', async () => {
    const limit = expect.objectContaining({ code: 'CRYPTO_LIMIT' });
    for (const modulusBits of [1024, 2047, 8192, 0, Number.NaN]) {
      await expect(generateSigningKeyAsync('RSA-PSS-SHA256', { modulusBits })).rejects.toThrow(limit);
    }
    const pair = await generateSigningKeyAsync('RSA-PSS-SHA256');
    expect(await importSigningKey(pair).signAsync(message)).toHaveLength(384);
  });

  it('a signature of one padding is not one of the other', async () => {
    const pair = await generateSigningKeyAsync('RSA-PSS-SHA256', { modulusBits: 2048 });
    const { publicKey, privateKey } = pair;
    const pss = await importSigningKey(pair).signAsync(message);
    const pkcs1 = await importSigningKey({ algorithm: 'RSA-PKCS1-SHA256', privateKey }).signAsync(message);
    const check = (algorithm: 'RSA-PSS-SHA256' | 'RSA-PKCS1-SHA256', signature: Uint8Array) =>
      verifySignatureAsync({ algorithm, publicKey, message, signature });
    expect([await check('RSA-PSS-SHA256', pss), await check('RSA-PKCS1-SHA256', pkcs1)]).toEqual([true, true]);
    expect([await check('RSA-PSS-SHA256', pkcs1), await check('RSA-PKCS1-SHA256', pss)]).toEqual([false, false]);
  });
});

describe('ECDSA private keys', () => {
  const orders = {
    P256: 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
    P384: 'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    P521: '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  };

  it.each(['ECDSA-P256-SHA256', 'ECDSA-P384-SHA384', 'ECDSA-P521-SHA512'] as const)(
    'trap: OpenSSL takes %s with a scalar of zero, or of the order and more; here only 1 to the order less 1 is one',
    (algorithm) => {
      const hex = orders[algorithm.slice(6, 10) as keyof typeof orders];
      const order = BigInt(`0x${hex}`);
      const pkcs8 = (scalar: bigint): SecretBytes => {
        const digits = new Uint8Array(Buffer.from(scalar.toString(16).padStart(hex.length, '0'), 'hex'));
        const version = Uint8Array.of(derTag.integer, 1, 1);
        using inner = SecretBytes.take(derValue(derTag.sequence, version, derValue(derTag.octetString, digits)));
        return wrapPkcs8(publicKeySpki(algorithm, new Uint8Array(0)).slice(2, -3), inner);
      };
      for (const scalar of [1n, 2n, order - 1n]) {
        expect(importSigningKey({ algorithm, privateKey: pkcs8(scalar) }).publicKey[0]).toBe(4);
      }
      for (const scalar of [0n, order, order + 1n]) {
        const privateKey = pkcs8(scalar);
        privateKey.open(secretAccess, (bytes) => {
          const key = createPrivateKey({ key: Buffer.from(bytes), format: 'der', type: 'pkcs8' });
          expect(key.asymmetricKeyType).toBe('ec');
        });
        expect(() => importSigningKey({ algorithm, privateKey })).toThrow(invalid);
      }
    },
  );
});

describe('SLH-DSA private keys', () => {
  it('trap: OpenSSL takes a key whose root does not fit its seeds; what it signs is not handed out', async () => {
    const pair = await generateSigningKeyAsync('SLH-DSA-SHA2-128f');
    const wrong = pair.privateKey.open(secretAccess, (bytes) => bytes.slice());
    wrong[63] = (wrong[63] ?? 0) ^ 1;
    const raw = slhDsaPrivateKey('slh-dsa-sha2-128f', wrong.slice());
    expect(nodeSign(null, message, raw)).toHaveLength(17088);
    using key = importSigningKey({ algorithm: 'SLH-DSA-SHA2-128f', privateKey: SecretBytes.take(wrong) });
    await expect(key.signAsync(message)).rejects.toThrow(invalid);
  });

  it('trap: the runtime ignores {deterministic: true}; a context it does not ignore', () => {
    const raw = generateKeyPairSync('slh-dsa-sha2-128f').privateKey;
    const options = { key: raw, deterministic: true };
    expect(nodeSign(null, message, options).equals(nodeSign(null, message, options))).toBe(false);
    const context = utf8.encode('context');
    const bound = nodeSign(null, message, { key: raw, context });
    expect(nodeVerify(null, message, { key: raw, context }, bound)).toBe(true);
    expect(nodeVerify(null, message, raw, bound)).toBe(false);
  });
});

describe('many clients at once', () => {
  it('CRY-10: the lanes hold their bounds, nobody is refused, and the event loop goes on', async () => {
    const own = new CryptoPool();
    const key = importSigningKey(await generateSigningKeyAsync('SLH-DSA-SHA2-128f'));
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks += 1;
    }, 1);
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        using password = SecretBytes.fromUtf8(`password ${index}`);
        await Promise.all([
          index % 2 === 0 ? key.signAsync(message, {}, own) : undefined,
          index % 5 === 0 ? hashPassword(password, 'standard', own) : undefined,
        ]);
      }),
    );
    clearInterval(ticking);
    const { slow, argon2, native } = own.snapshot();
    expect([slow.peak, argon2.peak, native.peak]).toEqual([1, 2, 0]);
    expect([slow.refused, argon2.refused, slow.active, argon2.active]).toEqual([0, 0, 0, 0]);
    // A loop that waited for each signature would have turned less often than there were signatures.
    expect(ticks).toBeGreaterThan(25);
  });
});

describe('the thread for cryptography in JavaScript', () => {
  it('CRY-10: the event loop goes on while keys are made and one task runs at a time', async () => {
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks += 1;
    }, 1);
    const own = new CryptoPool();
    const pairs = await Promise.all([1, 2, 3].map(() => generateSigningKeyAsync('FN-DSA-512', {}, own)));
    clearInterval(ticking);
    expect(new Set(pairs.map(({ publicKey }) => publicKey.join())).size).toBe(3);
    // On the loop itself, three keys would leave room for a tick or two.
    expect(ticks).toBeGreaterThan(10);
    expect(own.snapshot().worker).toEqual({ active: 0, waiting: 0, peak: 1, refused: 0 });
  });

  it('a private key that is none makes no signature, and the next one is served', async () => {
    const good = await generateSigningKeyAsync('FN-DSA-512');
    const other = await generateSigningKeyAsync('FN-DSA-512');
    const bytes = good.privateKey.open(secretAccess, (secret) => secret.slice());
    const mixed = bytes.slice();
    mixed.set(other.publicKey, 1281);
    const junk = bytes.slice();
    junk.fill(0xa5, 1, 400);
    for (const wrong of [mixed, junk]) {
      using key = importSigningKey({ algorithm: 'FN-DSA-512', privateKey: SecretBytes.take(wrong) });
      await expect(key.signAsync(message)).rejects.toThrow(invalid);
    }
    const signature = await importSigningKey(good).signAsync(message);
    expect(await importVerifyKey(good).verifyAsync({ message, signature })).toBe(true);
  });

  it('wrong known answers of Falcon are noticed before its first use', () => {
    expect(falconSelfTest()).toBe(true);
    const { signature, ...rest } = falconAnswers[512];
    const wrong = { ...rest, signature: signature.replace(/^.{80}/, (head) => `${head.slice(0, 76)}AAAA`) };
    expect(falconSelfTest({ ...falconAnswers, 512: wrong })).toBe(false);
    expect(falconSelfTest({ ...falconAnswers, 1024: { ...falconAnswers[1024], message: 'AAAA' } })).toBe(false);
  });
});

describe('the list of signature algorithms', () => {
  it('CRY-10: what is not quick has asynchronous calls alone; every name is in the list once', () => {
    expect(new Set(signatureAlgorithms).size).toBe(signatureAlgorithms.length);
    expect(signatureAlgorithms.filter((name) => (syncSignatureAlgorithms as readonly string[]).includes(name))).toEqual(
      [...syncSignatureAlgorithms],
    );
  });
});
