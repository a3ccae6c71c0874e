import {
  CryptoError,
  generateSigningKey,
  privateKeyPkcs8,
  publicKeySpki,
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

/** SubjectPublicKeyInfo and PKCS#8, as certificates and key files bring them. */
export function makeTarget(): FuzzTarget {
  return {
    bytesMax: 4096,
    samples: algorithms.flatMap((algorithm) => {
      const { publicKey, privateKey } = generateSigningKey(algorithm);
      return [publicKeySpki(algorithm, publicKey), bytesOf(privateKeyPkcs8(algorithm, privateKey))];
    }),
    run(bytes) {
      const read = unlessRefused(CryptoError, () => readPublicKeySpki(bytes));
      // PSS keys may say their hash or not, and are written without.
      const hasOneForm = read !== undefined && !read.algorithm.startsWith('RSA-');
      promise(!hasOneForm || same(publicKeySpki(read.algorithm, read.publicKey), bytes), 'a key has a second spelling');
      const secret = unlessRefused(CryptoError, () => readPrivateKeyPkcs8(Secret.take(bytes.slice())));
      secret?.privateKey.dispose();
    },
  };
}
