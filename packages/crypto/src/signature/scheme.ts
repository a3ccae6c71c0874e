import type { CryptoPool } from '../pool.ts';
import type { SecretBytes } from '../secret-bytes.ts';

/** A private key of some algorithm, ready to sign. Contexts and message lengths were checked before. */
export interface SchemeSigner {
  /** As in `SigningKeyPair`. */
  readonly publicKey: Uint8Array;
  readonly sign?: (message: Uint8Array, context: Uint8Array | undefined) => Uint8Array;
  signAsync(message: Uint8Array, context: Uint8Array | undefined, pool: CryptoPool): Promise<Uint8Array>;
  dispose(): void;
}

/** A public key ready to verify. The length is asked for first, so that nothing is computed for a wrong one. */
export interface SchemeVerifier {
  isSignatureLength(length: number): boolean;
  readonly verify?: (message: Uint8Array, signature: Uint8Array, context: Uint8Array | undefined) => boolean;
  verifyAsync(
    message: Uint8Array,
    signature: Uint8Array,
    context: Uint8Array | undefined,
    pool: CryptoPool,
  ): Promise<boolean>;
}

export interface GenerateOptions {
  /** For RSA alone: 2048, 3072 (the default) or 4096. */
  readonly modulusBits?: number | undefined;
}

/** What differs between the algorithms; `signature.ts` does the rest once for all of them. */
export interface SignatureScheme {
  /** Whether the calls that answer at once are offered; else only the asynchronous ones are (CRY-10). */
  readonly isSync: boolean;
  readonly hasContext: boolean;
  /** Bounds of a public key, in bytes; equal for all but RSA. */
  readonly publicKeyBytes: { readonly min: number; readonly max: number };
  readonly generate?: () => SecretBytes;
  generateAsync(pool: CryptoPool, options: GenerateOptions): Promise<SecretBytes>;
  importPrivate(privateKey: SecretBytes): SchemeSigner;
  importPublic(raw: Uint8Array): SchemeVerifier;
}

export const exactly = (bytes: number): { readonly min: number; readonly max: number } => ({ min: bytes, max: bytes });

/** The members of a scheme that makes keys at once. */
export const generatedAtOnce = (generate: () => SecretBytes) =>
  ({ isSync: true, generate, generateAsync: async () => generate() }) as const;
