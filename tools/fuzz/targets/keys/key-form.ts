import {
  CryptoError,
  generateKemKey,
  generateSigningKey,
  kemPrivateKeyPkcs8,
  kemPublicKeySpki,
  privateKeyPkcs8,
  publicKeySpki,
  readKemPrivateKeyPkcs8,
  readKemPublicKeySpki,
  readPrivateKeyPkcs8,
  readPublicKeySpki,
  SecretBytes as Secret,
  type SecretBytes,
  type SignatureAlgorithm,
  secretAccess,
} from '../../../../packages/crypto/src/index.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, same, unlessRefused } from '../outcome.ts';

const algorithms: readonly SignatureAlgorithm[] = ['Ed25519', 'ML-DSA-44', 'ECDSA-P256-SHA256'];
const bytesOf = (secret: SecretBytes): Uint8Array => secret.open(secretAccess, (bytes) => bytes.slice());

function samplesOf(algorithm: SignatureAlgorithm): Uint8Array[] {
  const { publicKey, privateKey } = generateSigningKey(algorithm);
  return [publicKeySpki(algorithm, publicKey), bytesOf(privateKeyPkcs8(algorithm, privateKey))];
}

function kemSamples(): Uint8Array[] {
  return (['ML-KEM-512', 'ML-KEM-768'] as const).flatMap((kem) => {
    const { key, seed } = generateKemKey(kem);
    return [kemPublicKeySpki(kem, key.publicKey), bytesOf(kemPrivateKeyPkcs8(kem, seed))];
  });
}

/** SubjectPublicKeyInfo and PKCS#8, as certificates and key files bring them. */
export function makeTarget(): FuzzTarget {
  return {
    bytesMax: 4096,
    samples: [...kemSamples(), ...algorithms.flatMap(samplesOf)],
    run(bytes) {
      const read = unlessRefused(CryptoError, () => readPublicKeySpki(bytes));
      // PSS keys may say their hash or not, and are written without.
      if (read !== undefined && !read.algorithm.startsWith('RSA-')) {
        promise(same(publicKeySpki(read.algorithm, read.publicKey), bytes), 'a key has a second spelling');
      }
      const kem = unlessRefused(CryptoError, () => readKemPublicKeySpki(bytes));
      promise(
        kem === undefined || same(kemPublicKeySpki(kem.algorithm, kem.publicKey), bytes),
        'a KEM key has a second spelling',
      );
      const kemSecret = unlessRefused(CryptoError, () => readKemPrivateKeyPkcs8(Secret.take(bytes.slice())));
      kemSecret?.privateKey?.dispose();
      const secret = unlessRefused(CryptoError, () => readPrivateKeyPkcs8(Secret.take(bytes.slice())));
      secret?.privateKey.dispose();
    },
  };
}
