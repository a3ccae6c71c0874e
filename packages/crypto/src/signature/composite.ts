import {
  ecPrivateKeyFromRaw,
  type NativeKey,
  nativeSignAsync,
  nativeVerifyAsync,
  privateKeyFromRaw,
  privateKeyFromSeed,
  publicKeyFromRaw,
  rawPublicKey,
  type SignatureHash,
  type SigningCurve,
} from '#native/asymmetric';
import { generateEcScalar, hashMessage, type MlDsaType } from '#native/signature-keys';
import { concat, derHeader, derOid, derTag, derValue } from '../der.ts';
import { need } from '../errors.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { isEcScalar } from './ec-scalar.ts';
import { HeldKey, importing, importingSecret } from './native-key.ts';
import { importEcPoint, type MlDsaSizes } from './native-schemes.ts';
import { exactly, type SignatureScheme } from './scheme.ts';

/*
 * Composite ML-DSA (draft-ietf-lamps-pq-composite-sigs): ML-DSA and a classical algorithm sign the same message, and both
 * signatures must be genuine (CRY-4).
 *
 *     M' = "CompositeAlgorithmSignatures2025" || label || length of context || context || hash of the message
 *     signature = ML-DSA(M', context = label) || classical(M')
 *
 * The label names the combination and is ML-DSA's context, so that neither half is a signature of anything else: taken out,
 * it verifies neither alone nor in another combination. Public key, private key and signature are the two halves one after
 * the other, ML-DSA first: its lengths are fixed, so there is one way to take them apart.
 */

const prefix = new TextEncoder().encode('CompositeAlgorithmSignatures2025');
const mlDsaSeedBytes = 32;

/** The classical half. */
interface Classical {
  readonly hash: SignatureHash | null;
  readonly publicKeyBytes: number;
  readonly privateKeyBytes: number;
  isSignatureLength(length: number): boolean;
  generate(): Promise<SecretBytes>;
  importPrivate(bytes: Uint8Array): NativeKey;
  importPublic(raw: Uint8Array): NativeKey;
}

export const ed25519Half: Classical = {
  hash: null,
  publicKeyBytes: 32,
  privateKeyBytes: 32,
  isSignatureLength: (length) => length === 64,
  generate: async () => SecretBytes.random(32),
  importPrivate: (seed) => privateKeyFromRaw('ed25519', seed),
  importPublic: (raw) => importing('public', () => publicKeyFromRaw('ed25519', raw)),
};

const curves = {
  'P-256': { oid: '1.2.840.10045.3.1.7', hash: 'sha256', field: 32, signatureMax: 72 },
  'P-384': { oid: '1.3.132.0.34', hash: 'sha384', field: 48, signatureMax: 104 },
  'P-521': { oid: '1.3.132.0.35', hash: 'sha512', field: 66, signatureMax: 139 },
} as const satisfies Readonly<Record<SigningCurve, object>>;

/** ECDSA. The draft writes the private key as ECPrivateKey (RFC 5915) with the curve and without the public key. */
export function ecdsaHalf(curve: SigningCurve): Classical {
  const { oid, hash, field, signatureMax } = curves[curve];
  const version = Uint8Array.of(derTag.integer, 1, 1);
  const parameters = derValue(derTag.explicit(0), derOid(oid));
  const scalarHeader = derHeader(derTag.octetString, field);
  const length = version.length + scalarHeader.length + field + parameters.length;
  const head = concat([derHeader(derTag.sequence, length), version, scalarHeader]);
  const startsWith = (bytes: Uint8Array, part: Uint8Array): boolean => part.every((byte, at) => bytes[at] === byte);
  return {
    hash,
    publicKeyBytes: 1 + 2 * field,
    privateKeyBytes: head.length + field + parameters.length,
    isSignatureLength: (size) => size >= 8 && size <= signatureMax,
    generate: async () => {
      const scalar = await generateEcScalar(curve);
      const der = concat([head, scalar, parameters]);
      scalar.fill(0);
      return SecretBytes.take(der);
    },
    importPrivate: (der) => {
      const isForm = startsWith(der, head) && startsWith(der.subarray(head.length + field), parameters);
      need(isForm, 'CRYPTO_KEY_INVALID', `the second half of the private key is no ECPrivateKey of ${curve}`);
      const scalar = der.subarray(head.length, head.length + field);
      need(isEcScalar(curve, scalar), 'CRYPTO_KEY_INVALID', `the private key is out of the range of ${curve}`);
      return ecPrivateKeyFromRaw(curve, scalar);
    },
    importPublic: (point) => importEcPoint(curve, point),
  };
}

export interface CompositeParts {
  /** The registry id, which the draft's label repeats. */
  readonly id: string;
  readonly mlDsa: MlDsaType;
  readonly sizes: MlDsaSizes;
  readonly classical: Classical;
  readonly preHash: 'sha256' | 'sha512';
}

/** The message that both halves sign. Its context holds at most 255 bytes, which the caller has checked. */
async function representative(parts: CompositeParts, label: Uint8Array, message: Uint8Array, context?: Uint8Array) {
  const digest = await hashMessage(parts.preHash, message);
  return concat([prefix, label, Uint8Array.of(context?.length ?? 0), context ?? new Uint8Array(0), digest]);
}

/** One of the seven combinations that are offered. */
export function composite(parts: CompositeParts): SignatureScheme {
  const { mlDsa, sizes, classical } = parts;
  const label = new TextEncoder().encode(`COMPSIG-${parts.id}`);
  const privateKeyBytes = mlDsaSeedBytes + classical.privateKeyBytes;
  const mlDsaHow = { hash: null, context: label } as const;
  const classicalHow = { hash: classical.hash, context: undefined } as const;
  const isSignatureLength = (length: number): boolean => classical.isSignatureLength(length - sizes.signature);
  return {
    isSync: false,
    hasContext: true,
    publicKeyBytes: exactly(sizes.publicKey + classical.publicKeyBytes),
    generateAsync: async (pool) => {
      using second = await pool.run('native', () => classical.generate());
      using first = SecretBytes.random(mlDsaSeedBytes);
      return first.open(secretAccess, (seed) =>
        second.open(secretAccess, (bytes) => SecretBytes.take(concat([seed, bytes]))),
      );
    },
    importPrivate: (privateKey) => {
      const isLength = privateKey.length === privateKeyBytes;
      need(isLength, 'CRYPTO_KEY_INVALID', `the private key of ${parts.id} has ${privateKeyBytes} bytes`);
      const first = importingSecret(privateKey, (bytes) =>
        privateKeyFromSeed(mlDsa, bytes.subarray(0, mlDsaSeedBytes)),
      );
      const second = importingSecret(privateKey, (bytes) => classical.importPrivate(bytes.subarray(mlDsaSeedBytes)));
      const publicKey = concat([rawPublicKey(first), rawPublicKey(second)]);
      const keys = new HeldKey({ first, second });
      return {
        publicKey,
        signAsync: async (message, context, pool) => {
          const own = keys.open();
          const represented = await representative(parts, label, message, context);
          return pool.run('native', async () =>
            concat([
              await nativeSignAsync(own.first, represented, mlDsaHow),
              await nativeSignAsync(own.second, represented, classicalHow),
            ]),
          );
        },
        dispose: () => keys.dispose(),
      };
    },
    importPublic: (raw) => {
      const first = importing('public', () => publicKeyFromRaw(mlDsa, raw.subarray(0, sizes.publicKey)));
      const second = classical.importPublic(raw.subarray(sizes.publicKey));
      return {
        isSignatureLength,
        verifyAsync: async (message, signature, context, pool) => {
          const represented = await representative(parts, label, message, context);
          const [pq, classic] = [signature.subarray(0, sizes.signature), signature.subarray(sizes.signature)];
          return pool.run('native', async () => {
            // CRY-4: both are computed, whatever the first says, and both must be genuine.
            const isFirst = await nativeVerifyAsync(first, represented, pq, mlDsaHow);
            const isSecond = await nativeVerifyAsync(second, represented, classic, classicalHow);
            return isFirst && isSecond;
          });
        },
      };
    },
  };
}
