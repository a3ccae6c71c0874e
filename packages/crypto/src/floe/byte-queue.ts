/** Pieces below this size are copied together, so that a source of single bytes does not cost an object for each. */
const smallPieceBytes = 4096;
const blockBytes = 64 * 1024;

/**
 * Bytes that arrive in pieces and leave in other pieces, in order. Large pieces are not copied: `push` keeps a view, so
 * whoever pushes must not write to a piece again.
 */
export class ByteQueue {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  /** Our own memory behind the last piece, while small pieces are being collected there. */
  #block: Uint8Array | undefined;
  #blockUsed = 0;

  /** Bytes that wait. */
  get length(): number {
    return this.#length;
  }

  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#length += piece.length;
    if (piece.length >= smallPieceBytes) {
      this.#block = undefined;
      this.#pieces.push(piece);
    } else {
      this.#collect(piece);
    }
  }

  /** The next `count` bytes as views; there must be that many. */
  take(count: number): Uint8Array[] {
    const taken: Uint8Array[] = [];
    let missing = this.#checked(count);
    this.#length -= missing;
    while (missing > 0) {
      const piece = this.#pieces[0] ?? new Uint8Array(0);
      if (piece.length > missing) {
        taken.push(piece.subarray(0, missing));
        this.#pieces[0] = piece.subarray(missing);
        return taken;
      }
      taken.push(piece);
      this.#pieces.shift();
      missing -= piece.length;
    }
    return taken;
  }

  /** The next `count` bytes in one array of their own. */
  takeBytes(count: number): Uint8Array {
    const bytes = this.peekBytes(count);
    this.take(count);
    return bytes;
  }

  /** A copy of the next `count` bytes, which stay. */
  peekBytes(count: number): Uint8Array {
    const bytes = new Uint8Array(this.#checked(count));
    let at = 0;
    for (const piece of this.#pieces) {
      if (at === count) break;
      const part = piece.subarray(0, count - at);
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #checked(count: number): number {
    if (!Number.isSafeInteger(count) || count < 0 || count > this.#length) {
      throw new RangeError(`the queue holds ${this.#length} bytes, not ${count}`);
    }
    return count;
  }

  #collect(piece: Uint8Array): void {
    const block = this.#block;
    const last = this.#pieces.at(-1);
    if (block !== undefined && last !== undefined && this.#blockUsed + piece.length <= blockBytes) {
      block.set(piece, this.#blockUsed);
      this.#blockUsed += piece.length;
      // The last piece ends where the block was filled to, wherever it begins by now.
      this.#pieces[this.#pieces.length - 1] = block.subarray(
        this.#blockUsed - last.length - piece.length,
        this.#blockUsed,
      );
      return;
    }
    const fresh = new Uint8Array(blockBytes);
    fresh.set(piece);
    this.#block = fresh;
    this.#blockUsed = piece.length;
    this.#pieces.push(fresh.subarray(0, piece.length));
  }
}
