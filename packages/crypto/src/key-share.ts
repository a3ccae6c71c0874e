import {
  agreeOnCurve,
  decapsulateKem,
  generateAgreementKey,
  type NativeAgreementKey,
  type NativeCurve,
  type NativeKem,
} from '#native/key-agreement';
import { CryptoError } from './errors.ts';

/** Algorithms of which a TLS client can make its half, by their registry ids. Hybrids are two of these side by side. */
export const keyShareAlgorithms = [
  'x25519',
  'x448',
  'secp256r1',
  'secp384r1',
  'secp521r1',
  'ML-KEM-512',
  'ML-KEM-768',
  'ML-KEM-1024',
] as const;

export type KeyShareAlgorithm = (typeof keyShareAlgorithms)[number];

const curves: Partial<Record<KeyShareAlgorithm, NativeCurve>> = {
  x25519: 'x25519',
  x448: 'x448',
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

const kems: Partial<Record<KeyShareAlgorithm, NativeKem>> = {
  'ML-KEM-512': 'ml-kem-512',
  'ML-KEM-768': 'ml-kem-768',
  'ML-KEM-1024': 'ml-kem-1024',
};

/**
 * The client's half of a key agreement: a point, or an ML-KEM encapsulation key. Made for handshakes that look at a
 * server and carry no data, where one share may serve many of them: a secret that protects nothing needs no forward
 * secrecy. Do not use it to protect anything; {@link hpkeSeal} is for that.
 */
export class KeyShare {
  readonly algorithm: KeyShareAlgorithm;
  readonly #key: NativeAgreementKey;

  private constructor(algorithm: KeyShareAlgorithm, key: NativeAgreementKey) {
    this.algorithm = algorithm;
    this.#key = key;
  }

  static generate(algorithm: KeyShareAlgorithm): KeyShare {
    const native = curves[algorithm] ?? kems[algorithm];
    if (native === undefined) {
      throw new CryptoError('CRYPTO_ALGORITHM_UNKNOWN', 'no key share can be made for this algorithm');
    }
    return new KeyShare(algorithm, generateAgreementKey(native));
  }

  /** Uncompressed for the NIST curves, as RFC 8446 section 4.2.8.2 wants it. */
  get publicKey(): Uint8Array {
    return this.#key.publicRaw;
  }

  /**
   * The secret shared with a peer who answered with a point or an ML-KEM ciphertext. Throws CRYPTO_KEY_INVALID for a
   * wrong length, a point off its curve and a point of low order. ML-KEM gives a secret for any ciphertext: only a MAC
   * under a key derived from it shows that both sides have the same one.
   */
  agree(answer: Uint8Array): Uint8Array {
    try {
      const curve = curves[this.algorithm];
      return curve === undefined
        ? decapsulateKem(this.#key.privateKey, answer)
        : agreeOnCurve(curve, this.#key.privateKey, answer);
    } catch (cause) {
      throw new CryptoError('CRYPTO_KEY_INVALID', `the answer is no ${this.algorithm} public value`, { cause });
    }
  }
}
