import { createPrivateKey, createPublicKey } from 'node:crypto';
import {
  generateSigningKey,
  generateSigningKeyAsync,
  importSigningKey,
  privateKeyPkcs8,
  type SecretBytes,
  type SignatureAlgorithm,
  secretAccess,
} from '@quantumvault/crypto';
import { describe, expect, it } from 'vitest';
import { type SignerSubject, signerContract } from './contract.ts';
import { MemorySigner } from './memory-signer.ts';
import type { Signer } from './signer.ts';

const algorithms = [
  'Ed25519',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
  'ECDSA-P256-SHA256',
  'ECDSA-P384-SHA384',
  'ECDSA-P521-SHA512',
  'SLH-DSA-SHA2-128f',
  'RSA-PSS-SHA256',
] as const;

/** Made by the runtime from the private key, so that the port's own encoding is not what it is checked with. */
function subjectPublicKeyInfo(algorithm: SignatureAlgorithm, privateKey: SecretBytes): Uint8Array {
  using pkcs8 = privateKeyPkcs8(algorithm, privateKey);
  return pkcs8.open(secretAccess, (der) => {
    const key = createPublicKey(createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' }));
    return new Uint8Array(key.export({ format: 'der', type: 'spki' }));
  });
}

describe.each(algorithms)('MemorySigner with %s', async (algorithm) => {
  const pair = await generateSigningKeyAsync(algorithm);
  const publicKey = subjectPublicKeyInfo(algorithm, pair.privateKey);
  const open = async (): Promise<SignerSubject> => ({
    signer: new MemorySigner({ key: importSigningKey(pair), publicKey }),
    rawPublicKey: pair.publicKey,
    hasContext: /^(?:ML|SLH)-DSA/.test(algorithm),
  });

  it.each(signerContract.map((one) => [one.rule, one] as const))('PKI-1: %s', (_rule, one) => one.run(open));
});

describe('the contract itself', () => {
  const pair = generateSigningKey('ML-DSA-44');
  const publicKey = subjectPublicKeyInfo('ML-DSA-44', pair.privateKey);
  const honest = new MemorySigner({ key: importSigningKey(pair), publicKey });
  const liars: Readonly<Record<string, Signer>> = {
    'signs a digest': {
      ...{ publicKey, algorithm: 'ML-DSA-44' },
      sign: (_message, how) => honest.sign(Uint8Array.of(1), how),
    },
    'drops the context': {
      ...{ publicKey, algorithm: 'ML-DSA-44' },
      sign: (message) => honest.sign(message, { context: new Uint8Array(0) }),
    },
    'shows another key': {
      ...{ publicKey: publicKey.slice(0, -1), algorithm: 'ML-DSA-44' },
      sign: (message, how) => honest.sign(message, how),
    },
  };

  it.each(Object.entries(liars))('finds a signer that %s', async (_name, signer) => {
    const outcomes = await Promise.allSettled(
      signerContract.map((one) =>
        one.run(() => Promise.resolve({ signer, rawPublicKey: pair.publicKey, hasContext: true })),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
  });

  it('a disposed key is refused by its code', async () => {
    const key = importSigningKey(pair);
    const signer = new MemorySigner({ key, publicKey });
    key.dispose();
    await expect(signer.sign(new Uint8Array(1), { context: new Uint8Array(0) })).rejects.toMatchObject({
      code: 'SIGNER_REFUSED',
    });
  });
});
