import { createPrivateKey, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, derOid, derTag, derValue } from '../der.ts';
import { CryptoError } from '../errors.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { generateSigningKey, generateSigningKeyAsync, importSigningKey, importVerifyKey } from '../signature.ts';
import { compositeSignatureAlgorithms, type SignatureAlgorithm, signatureAlgorithms } from '../signature-schemes.ts';
import { privateKeyPkcs8, publicKeySpki, readPrivateKeyPkcs8, readPublicKeySpki } from './key-forms.ts';

// No document gives Falcon an identifier yet.
const withForms = signatureAlgorithms.filter((name) => !name.startsWith('FN-DSA-'));
const isComposite = (name: string): boolean => (compositeSignatureAlgorithms as readonly string[]).includes(name);
const bytesOf = (secret: SecretBytes): Uint8Array => secret.open(secretAccess, (bytes) => bytes.slice());
const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof CryptoError) return error.code;
    throw error;
  }
  return 'none';
};
const pairOf = (algorithm: SignatureAlgorithm) =>
  generateSigningKeyAsync(algorithm, algorithm.startsWith('RSA-') ? { modulusBits: 2048 } : {});

describe('SubjectPublicKeyInfo and PKCS#8', () => {
  it.each(withForms)('CRY-3: %s comes back from both forms', async (algorithm) => {
    const pair = await pairOf(algorithm);
    const spki = publicKeySpki(algorithm, pair.publicKey);
    expect(readPublicKeySpki(spki, algorithm)).toEqual({ algorithm, publicKey: pair.publicKey });
    using der = privateKeyPkcs8(algorithm, pair.privateKey);
    const read = readPrivateKeyPkcs8(der, algorithm);
    expect(read.algorithm).toBe(algorithm);
    expect(read.privateKey.equals(pair.privateKey)).toBe(true);
    expect(importSigningKey(read).publicKey).toEqual(pair.publicKey);
  });

  it.each(withForms.filter((name) => !isComposite(name)))(
    '%s: the runtime reads both forms as the same key, and writes the same bytes',
    async (algorithm) => {
      const pair = await pairOf(algorithm);
      using der = privateKeyPkcs8(algorithm, pair.privateKey);
      const spki = publicKeySpki(algorithm, pair.publicKey);
      der.open(secretAccess, (bytes) => {
        const read = createPrivateKey({ key: Buffer.from(bytes), format: 'der', type: 'pkcs8' });
        expect(new Uint8Array(read.export({ format: 'der', type: 'pkcs8' }))).toEqual(new Uint8Array(bytes));
        expect(new Uint8Array(createPublicKey(read).export({ format: 'der', type: 'spki' }))).toEqual(spki);
      });
    },
  );

  it('an RSA key is for PSS unless the caller expects PKCS#1 v1.5; other expectations are refused', async () => {
    const pair = await pairOf('RSA-PSS-SHA256');
    const spki = publicKeySpki('RSA-PKCS1-SHA256', pair.publicKey);
    expect(readPublicKeySpki(spki).algorithm).toBe('RSA-PSS-SHA256');
    expect(readPublicKeySpki(spki, 'RSA-PKCS1-SHA256').algorithm).toBe('RSA-PKCS1-SHA256');
    expect(codeOf(() => readPublicKeySpki(spki, 'Ed25519'))).toBe('CRYPTO_KEY_INVALID');
    expect(codeOf(() => readPrivateKeyPkcs8(privateKeyPkcs8('Ed25519', SecretBytes.random(32)), 'ML-DSA-44'))).toBe(
      'CRYPTO_KEY_INVALID',
    );
  });

  it('reads a public key that is for PSS alone (RFC 4055), with the parameters of SHA-256 and without', async () => {
    const pair = await pairOf('RSA-PSS-SHA256');
    const digest = derValue(derTag.sequence, derOid('2.16.840.1.101.3.4.2.1'), Uint8Array.of(5, 0));
    const mgf1 = derValue(derTag.sequence, derOid('1.2.840.113549.1.1.8'), digest);
    const salt = (length: number) => derValue(derTag.explicit(2), Uint8Array.of(2, 1, length));
    const parameters = (length: number) =>
      derValue(derTag.sequence, derValue(derTag.explicit(0), digest), derValue(derTag.explicit(1), mgf1), salt(length));
    const spki = (...more: Uint8Array[]) =>
      derValue(
        derTag.sequence,
        derValue(derTag.sequence, derOid('1.2.840.113549.1.1.10'), ...more),
        derValue(derTag.bitString, Uint8Array.of(0), pair.publicKey),
      );
    for (const der of [spki(), spki(parameters(32))]) {
      expect(readPublicKeySpki(der)).toEqual({ algorithm: 'RSA-PSS-SHA256', publicKey: pair.publicKey });
      expect(codeOf(() => readPublicKeySpki(der, 'RSA-PKCS1-SHA256'))).toBe('CRYPTO_KEY_INVALID');
    }
    expect(codeOf(() => readPublicKeySpki(spki(parameters(20))))).toBe('CRYPTO_ALGORITHM_UNKNOWN');
  });

  it('FN-DSA has no key file yet, and none is made up', async () => {
    const pair = await generateSigningKeyAsync('FN-DSA-512');
    const { algorithm, publicKey, privateKey } = pair;
    expect(codeOf(() => publicKeySpki(algorithm, publicKey))).toBe('CRYPTO_OPTION_UNSUPPORTED');
    expect(codeOf(() => privateKeyPkcs8(algorithm, privateKey))).toBe('CRYPTO_OPTION_UNSUPPORTED');
  });

  it('a private key of a wrong length is not written, an unknown algorithm has no form', () => {
    expect(codeOf(() => privateKeyPkcs8('ML-DSA-44', SecretBytes.random(31)))).toBe('CRYPTO_KEY_INVALID');
    expect(codeOf(() => privateKeyPkcs8('SLH-DSA-SHA2-128s', SecretBytes.random(63)))).toBe('CRYPTO_KEY_INVALID');
    expect(codeOf(() => publicKeySpki('Falcon' as SignatureAlgorithm, new Uint8Array(1)))).toBe(
      'CRYPTO_ALGORITHM_UNKNOWN',
    );
  });
});

describe('PKCS#8 with a public key (RFC 5958)', () => {
  const pair = generateSigningKey('Ed25519');
  const oneAsymmetricKey = (version: number, publicKey: Uint8Array) =>
    SecretBytes.take(
      derValue(
        derTag.sequence,
        Uint8Array.of(derTag.integer, 1, version),
        derValue(derTag.sequence, derOid('1.3.101.112')),
        derValue(derTag.octetString, derValue(derTag.octetString, bytesOf(pair.privateKey))),
        derValue(derTag.implicit(1), Uint8Array.of(0), publicKey),
      ),
    );

  it('is read when it belongs to the private key, and refused when it does not', () => {
    expect(readPrivateKeyPkcs8(oneAsymmetricKey(1, pair.publicKey)).privateKey.equals(pair.privateKey)).toBe(true);
    const foreign = generateSigningKey('Ed25519').publicKey;
    expect(codeOf(() => readPrivateKeyPkcs8(oneAsymmetricKey(1, foreign)))).toBe('CRYPTO_KEY_INVALID');
    expect(codeOf(() => readPrivateKeyPkcs8(oneAsymmetricKey(0, pair.publicKey)))).toBe('CRYPTO_MALFORMED');
    expect(codeOf(() => readPrivateKeyPkcs8(oneAsymmetricKey(2, pair.publicKey)))).toBe('CRYPTO_MALFORMED');
  });
});

describe('hostile key files', () => {
  const spki = publicKeySpki('Ed25519', generateSigningKey('Ed25519').publicKey);
  const pkcs8 = bytesOf(privateKeyPkcs8('ML-DSA-44', SecretBytes.random(32)));
  const codes = ['CRYPTO_MALFORMED', 'CRYPTO_ALGORITHM_UNKNOWN', 'CRYPTO_KEY_INVALID', 'CRYPTO_LIMIT', 'none'];

  it('cut anywhere, or with a byte after the end, they are malformed', () => {
    for (let length = 0; length < spki.length; length++) {
      expect(codeOf(() => readPublicKeySpki(spki.slice(0, length)))).toBe('CRYPTO_MALFORMED');
    }
    for (let length = 0; length < pkcs8.length; length++) {
      expect(codeOf(() => readPrivateKeyPkcs8(SecretBytes.take(pkcs8.slice(0, length))))).toBe('CRYPTO_MALFORMED');
    }
    expect(codeOf(() => readPublicKeySpki(concat([spki, Uint8Array.of(0)])))).toBe('CRYPTO_MALFORMED');
    expect(codeOf(() => readPrivateKeyPkcs8(SecretBytes.take(concat([pkcs8, Uint8Array.of(0)]))))).toBe(
      'CRYPTO_MALFORMED',
    );
  });

  it('every flipped bit and random bytes end in one of our errors, or in another key', () => {
    for (let bit = 0; bit < 8 * spki.length; bit++) {
      const changed = spki.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const outcome = codeOf(() => importVerifyKey(readPublicKeySpki(changed)));
      expect(codes).toContain(outcome);
      if (bit < 8 * 12) expect(outcome).not.toBe('none');
    }
    for (let bit = 0; bit < 8 * 22; bit++) {
      const changed = pkcs8.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const outcome = codeOf(() => {
        // The identifiers of the three sets differ in few bits, and a seed fits each of them.
        expect(readPrivateKeyPkcs8(SecretBytes.take(changed)).algorithm).toBe('ML-DSA-87');
      });
      expect(codes).toContain(outcome);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (any) => {
        expect(codes).toContain(codeOf(() => readPublicKeySpki(any)));
        expect(codes).toContain(codeOf(() => readPrivateKeyPkcs8(SecretBytes.take(any.slice()))));
      }),
    );
  });

  it('lengths in a longer form than needed, indefinite lengths and over-long files are refused', () => {
    const content = spki.subarray(2);
    const headers = [
      [0x30, 0x81, content.length],
      [0x30, 0x80],
      [0x30, 0x82, 0, content.length],
      [0x30, 0x84, 0, 0, 0, 42],
    ];
    for (const header of headers) {
      expect(codeOf(() => readPublicKeySpki(concat([Uint8Array.from(header), content])))).toBe('CRYPTO_MALFORMED');
    }
    expect(codeOf(() => readPublicKeySpki(new Uint8Array(8193)))).toBe('CRYPTO_LIMIT');
    expect(codeOf(() => readPrivateKeyPkcs8(SecretBytes.take(new Uint8Array(8193))))).toBe('CRYPTO_LIMIT');
  });
});
