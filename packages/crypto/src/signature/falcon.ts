import { runVetted } from '#native/vetted-thread';
import { CryptoError, need } from '../errors.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import type { FalconSet } from '../vetted/falcon.ts';
import { HeldKey } from './native-key.ts';
import { exactly, type SignatureScheme } from './scheme.ts';

const sizes: Readonly<Record<FalconSet, { publicKey: number; secretKey: number; signatureMax: number }>> = {
  512: { publicKey: 897, secretKey: 1281, signatureMax: 752 },
  1024: { publicKey: 1793, secretKey: 2305, signatureMax: 1462 },
};
const signatureMin = 42;

/** A copy that can be moved to the thread. */
const copyOf = (secret: SecretBytes): Uint8Array => secret.open(secretAccess, (bytes) => bytes.slice());

/**
 * FN-DSA as Falcon of round 3, an experiment: FIPS 206 is a draft and may change every byte. The private key is the encoded
 * secret key and the public key after it. It stays in SecretBytes, because OpenSSL has no such keys, and is lent to the
 * thread for each signature.
 */
export function falcon(set: FalconSet): SignatureScheme {
  const { publicKey, secretKey, signatureMax } = sizes[set];
  return {
    isSync: false,
    hasContext: false,
    publicKeyBytes: exactly(publicKey),
    generateAsync: (pool) =>
      pool.run('worker', async () => {
        const both = await runVetted({ kind: 'falcon-generate', set });
        if (both instanceof Uint8Array) return SecretBytes.take(both);
        throw new CryptoError('CRYPTO_KEY_INVALID', 'no key was made');
      }),
    importPrivate: (privateKey) => {
      const bytes = secretKey + publicKey;
      need(privateKey.length === bytes, 'CRYPTO_KEY_INVALID', `the private key of FN-DSA-${set} has ${bytes} bytes`);
      const isHead = privateKey.open(secretAccess, (both) => both[0] === 0x50 + Math.log2(set));
      need(isHead, 'CRYPTO_KEY_INVALID', `the private key is not one of FN-DSA-${set}`);
      const own = SecretBytes.take(copyOf(privateKey));
      const held = new HeldKey(own);
      return {
        publicKey: privateKey.open(secretAccess, (both) => both.slice(secretKey)),
        signAsync: async (message, _context, pool) => {
          held.open();
          return pool.run('worker', async () => {
            const secret = copyOf(held.open());
            const signature = await runVetted({ kind: 'falcon-sign', set, secret, message });
            if (signature instanceof Uint8Array) return signature;
            throw new CryptoError('CRYPTO_KEY_INVALID', 'the private key makes no signature that its public key takes');
          });
        },
        dispose: () => {
          held.dispose();
          own.dispose();
        },
      };
    },
    importPublic: (raw) => {
      need(raw[0] === Math.log2(set), 'CRYPTO_KEY_INVALID', `the public key is not one of FN-DSA-${set}`);
      const own = raw.slice();
      return {
        isSignatureLength: (length) => length >= signatureMin && length <= signatureMax,
        verifyAsync: async (message, signature, _context, pool) =>
          pool.run(
            'worker',
            async () => (await runVetted({ kind: 'falcon-verify', set, publicKey: own, message, signature })) === true,
          ),
      };
    },
  };
}
