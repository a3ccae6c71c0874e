import { floeSegmentLength, floeSizes } from '@quantumvault/crypto';
import { need } from '../errors.ts';

const prefixBytes = 4;

/**
 * Finds where a body ends that something follows (QV1-85). It walks from segment to segment by the lengths that stand in
 * them and checks none: FLOE then opens exactly what was found, and a forged length fails there.
 */
export class BodyEnd {
  readonly #segmentBytes: number;
  readonly #prefix = new Uint8Array(prefixBytes);
  #prefixLength = 0;
  #left: number = floeSizes.header;
  #isLast = false;

  constructor(segmentBytes: number) {
    this.#segmentBytes = segmentBytes;
  }

  /** Whether the whole last segment has gone by. */
  get isReached(): boolean {
    return this.#isLast && this.#left === 0;
  }

  /** How many bytes of the next chunk belong to the body. Throws AUTHENTICATION_FAILED for an impossible length. */
  take(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length && !this.isReached) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, chunk.length - at);
        this.#left -= skipped;
        at += skipped;
        continue;
      }
      this.#prefix[this.#prefixLength++] = chunk[at++] ?? 0;
      if (this.#prefixLength === prefixBytes) this.#beginSegment();
    }
    return at;
  }

  #beginSegment(): void {
    this.#prefixLength = 0;
    const claimed = floeSegmentLength(this.#prefix);
    const length = claimed ?? this.#segmentBytes;
    const isLength = length >= floeSizes.segmentOverhead && length <= this.#segmentBytes;
    need(isLength, 'ENVELOPE_AUTHENTICATION_FAILED', 'a segment has a length that none can have');
    this.#isLast = claimed !== undefined;
    this.#left = length - prefixBytes;
  }
}
