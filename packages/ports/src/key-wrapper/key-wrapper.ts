import type { SecretBytes } from '@quantumvault/crypto';

/** Every code a {@link KeyWrapperError} can carry. */
export type KeyWrapperErrorCode =
  /** The backend has no such key or version. */
  | 'KEY_WRAPPER_NOT_FOUND'
  /** The key is there, but its state forbids this use; `state` says which. */
  | 'KEY_WRAPPER_STATE'
  /** What is unwrapped was not wrapped under this key, version and binding, or was changed. */
  | 'KEY_WRAPPER_UNAUTHENTIC'
  /** The data key or the binding has a size that the backend does not take. */
  | 'KEY_WRAPPER_LIMIT'
  /** The backend cannot be reached or has no room now; asking later may help. */
  | 'KEY_WRAPPER_UNAVAILABLE';

/** Why a key may not be used. */
export type KeyWrapperState = 'disabled' | 'pending-destruction' | 'destroyed' | 'compromised' | 'expired';

export class KeyWrapperError extends Error {
  override readonly name = 'KeyWrapperError';
  readonly code: KeyWrapperErrorCode;
  /** With KEY_WRAPPER_STATE. */
  readonly state: KeyWrapperState | undefined;

  constructor(
    code: KeyWrapperErrorCode,
    message: string,
    options: ErrorOptions & { readonly state?: KeyWrapperState } = {},
  ) {
    super(message, options);
    this.code = code;
    this.state = options.state;
  }
}

/** One version of one key, and what the wrap is bound to. */
export interface WrapTarget {
  readonly keyId: string;
  readonly keyVersion: number;
  /** 1 to 1,024 bytes of public data, as additional data or encryption context of the backend. It has no default. */
  readonly binding: Uint8Array;
}

/**
 * A key-encryption key in a backend that never gives it out (ENV-4): it wraps data keys and unwraps them. Each wrap is bound
 * to its key, version and binding; a backend without additional data must bind them in another way or not offer this port.
 */
export interface KeyWrapper {
  /**
   * Wraps a data key of 32 bytes, which stays the caller's. Gives 1 to 4,096 bytes; two wraps of one key differ or not.
   * Throws every code but KEY_WRAPPER_UNAUTHENTIC.
   */
  wrap(dataKey: SecretBytes, target: WrapTarget): Promise<Uint8Array>;

  /** The data key, which is the caller's to dispose of. Throws every code. */
  unwrap(wrapped: Uint8Array, target: WrapTarget): Promise<SecretBytes>;
}
