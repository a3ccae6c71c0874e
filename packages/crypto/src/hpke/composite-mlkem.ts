/*
 * Composite ML-KEM (draft-ietf-lamps-pq-composite-kem, the revision with SHA3-256 and the OIDs 1.3.6.1.5.5.7.6.55 to 66):
 * ML-KEM beside a curve or RSA-OAEP in one key, for certificates and CMS. Envelopes take the hybrids of HPKE instead.
 *
 * ML-KEM decapsulation never fails here either; of the classical halves RSA-OAEP and the curves do. A classical key of
 * another size than the name says is refused, because the combiner is safe only over fields of known length.
 */

import { kemDecapsulate, kemEncapsulate, privateKeyFromSeed, publicKeyFromRaw, rawPublicKey } from '#native/asymmetric';
import { nativeSha3Concat } from '#native/hash';
import {
  agreeRaw,
  curvePrivateKey,
  curvePublicKey,
  generateCurveKey,
  generateRsaKey,
  type NativeAgreementCurve,
  oaepDecrypt,
  oaepEncrypt,
  rawCurvePrivateKey,
  rsaModulusBits,
  rsaPrivateDer,
  rsaPrivateKey,
  rsaPublicDer,
  rsaPublicKey,
} from '#native/kem-keys';
import { CryptoError, need } from '../errors.ts';
import { cryptoPool } from '../pool.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import type { Kem } from './kem.ts';
import { needScalar } from './scalar.ts';

/** The classical half, promoted to a KEM as section 2 of the draft says. Every function throws what OpenSSL throws. */
interface Classical {
  /** The private key in the form in which it follows the ML-KEM seed. */
  generate(): Promise<Uint8Array>;
  importKey(bytes: Uint8Array): { readonly publicKey: Uint8Array; decapsulate(ct: Uint8Array): Uint8Array };
  encapsulate(publicKey: Uint8Array): { readonly ct: Uint8Array; readonly secret: Uint8Array };
}

/** A new Diffie-Hellman key for one message; its public half is the ciphertext. */
function curveHalf(
  curve: NativeAgreementCurve,
  form: { pack(scalar: Uint8Array): Uint8Array; unpack(bytes: Uint8Array): Uint8Array },
): Classical {
  return {
    generate: async () => {
      const scalar = rawCurvePrivateKey(generateCurveKey(curve));
      const packed = form.pack(scalar);
      scalar.fill(0);
      return packed;
    },
    importKey(bytes) {
      const scalar = form.unpack(bytes);
      needScalar(curve, scalar);
      const key = curvePrivateKey(curve, scalar);
      return { publicKey: rawPublicKey(key), decapsulate: (ct) => agreeRaw(key, curvePublicKey(curve, ct)) };
    },
    encapsulate(publicKey) {
      const peer = curvePublicKey(curve, publicKey);
      const ephemeral = generateCurveKey(curve);
      return { ct: rawPublicKey(ephemeral), secret: agreeRaw(ephemeral, peer) };
    },
  };
}

/** Raw keys of RFC 7748. */
const montgomery = (curve: 'x25519' | 'x448', bytes: number): Classical =>
  curveHalf(curve, {
    pack: (scalar) => scalar.slice(),
    unpack(raw) {
      need(raw.length === bytes, 'CRYPTO_KEY_INVALID', `the classical half of the private key has ${bytes} bytes`);
      return raw;
    },
  });

const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** ECPrivateKey of RFC 5915 with the name of its curve and without the public key: all but the scalar is fixed. */
function weierstrass(curve: NativeAgreementCurve, scalarBytes: number, curveOid: string): Classical {
  const oid = fromHex(curveOid);
  const parameters = concat(Uint8Array.of(0xa0, oid.length + 2, 0x06, oid.length), oid);
  // Short enough for lengths of one byte with every curve here.
  const head = Uint8Array.of(0x30, 5 + scalarBytes + parameters.length, 0x02, 0x01, 0x01, 0x04, scalarBytes);
  const scalarEnd = head.length + scalarBytes;
  return curveHalf(curve, {
    pack: (scalar) => concat(head, scalar, parameters),
    unpack(bytes) {
      const isForm = isSame(bytes.subarray(0, head.length), head) && isSame(bytes.subarray(scalarEnd), parameters);
      need(isForm, 'CRYPTO_KEY_INVALID', 'the classical half is no ECPrivateKey of the curve');
      return bytes.subarray(head.length, scalarEnd);
    },
  });
}

/** For public bytes alone: it stops at the first difference. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** RSA-OAEP with SHA-256 carries 32 random bytes. Its keys are those of PKCS#1. */
function rsaHalf(modulusBits: number): Classical {
  const needSize = (found: number | undefined): void =>
    need(found === modulusBits, 'CRYPTO_KEY_INVALID', `the classical half is RSA of ${modulusBits} bits`);
  return {
    generate: async () => rsaPrivateDer(await cryptoPool.run('slow', () => generateRsaKey(modulusBits))),
    importKey(bytes) {
      const key = rsaPrivateKey(bytes);
      needSize(rsaModulusBits(key));
      return {
        publicKey: rsaPublicDer(key),
        decapsulate(ct) {
          const secret = oaepDecrypt(key, ct);
          need(secret.length === 32, 'CRYPTO_AUTHENTICATION_FAILED', 'the classical half carries no secret');
          return secret;
        },
      };
    },
    encapsulate(publicKey) {
      const key = rsaPublicKey(publicKey);
      needSize(rsaModulusBits(key));
      // One key has one encoding: the bytes enter the combiner at both ends.
      need(isSame(rsaPublicDer(key), publicKey), 'CRYPTO_KEY_INVALID', 'the RSA public key is not in its DER form');
      using random = SecretBytes.random(32);
      return random.open(secretAccess, (secret) => ({ ct: oaepEncrypt(key, secret), secret: secret.slice() }));
    },
  };
}

const sets = {
  768: { type: 'ml-kem-768', publicKey: 1184, ciphertext: 1088 },
  1024: { type: 'ml-kem-1024', publicKey: 1568, ciphertext: 1568 },
} as const;
const seedBytes = 64;

export interface CompositeKem extends Kem {
  /** A new private key: ML-KEM seed, then the classical key. Looking for RSA primes takes up to seconds. */
  generate(): Promise<SecretBytes>;
}

/** The caller's error when `attempt` fails; ours, which say more, pass. */
function orThrow<T>(code: 'CRYPTO_KEY_INVALID' | 'CRYPTO_AUTHENTICATION_FAILED', message: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (cause) {
    if (cause instanceof CryptoError) throw cause;
    throw new CryptoError(code, message, { cause });
  }
}

function composite(set: (typeof sets)[keyof typeof sets], classical: Classical, name: string): CompositeKem {
  const label = new TextEncoder().encode(name);

  /** ML-KEM binds its own ciphertext and key, so only those of the classical half are hashed. */
  function combine(pq: Uint8Array, secret: Uint8Array, ct: Uint8Array, publicKey: Uint8Array): SecretBytes {
    const combined = SecretBytes.take(nativeSha3Concat([pq, secret, ct, publicKey, label]));
    pq.fill(0);
    secret.fill(0);
    return combined;
  }

  return {
    async generate() {
      using seed = SecretBytes.random(seedBytes);
      const half = await classical.generate();
      const whole = seed.open(secretAccess, (raw) => concat(raw, half));
      half.fill(0);
      return SecretBytes.take(whole);
    },

    importKey(privateKey) {
      need(privateKey.length > seedBytes, 'CRYPTO_KEY_INVALID', 'the private key lacks a half');
      return privateKey.open(secretAccess, (raw) => {
        const pqKey = privateKeyFromSeed(set.type, raw.subarray(0, seedBytes));
        const half = orThrow('CRYPTO_KEY_INVALID', 'the classical half of the private key does not decode', () =>
          classical.importKey(raw.subarray(seedBytes)),
        );
        return {
          publicKey: concat(rawPublicKey(pqKey), half.publicKey),
          decapsulate(enc) {
            need(enc.length > set.ciphertext, 'CRYPTO_MALFORMED', 'the encapsulated key lacks a half');
            const ct = enc.subarray(set.ciphertext);
            const secret = orThrow('CRYPTO_AUTHENTICATION_FAILED', 'the encapsulated key is not genuine', () =>
              half.decapsulate(ct),
            );
            return combine(kemDecapsulate(pqKey, enc.subarray(0, set.ciphertext)), secret, ct, half.publicKey);
          },
        };
      });
    },

    encapsulate(publicKey) {
      need(publicKey.length > set.publicKey, 'CRYPTO_KEY_INVALID', 'the public key lacks a half');
      const half = publicKey.subarray(set.publicKey);
      return orThrow('CRYPTO_KEY_INVALID', 'the public key does not decode', () => {
        const pqKey = publicKeyFromRaw(set.type, publicKey.subarray(0, set.publicKey));
        const { ct, secret } = classical.encapsulate(half);
        const { ciphertext, sharedKey } = kemEncapsulate(pqKey);
        return { enc: concat(ciphertext, ct), sharedSecret: combine(sharedKey, secret, ct, half) };
      });
    },
  };
}

const p256 = weierstrass('P-256', 32, '2a8648ce3d030107');
const p384 = weierstrass('P-384', 48, '2b81040022');
const p521 = weierstrass('P-521', 66, '2b81040023');
const brainpool256 = weierstrass('brainpoolP256r1', 32, '2b2403030208010107');
const brainpool384 = weierstrass('brainpoolP384r1', 48, '2b240303020801010b');

/** By registry id, which is the draft's name without `id-`; the labels are the draft's, and X25519 has that of X-Wing. */
export const compositeKems = {
  'MLKEM768-RSA2048-SHA3-256': composite(sets[768], rsaHalf(2048), 'MLKEM768-RSAOAEP2048'),
  'MLKEM768-RSA3072-SHA3-256': composite(sets[768], rsaHalf(3072), 'MLKEM768-RSAOAEP3072'),
  'MLKEM768-RSA4096-SHA3-256': composite(sets[768], rsaHalf(4096), 'MLKEM768-RSAOAEP4096'),
  'MLKEM768-X25519-SHA3-256': composite(sets[768], montgomery('x25519', 32), '\\.//^\\'),
  'MLKEM768-ECDH-P256-SHA3-256': composite(sets[768], p256, 'MLKEM768-P256'),
  'MLKEM768-ECDH-P384-SHA3-256': composite(sets[768], p384, 'MLKEM768-P384'),
  'MLKEM768-ECDH-brainpoolP256r1-SHA3-256': composite(sets[768], brainpool256, 'MLKEM768-BP256'),
  'MLKEM1024-RSA3072-SHA3-256': composite(sets[1024], rsaHalf(3072), 'MLKEM1024-RSAOAEP3072'),
  'MLKEM1024-ECDH-P384-SHA3-256': composite(sets[1024], p384, 'MLKEM1024-P384'),
  'MLKEM1024-ECDH-brainpoolP384r1-SHA3-256': composite(sets[1024], brainpool384, 'MLKEM1024-BP384'),
  'MLKEM1024-X448-SHA3-256': composite(sets[1024], montgomery('x448', 56), 'MLKEM1024-X448'),
  'MLKEM1024-ECDH-P521-SHA3-256': composite(sets[1024], p521, 'MLKEM1024-P521'),
} as const satisfies Readonly<Record<string, CompositeKem>>;
