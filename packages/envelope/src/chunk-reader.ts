import { ByteQueue, type ByteSource } from '@quantumvault/crypto';
import { EnvelopeError } from './errors.ts';

/** Reads a header's parts off a stream and then hands the rest on. Whoever makes one calls `close` at the end. */
export class ChunkReader {
  readonly #iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  readonly #queue = new ByteQueue();
  #isDone = false;

  constructor(source: ByteSource) {
    this.#iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** The next `count` bytes, which the caller has held against a limit. Throws TRUNCATED when the stream ends first. */
  readonly take = async (count: number): Promise<Uint8Array> => {
    while (this.#queue.length < count) {
      const chunk = await this.#next();
      if (chunk === undefined) throw new EnvelopeError('ENVELOPE_TRUNCATED', 'the envelope ends within its header');
      this.#queue.push(chunk);
    }
    return this.#queue.takeBytes(count);
  };

  /** All that follows, chunk by chunk. */
  async *rest(): AsyncGenerator<Uint8Array, void, undefined> {
    yield* this.#queue.take(this.#queue.length);
    for (let chunk = await this.#next(); chunk !== undefined; chunk = await this.#next()) yield chunk;
  }

  /** Lets the source go when it was not read to its end. */
  async close(): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    await this.#iterator.return?.();
  }

  async #next(): Promise<Uint8Array | undefined> {
    if (this.#isDone) return undefined;
    const { done, value } = await this.#iterator.next();
    if (done !== true) return value;
    this.#isDone = true;
    return undefined;
  }
}
