/** A key that encrypts many segments through an asynchronous cipher. */
export interface BulkKey {
  /** AES-256-GCM: `ciphertext || tag`. */
  seal(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Promise<Uint8Array>;
  /** Opens `ciphertext || tag`, cut anywhere. Undefined when the tag does not match. */
  open(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Promise<Uint8Array | undefined>;
}

/** Where a runtime has a faster cipher for streams than the synchronous one. Here OpenSSL itself is at hand. */
export const importBulkKey: ((key: Uint8Array) => BulkKey) | undefined = undefined;
