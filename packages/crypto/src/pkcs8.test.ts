import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { privateKeyPkcs8 } from './pkcs8.ts';
import { SecretBytes, secretAccess } from './secret-bytes.ts';
import { generateSigningKey } from './signature.ts';
import { signatureAlgorithms } from './signature-schemes.ts';

describe('PKCS#8', () => {
  it.each(signatureAlgorithms)('%s: the runtime reads it as the same key, and writes the same bytes', (algorithm) => {
    const pair = generateSigningKey(algorithm);
    using der = privateKeyPkcs8(algorithm, pair.privateKey);
    der.open(secretAccess, (bytes) => {
      const read = createPrivateKey({ key: Buffer.from(bytes), format: 'der', type: 'pkcs8' });
      expect(new Uint8Array(createPublicKey(read).export({ format: 'raw-public' }))).toEqual(pair.publicKey);
      expect(new Uint8Array(read.export({ format: 'der', type: 'pkcs8' }))).toEqual(new Uint8Array(bytes));
    });
  });

  it('a seed of another length is refused', () => {
    expect(() => privateKeyPkcs8('ML-DSA-44', SecretBytes.random(31))).toThrow(
      expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' }),
    );
  });
});
