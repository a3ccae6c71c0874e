import {
  generateSigningKeyAsync,
  importSigningKey,
  publicKeySpki,
  type SignatureAlgorithm,
} from '@quantumvault/crypto';
import { describe, expect, it } from 'vitest';
import { type SignerSubject, signerContract } from './contract.ts';
import { MemorySigner } from './memory-signer.ts';
import type { Signer } from './signer.ts';

// One of each kind; the small sets of SLH-DSA sign in milliseconds.
const algorithms: readonly (readonly [SignatureAlgorithm, boolean])[] = [
  ['Ed25519', false],
  ['ML-DSA-44', true],
  ['ML-DSA-65', true],
  ['ML-DSA-87', true],
  ['SLH-DSA-SHA2-128f', true],
  ['MLDSA65-Ed25519-SHA512', true],
  ['MLDSA44-ECDSA-P256-SHA256', true],
  ['ECDSA-P256-SHA256', false],
  ['ECDSA-P384-SHA384', false],
  ['ECDSA-P521-SHA512', false],
  ['RSA-PSS-SHA256', false],
  ['RSA-PKCS1-SHA256', false],
];

async function makeKey(algorithm: SignatureAlgorithm) {
  const pair = await generateSigningKeyAsync(algorithm, algorithm.startsWith('RSA') ? { modulusBits: 2048 } : {});
  return { pair, publicKey: publicKeySpki(algorithm, pair.publicKey) };
}

describe.each(algorithms)('MemorySigner with %s', (algorithm, hasContext) => {
  const made = makeKey(algorithm);
  const open = async (): Promise<SignerSubject> => {
    const { pair } = await made;
    const signer = new MemorySigner(importSigningKey(pair));
    return { signer, rawPublicKey: pair.publicKey, hasContext };
  };

  it.each(signerContract.map((one) => [one.rule, one] as const))('PKI-1: %s', (_rule, one) => one.run(open));
});

describe('the contract itself', () => {
  const made = makeKey('ML-DSA-44').then(({ pair, publicKey }) => ({
    ...{ pair, publicKey },
    honest: new MemorySigner(importSigningKey(pair)),
  }));
  type Made = Awaited<typeof made>;
  const liars: Readonly<Record<string, (made: Made) => Signer>> = {
    'signs a digest': ({ honest, publicKey }) => ({
      ...{ publicKey, algorithm: 'ML-DSA-44' },
      sign: (_message, how) => honest.sign(Uint8Array.of(1), how),
    }),
    'drops the context': ({ honest, publicKey }) => ({
      ...{ publicKey, algorithm: 'ML-DSA-44' },
      sign: (message) => honest.sign(message, { context: new Uint8Array(0) }),
    }),
    'shows another key': ({ honest, publicKey }) => ({
      ...{ publicKey: publicKey.slice(0, -1), algorithm: 'ML-DSA-44' },
      sign: (message, how) => honest.sign(message, how),
    }),
  };

  it.each(Object.entries(liars))('finds a signer that %s', async (_name, lie) => {
    const { pair, ...rest } = await made;
    const signer = lie({ pair, ...rest });
    const outcomes = await Promise.allSettled(
      signerContract.map((one) =>
        one.run(() => Promise.resolve({ signer, rawPublicKey: pair.publicKey, hasContext: true })),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
  });

  it('a disposed key is refused by its code', async () => {
    const { pair } = await made;
    const key = importSigningKey(pair);
    const signer = new MemorySigner(key);
    key.dispose();
    await expect(signer.sign(new Uint8Array(1), { context: new Uint8Array(0) })).rejects.toMatchObject({
      code: 'SIGNER_REFUSED',
    });
  });
});
