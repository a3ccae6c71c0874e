import { generateSigningKey, type SigningKeyPair } from './signature.ts';
import type { SyncSignatureAlgorithm } from './signature-schemes.ts';

export interface KeyPoolOptions {
  /** Key pairs to hold ready, by algorithm; others are made when they are asked for. */
  readonly sizes: ReadonlyMap<SyncSignatureAlgorithm, number>;
  /** Told of each key that is taken: whether it was there already. */
  readonly onTake?: (facts: { readonly algorithm: SyncSignatureAlgorithm; readonly isHit: boolean }) => void;
  readonly generate?: (algorithm: SyncSignatureAlgorithm) => SigningKeyPair<SyncSignatureAlgorithm>;
}

/** Most key pairs of one algorithm: each is a secret that lies in memory before anybody needs it. */
export const keyPoolSizeMax = 256;

/**
 * CRY-11: key pairs made before they are needed, in memory only. Each is handed out once and belongs to the taker. The
 * pool is filled one key at a time between other work, so that it never holds up a request. Off (no sizes) it makes every
 * key at once.
 */
export class KeyPool {
  readonly #options: KeyPoolOptions;
  readonly #ready = new Map<SyncSignatureAlgorithm, SigningKeyPair<SyncSignatureAlgorithm>[]>();
  #filling: NodeJS.Immediate | undefined;
  #isClosed = false;

  /** Throws `RangeError` for a size that is no whole number from 1 to `keyPoolSizeMax`. */
  constructor(options: KeyPoolOptions) {
    for (const size of options.sizes.values()) {
      if (!Number.isInteger(size) || size < 1 || size > keyPoolSizeMax) {
        throw new RangeError(`a key pool holds 1 to ${keyPoolSizeMax} key pairs of an algorithm`);
      }
    }
    this.#options = options;
    this.#fillLater();
  }

  /** A key pair that nobody else has; the caller disposes of its private key. Throws as `generateSigningKey` does. */
  readonly take = (algorithm: SyncSignatureAlgorithm): SigningKeyPair<SyncSignatureAlgorithm> => {
    const pair = this.#ready.get(algorithm)?.shift();
    this.#options.onTake?.({ algorithm, isHit: pair !== undefined });
    this.#fillLater();
    return pair ?? this.#generate(algorithm);
  };

  /** Key pairs that are ready. */
  size(algorithm: SyncSignatureAlgorithm): number {
    return this.#ready.get(algorithm)?.length ?? 0;
  }

  /** Wipes what nobody took; keys that are asked for afterwards are made then. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    if (this.#filling !== undefined) clearImmediate(this.#filling);
    for (const pairs of this.#ready.values()) for (const { privateKey } of pairs) privateKey[Symbol.dispose]();
    this.#ready.clear();
  }

  #generate(algorithm: SyncSignatureAlgorithm): SigningKeyPair<SyncSignatureAlgorithm> {
    return (this.#options.generate ?? generateSigningKey)(algorithm);
  }

  #fillLater(): void {
    if (this.#isClosed || this.#filling !== undefined || this.#lacking() === undefined) return;
    this.#filling = setImmediate(() => {
      this.#filling = undefined;
      const algorithm = this.#lacking();
      if (algorithm === undefined) return;
      const pairs = this.#ready.get(algorithm) ?? [];
      pairs.push(this.#generate(algorithm));
      this.#ready.set(algorithm, pairs);
      this.#fillLater();
    });
    // A pool keeps no process alive.
    this.#filling.unref();
  }

  #lacking(): SyncSignatureAlgorithm | undefined {
    for (const [algorithm, size] of this.#options.sizes) if (this.size(algorithm) < size) return algorithm;
    return undefined;
  }
}
