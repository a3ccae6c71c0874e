import { equalSameLength, fillRandom } from '#native/random';
import { CryptoError, need } from './errors.ts';

const shown = '[SecretBytes]';
const lengthMax = 16 * 1024 * 1024;
const token = Symbol('secretAccess');

/** The type of {@link secretAccess}; no other value satisfies it. */
export interface SecretAccess {
  readonly [token]: true;
}

/**
 * The token that {@link SecretBytes.open} asks for. Its import is what a reviewer searches for: each file that names
 * it handles secret bytes in the clear.
 */
export const secretAccess: SecretAccess = Object.freeze({ [token]: true as const });

function redact(): string {
  return shown;
}

// Small typed arrays live inside the JavaScript heap, where the collector moves them and leaves copies behind. An
// explicit ArrayBuffer has its store outside the heap, at one address until it is freed.
function allocate(length: number): Uint8Array<ArrayBuffer> {
  need(Number.isSafeInteger(length) && length >= 0, 'CRYPTO_MALFORMED', 'a secret needs a whole number of bytes');
  need(length <= lengthMax, 'CRYPTO_LIMIT', `a secret holds at most ${lengthMax} bytes`);
  return new Uint8Array(new ArrayBuffer(length));
}

/**
 * Secret bytes that do not print, serialise, clone or compare by accident (CRY-8). They are overwritten with zeros
 * by `dispose`, so hold them with `using`:
 *
 * ```ts
 * using key = SecretBytes.random(32);
 * const tag = key.open(secretAccess, (bytes) => authenticate(bytes));
 * ```
 *
 * What a garbage-collected runtime cannot promise: pages are not locked, so the system may swap them, and bytes that
 * were strings before they came here stay in memory until the collector reuses it.
 */
export class SecretBytes implements Disposable {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #disposed = false;

  /** Own and enumerable on purpose: structuredClone meets a function and throws DataCloneError instead of copying. */
  readonly toJSON: () => string = redact;

  private constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
    Object.freeze(this);
  }

  /** `length` bytes of the operating system's generator. */
  static random(length: number): SecretBytes {
    const bytes = allocate(length);
    fillRandom(bytes);
    return new SecretBytes(bytes);
  }

  /** Copies `bytes` in and overwrites the source with zeros, so that one copy remains. */
  static take(bytes: Uint8Array): SecretBytes {
    const own = allocate(bytes.length);
    own.set(bytes);
    bytes.fill(0);
    return new SecretBytes(own);
  }

  /** The UTF-8 form of `text`. The string itself cannot be erased; prefer bytes where the source allows it. */
  static fromUtf8(text: string): SecretBytes {
    need(text.isWellFormed(), 'CRYPTO_MALFORMED', 'the text has an unpaired surrogate and no UTF-8 form');
    return SecretBytes.take(new TextEncoder().encode(text));
  }

  /** The number of bytes; it stays readable after dispose. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Whether the bytes were erased. */
  get isDisposed(): boolean {
    return this.#disposed;
  }

  /**
   * Lends the bytes to `use`, which must neither keep nor return them: the array is the secret itself, and dispose
   * zeroises it. Throws CRYPTO_SECRET_DISPOSED after dispose and CRYPTO_SECRET_ACCESS_DENIED for a wrong token.
   */
  open<T>(access: SecretAccess, use: (bytes: Uint8Array) => T): T {
    need(access === secretAccess, 'CRYPTO_SECRET_ACCESS_DENIED', 'secret bytes open only with the secretAccess token');
    if (this.#disposed) throw new CryptoError('CRYPTO_SECRET_DISPOSED', 'the secret was disposed');
    return use(this.#bytes);
  }

  /** Compares content with work that depends on the lengths alone. */
  equals(other: SecretBytes): boolean {
    return this.open(secretAccess, (mine) =>
      other.open(secretAccess, (theirs) => {
        const sameLength = mine.length === theirs.length;
        return equalSameLength(mine, sameLength ? theirs : mine) && sameLength;
      }),
    );
  }

  /** Overwrites the bytes with zeros. Calling it again does nothing. */
  dispose(): void {
    this.#bytes.fill(0);
    this.#disposed = true;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  toString(): string {
    return shown;
  }

  get [Symbol.toStringTag](): string {
    return 'SecretBytes';
  }

  // The runtime's console and inspector look for this registered symbol; it needs no import, so browsers load this too.
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return shown;
  }
}
