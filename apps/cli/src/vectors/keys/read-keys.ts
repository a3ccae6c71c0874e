import {
  CryptoError,
  importSigningKey,
  importVerifyKey,
  type KemPrivateKey,
  kemEncapsulateTo,
  kemPublicKeySpki,
  publicKeySpki,
  readKemPrivateKeyPkcs8,
  readKemPublicKeySpki,
  readPrivateKeyPkcs8,
  readPublicKeySpki,
  SecretBytes,
  type SignatureAlgorithm,
} from '@quantumvault/crypto';
import { Skip } from '../tally.ts';

export interface PrivateKeyFile {
  /** SubjectPublicKeyInfo of the public half, in DER. */
  readonly publicKey: Uint8Array;
  /** For KEMs, to open ciphertexts with. */
  readonly kem: KemPrivateKey | undefined;
}

const isUnknown = (error: unknown): boolean =>
  error instanceof CryptoError && error.code === 'CRYPTO_ALGORITHM_UNKNOWN';

/** What a file holds is not known before it is read: KEMs first, then signatures. */
function either<T>(asKem: () => T, asSignature: () => T): T {
  try {
    return asKem();
  } catch (error) {
    if (!isUnknown(error)) throw error;
  }
  try {
    return asSignature();
  } catch (error) {
    if (isUnknown(error)) throw new Skip('a key of an algorithm, or of a revision of its draft, that is not offered');
    throw error;
  }
}

/** Reads PKCS#8 and imports the key. Throws CryptoError for a file that is refused, and Skip for what is not offered. */
export function readPrivateKeyFile(der: Uint8Array): PrivateKeyFile {
  const file = SecretBytes.take(der.slice());
  return either<PrivateKeyFile>(
    () => {
      const { algorithm, key } = readKemPrivateKeyPkcs8(file);
      return { publicKey: kemPublicKeySpki(algorithm, key.publicKey), kem: key };
    },
    () => {
      const { algorithm, privateKey } = readPrivateKeyPkcs8(file);
      using key = importSigningKey({ algorithm, privateKey });
      return { publicKey: publicKeySpki(algorithm, key.publicKey), kem: undefined };
    },
  );
}

export interface PublicKeyFile {
  /** Undefined for KEMs. */
  readonly verify: { readonly algorithm: SignatureAlgorithm; readonly publicKey: Uint8Array } | undefined;
}

/** Reads SubjectPublicKeyInfo and imports the key. Throws as {@link readPrivateKeyFile} does. */
export function readPublicKeyFile(der: Uint8Array): PublicKeyFile {
  return either<PublicKeyFile>(
    () => {
      const { algorithm, publicKey } = readKemPublicKeySpki(der);
      kemEncapsulateTo(algorithm, publicKey);
      return { verify: undefined };
    },
    () => {
      const verify = readPublicKeySpki(der);
      importVerifyKey(verify);
      return { verify };
    },
  );
}
