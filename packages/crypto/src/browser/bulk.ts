/** A key that encrypts many segments through an asynchronous cipher. */
export interface BulkKey {
  /** AES-256-GCM: `ciphertext || tag`. */
  seal(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Promise<Uint8Array>;
  /** Opens `ciphertext || tag`, cut anywhere. Undefined when the tag does not match. */
  open(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Promise<Uint8Array | undefined>;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** The pieces in memory of their own: WebCrypto takes one array, and none that is shared between threads. */
function joined(pieces: readonly Uint8Array[]): Bytes {
  const bytes: Bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

class WebCryptoKey implements BulkKey {
  readonly #key: Promise<CryptoKey>;

  constructor(key: Uint8Array) {
    const raw = joined([key]);
    this.#key = crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
    // The call copies the bytes before it returns.
    raw.fill(0);
    // Whoever seals or opens sees a failure; until then nobody waits for it.
    this.#key.catch(() => {});
  }

  async seal(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.encrypt(parameters(nonce, aad), await this.#key, joined(pieces)));
  }

  async open(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Promise<Uint8Array | undefined> {
    const key = await this.#key;
    try {
      return new Uint8Array(await crypto.subtle.decrypt(parameters(nonce, aad), key, joined(pieces)));
    } catch (error) {
      // The one failure of a tag that does not match; anything else is a fault and says so.
      if (error instanceof Error && error.name === 'OperationError') return undefined;
      throw error;
    }
  }
}

function parameters(nonce: Uint8Array, aad: Uint8Array) {
  return { name: 'AES-GCM', iv: joined([nonce]), additionalData: joined([aad]), tagLength: 128 };
}

/**
 * AES-256-GCM of WebCrypto, which runs outside JavaScript and beside the page. Pages that did not come by HTTPS have no
 * WebCrypto; their streams take the synchronous cipher, which is slow.
 */
export const importBulkKey: ((key: Uint8Array) => BulkKey) | undefined =
  globalThis.crypto?.subtle === undefined ? undefined : (key) => new WebCryptoKey(key);
