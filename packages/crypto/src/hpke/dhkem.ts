/*
 * DHKEM (RFC 9180 section 4.1): a curve as a KEM, whose secret is bound to both public keys. It is here to read what
 * others write and as the classical half of nothing: our hybrids take raw Diffie-Hellman, because the runtime's
 * `encapsulate` on a curve gives the DHKEM secret, which is not the raw one. Quantum computers break it.
 */

import { kemDecapsulate, kemEncapsulate, rawPublicKey } from '#native/asymmetric';
import {
  curvePrivateKey,
  curvePublicKey,
  generateCurveKey,
  type NativeAgreementCurve,
  type NativeKemKey,
  rawCurvePrivateKey,
} from '#native/kem-keys';
import { CryptoError, need } from '../errors.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import type { HpkeKem, KemPrivateKey } from './kem.ts';
import { needScalar } from './scalar.ts';

/** Bytes of the scalar and of the point; OpenSSL takes the hash that RFC 9180 gives the curve. */
const curves = {
  'P-256': { scalar: 32, point: 65 },
  'P-384': { scalar: 48, point: 97 },
  'P-521': { scalar: 66, point: 133 },
  x25519: { scalar: 32, point: 32 },
  x448: { scalar: 56, point: 56 },
} as const satisfies Partial<Record<NativeAgreementCurve, object>>;

function dhkem(curve: keyof typeof curves): HpkeKem {
  const { scalar, point } = curves[curve];

  function importPrivate(privateKey: SecretBytes): NativeKemKey {
    need(privateKey.length === scalar, 'CRYPTO_KEY_INVALID', `the private key is a scalar of ${scalar} bytes`);
    try {
      return privateKey.open(secretAccess, (raw) => {
        needScalar(curve, raw);
        return curvePrivateKey(curve, raw);
      });
    } catch (cause) {
      throw new CryptoError('CRYPTO_KEY_INVALID', 'the private key is no scalar of the curve', { cause });
    }
  }

  function privateKeyOf(key: NativeKemKey): KemPrivateKey {
    return {
      publicKey: rawPublicKey(key),
      decapsulate(enc) {
        need(enc.length === point, 'CRYPTO_MALFORMED', `the encapsulated key has ${point} bytes`);
        try {
          return SecretBytes.take(kemDecapsulate(key, enc));
        } catch (cause) {
          throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'the encapsulated key is not genuine', { cause });
        }
      },
    };
  }

  return {
    sizes: { seed: scalar, publicKey: point, ciphertext: point },

    generate() {
      const seed = SecretBytes.take(rawCurvePrivateKey(generateCurveKey(curve)));
      return { seed, key: privateKeyOf(importPrivate(seed)) };
    },

    importKey: (privateKey) => privateKeyOf(importPrivate(privateKey)),

    encapsulate(publicKey) {
      need(publicKey.length === point, 'CRYPTO_KEY_INVALID', `the public key has ${point} bytes`);
      try {
        const { ciphertext, sharedKey } = kemEncapsulate(curvePublicKey(curve, publicKey));
        return { enc: ciphertext, sharedSecret: SecretBytes.take(sharedKey) };
      } catch (cause) {
        throw new CryptoError('CRYPTO_KEY_INVALID', 'the public key is no point of the curve', { cause });
      }
    },
  };
}

export const dhkemP256 = dhkem('P-256');
export const dhkemP384 = dhkem('P-384');
export const dhkemP521 = dhkem('P-521');
export const dhkemX25519 = dhkem('x25519');
export const dhkemX448 = dhkem('x448');
