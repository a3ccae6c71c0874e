import { ByteQueue, type ByteSource } from '@quantumvault/crypto';
import { AgeError, need } from '../errors.ts';
import { asciiText } from '../text/ascii.ts';
import { headerLimits, macMark, needVersion } from './header.ts';

const lineFeed = 0x0a;
/** Enough to tell a version from something else. */
const versionCharactersMax = 64;
const dash = macMark.charCodeAt(0);

/** Cuts a header off a stream and then hands the rest on. Whoever makes one calls `close` at the end. */
export class SourceReader {
  readonly #iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  readonly #queue = new ByteQueue();
  #isDone = false;

  constructor(source: ByteSource) {
    this.#iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /**
   * The bytes of the header: all lines through the first that begins with the mark of the MAC, which no other line can.
   * A file of another format is refused at its first line. Throws AGE_HEADER_MALFORMED, AGE_VERSION_UNSUPPORTED, AGE_LIMIT.
   */
  async header(): Promise<Uint8Array> {
    const header = new Uint8Array(headerLimits.bytes);
    let [length, lineStart] = [0, 0];
    for (;;) {
      const chunk = await this.#next();
      if (chunk === undefined) {
        // A text that ends early is still told from one of another format.
        if (lineStart === 0) needVersion(asciiText(header.subarray(0, Math.min(length, versionCharactersMax))));
        throw new AgeError('AGE_HEADER_MALFORMED', 'the file ends within its header');
      }
      const part = chunk.subarray(0, header.length - length);
      const partStart = length;
      header.set(part, partStart);
      length += part.length;
      const seen = header.subarray(0, length);
      for (let end = seen.indexOf(lineFeed, partStart); end !== -1; end = seen.indexOf(lineFeed, lineStart)) {
        const line = seen.subarray(lineStart, end);
        if (lineStart === 0) needVersion(asciiText(line.subarray(0, versionCharactersMax)));
        lineStart = end + 1;
        if (line[0] !== dash || line[1] !== dash || line[2] !== dash) continue;
        this.#queue.push(chunk.subarray(lineStart - partStart));
        return seen.slice(0, lineStart);
      }
      need(length < header.length, 'AGE_LIMIT', `a header of age has at most ${headerLimits.bytes} bytes`);
    }
  }

  /** The next `count` bytes, or what is left when the stream ends first. */
  async take(count: number): Promise<Uint8Array> {
    while (this.#queue.length < count) {
      const chunk = await this.#next();
      if (chunk === undefined) break;
      this.#queue.push(chunk);
    }
    return this.#queue.takeBytes(Math.min(count, this.#queue.length));
  }

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
