/** A key that encrypts many segments through an asynchronous cipher. */
export interface BulkKey {
  /** AES-256-GCM: `ciphertext || tag`. */
  seal(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Promise<Uint8Array>;
  /** Opens `ciphertext || tag`, cut anywhere. Undefined when the tag does not match. */
  open(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Promise<Uint8Array | undefined>;
}

type Bytes = Uint8Array<ArrayBuffer>;

const sizeOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

/** WebCrypto takes one array, and none that is shared between threads. */
function copyInto(target: Bytes, pieces: readonly Uint8Array[]): void {
  let at = 0;
  for (const piece of pieces) {
    target.set(piece, at);
    at += piece.length;
  }
}

function copied(bytes: Uint8Array): Bytes {
  const copy: Bytes = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy;
}

// Every call of WebCrypto copies what it is given before it returns its promise. So memory can be used again, and erased,
// as soon as a call was made; what a stream needs is then not garbage by the mebibyte.
class WebCryptoKey implements BulkKey {
  readonly #key: Promise<CryptoKey>;
  #scratch: Bytes = new Uint8Array(0);

  constructor(key: Uint8Array) {
    const raw = copied(key);
    this.#key = crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
    raw.fill(0);
    // Whoever seals or opens sees a failure; until then nobody waits for it.
    this.#key.catch(() => {});
  }

  async seal(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Promise<Uint8Array> {
    const key = await this.#key;
    return new Uint8Array(await this.#lend(pieces, (bytes) => crypto.subtle.encrypt(gcm(nonce, aad), key, bytes)));
  }

  async open(nonce: Uint8Array, aad: Uint8Array, pieces: readonly Uint8Array[]): Promise<Uint8Array | undefined> {
    const key = await this.#key;
    try {
      return new Uint8Array(await this.#lend(pieces, (bytes) => crypto.subtle.decrypt(gcm(nonce, aad), key, bytes)));
    } catch (error) {
      // The one failure of a tag that does not match; anything else is a fault and says so.
      if (error instanceof Error && error.name === 'OperationError') return undefined;
      throw error;
    }
  }

  /** Calls with the pieces in one array that is erased when the call has returned. */
  #lend(pieces: readonly Uint8Array[], call: (bytes: Bytes) => Promise<ArrayBuffer>): Promise<ArrayBuffer> {
    const size = sizeOf(pieces);
    if (this.#scratch.length < size) this.#scratch = new Uint8Array(size);
    const bytes = this.#scratch.subarray(0, size);
    copyInto(bytes, pieces);
    try {
      return call(bytes);
    } finally {
      bytes.fill(0);
    }
  }
}

function gcm(nonce: Uint8Array, aad: Uint8Array) {
  return { name: 'AES-GCM', iv: copied(nonce), additionalData: copied(aad), tagLength: 128 };
}

/**
 * AES-256-GCM of WebCrypto, which runs outside JavaScript and beside the page. Pages that did not come by HTTPS have no
 * WebCrypto; their streams take the synchronous cipher, which is slow.
 */
export const importBulkKey: ((key: Uint8Array) => BulkKey) | undefined =
  globalThis.crypto?.subtle === undefined ? undefined : (key) => new WebCryptoKey(key);
