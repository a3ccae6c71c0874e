import {
  type NativeKey,
  nativeSign,
  nativeSignAsync,
  nativeVerify,
  nativeVerifyAsync,
  type RsaPadding,
  rawPublicKey,
  type SignatureHash,
} from '#native/asymmetric';
import { CryptoError } from '../errors.ts';
import type { CryptoPool, PoolLane } from '../pool.ts';
import { type SecretBytes, secretAccess } from '../secret-bytes.ts';
import type { SchemeSigner, SchemeVerifier } from './scheme.ts';

/** How the runtime is asked to sign with a key it holds. */
export interface NativeWay {
  readonly hash: SignatureHash | null;
  readonly padding?: RsaPadding;
  /** Where the work waits its turn: with the quick calls, or with those that take long. */
  readonly lane: PoolLane;
  /** Verifies each signature before it is handed out. */
  readonly isChecked?: boolean;
  isSignatureLength(length: number): boolean;
}

export function importing(what: string, action: () => NativeKey): NativeKey {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof CryptoError) throw cause;
    // OpenSSL's own text may quote what it parsed: for a private key nothing of it leaves this function.
    throw new CryptoError('CRYPTO_KEY_INVALID', `the ${what} key does not decode`);
  }
}

export function importingSecret(privateKey: SecretBytes, action: (bytes: Uint8Array) => NativeKey): NativeKey {
  return importing('private', () => privateKey.open(secretAccess, action));
}

/** Keys that are let go of by dispose; OpenSSL erases them when the collector frees them. */
export class HeldKey<T extends object> {
  #held: T | undefined;

  constructor(held: T) {
    this.#held = held;
  }

  open(): T {
    if (this.#held === undefined) throw new CryptoError('CRYPTO_SECRET_DISPOSED', 'the signing key was disposed');
    return this.#held;
  }

  dispose(): void {
    this.#held = undefined;
  }
}

/** A private key that OpenSSL holds. */
export function nativeSigner(key: NativeKey, way: NativeWay, publicKey = rawPublicKey(key)): SchemeSigner {
  const held = new HeldKey(key);
  const { hash, padding, lane, isChecked } = way;
  return {
    publicKey,
    sign: (message, context) => nativeSign(held.open(), message, { hash, padding, context }),
    signAsync: async (message, context, pool) => {
      const own = held.open();
      const how = { hash, padding, context };
      return pool.run(lane, async () => {
        const signature = await nativeSignAsync(own, message, how);
        if (isChecked !== true || (await nativeVerifyAsync(own, message, signature, how))) return signature;
        throw new CryptoError('CRYPTO_KEY_INVALID', 'the private key made a signature that its public key refuses');
      });
    },
    dispose: () => held.dispose(),
  };
}

/** A public key that OpenSSL holds. */
export function nativeVerifier(key: NativeKey, way: NativeWay): SchemeVerifier {
  const { hash, padding, isSignatureLength } = way;
  return {
    isSignatureLength,
    verify: (message, signature, context) => nativeVerify(key, message, signature, { hash, padding, context }),
    verifyAsync: (message, signature, context, pool: CryptoPool) =>
      pool.run('native', () => nativeVerifyAsync(key, message, signature, { hash, padding, context })),
  };
}
