import { sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { privateKeyFromSeed, publicKeyFromRaw } from '#native/asymmetric';
import { concat } from '../der.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import {
  generateSigningKey,
  generateSigningKeyAsync,
  importSigningKey,
  importVerifyKey,
  verifySignature,
  verifySignatureAsync,
} from '../signature.ts';
import { compositeSignatureAlgorithms } from '../signature-schemes.ts';

const message = new TextEncoder().encode('checkpoint');
const invalid = expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' });
const halves = {
  MLDSA44: { publicKey: 1312, signature: 2420, alone: 'ML-DSA-44', type: 'ml-dsa-44' },
  MLDSA65: { publicKey: 1952, signature: 3309, alone: 'ML-DSA-65', type: 'ml-dsa-65' },
  MLDSA87: { publicKey: 2592, signature: 4627, alone: 'ML-DSA-87', type: 'ml-dsa-87' },
} as const;
const first = (algorithm: string) => halves[algorithm.slice(0, 7) as keyof typeof halves];

describe.each(compositeSignatureAlgorithms)('%s', async (algorithm) => {
  const pair = await generateSigningKeyAsync(algorithm);
  const other = await generateSigningKeyAsync(algorithm);
  const { publicKey, privateKey } = pair;
  const half = first(algorithm);
  const signature = await importSigningKey(pair).signAsync(message);
  const foreign = await importSigningKey(other).signAsync(message);
  const passes = (candidate: Uint8Array, key = publicKey): Promise<boolean> =>
    verifySignatureAsync({ algorithm, publicKey: key, message, signature: candidate });

  it('CRY-4: a missing half, an emptied half and two equal halves are no signature', async () => {
    const [pq, classical] = [signature.subarray(0, half.signature), signature.subarray(half.signature)];
    expect(await passes(signature)).toBe(true);
    for (const candidate of [
      pq,
      classical,
      concat([classical, pq]),
      concat([pq, new Uint8Array(classical.length)]),
      concat([new Uint8Array(pq.length), classical]),
      concat([pq, pq]),
      concat([classical, classical]),
      new Uint8Array(signature.length),
    ]) {
      expect(await passes(candidate)).toBe(false);
    }
  });

  it('CRY-4: a half of another key, whichever, fails', async () => {
    expect(await passes(foreign, other.publicKey)).toBe(true);
    const mixed = [
      concat([signature.subarray(0, half.signature), foreign.subarray(half.signature)]),
      concat([foreign.subarray(0, half.signature), signature.subarray(half.signature)]),
    ];
    for (const candidate of mixed) {
      expect(await passes(candidate)).toBe(false);
      expect(await passes(candidate, other.publicKey)).toBe(false);
    }
    const mixedKeys = [
      concat([publicKey.subarray(0, half.publicKey), other.publicKey.subarray(half.publicKey)]),
      concat([other.publicKey.subarray(0, half.publicKey), publicKey.subarray(half.publicKey)]),
    ];
    for (const key of mixedKeys) expect(await passes(signature, key)).toBe(false);
  });

  it('CRY-4: the ML-DSA half is worth nothing alone, and an ML-DSA signature is worth nothing as a half', async () => {
    const alone = { algorithm: half.alone, publicKey: publicKey.subarray(0, half.publicKey) };
    const pq = signature.subarray(0, half.signature);
    const label = new TextEncoder().encode(`COMPSIG-${algorithm}`);
    expect(verifySignature({ ...alone, message, signature: pq })).toBe(false);
    expect(verifySignature({ ...alone, message, signature: pq, context: label })).toBe(false);
    const seed = privateKey.open(secretAccess, (bytes) => bytes.slice(0, 32));
    const plain = new Uint8Array(sign(null, message, privateKeyFromSeed(half.type, seed)));
    expect(verify(null, message, publicKeyFromRaw(half.type, alone.publicKey), plain)).toBe(true);
    expect(await passes(concat([plain, signature.subarray(half.signature)]))).toBe(false);
  });

  it('CRY-4: a signature does not pass in any other combination', async () => {
    for (const name of compositeSignatureAlgorithms.filter((candidate) => candidate !== algorithm)) {
      const attempt = async (): Promise<boolean> =>
        verifySignatureAsync({ algorithm: name, publicKey, message, signature }).catch((error: unknown) => {
          expect(error).toEqual(invalid);
          return false;
        });
      expect(await attempt()).toBe(false);
    }
  });

  it('a private key with one half of another kind or length is refused', () => {
    const bytes = privateKey.open(secretAccess, (secret) => secret.slice());
    for (const wrong of [bytes.slice(0, 32), bytes.slice(32), bytes.slice(1), concat([bytes, Uint8Array.of(0)])]) {
      expect(() => importSigningKey({ algorithm, privateKey: SecretBytes.take(wrong) })).toThrow(invalid);
    }
    if (algorithm.includes('Ed25519')) return;
    const header = bytes.slice();
    header[32] = 0x31;
    const curve = bytes.slice();
    curve[curve.length - 1] = (curve.at(-1) ?? 0) ^ 1;
    const zero = bytes.slice();
    const field = { P256: 32, P384: 48, P521: 66 }[/P\d{3}/.exec(algorithm)?.[0] ?? ''] ?? 0;
    zero.fill(0, 32 + 7, 32 + 7 + field);
    for (const wrong of [header, curve, zero]) {
      expect(() => importSigningKey({ algorithm, privateKey: SecretBytes.take(wrong) })).toThrow(invalid);
    }
  });
});

describe('MLDSA65 with P-256 and P-384', () => {
  it('CRY-4: downgrading the pre-hash or the curve by renaming the algorithm fails', async () => {
    const pair = await generateSigningKeyAsync('MLDSA44-ECDSA-P256-SHA256');
    const signature = await importSigningKey(pair).signAsync(message);
    const { publicKey } = pair;
    const renamed = { algorithm: 'MLDSA65-ECDSA-P256-SHA512', publicKey, message, signature } as const;
    await expect(verifySignatureAsync(renamed)).rejects.toThrow(invalid);
  });

  it('a public key whose half is no point of the curve is refused', async () => {
    const pair = await generateSigningKeyAsync('MLDSA65-ECDSA-P384-SHA512');
    const off = pair.publicKey.slice();
    off[off.length - 1] = (off.at(-1) ?? 0) ^ 1;
    expect(() => importVerifyKey({ algorithm: 'MLDSA65-ECDSA-P384-SHA512', publicKey: off })).toThrow(invalid);
    const ed = generateSigningKey('Ed25519').publicKey;
    const foreign = concat([pair.publicKey.subarray(0, 1952), ed]);
    expect(() => importVerifyKey({ algorithm: 'MLDSA65-ECDSA-P384-SHA512', publicKey: foreign })).toThrow(invalid);
  });
});
