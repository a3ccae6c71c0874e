/** One direction of a TCP connection (RFC 9293), put together in the order of its sequence numbers. */
export interface TcpSegment {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly isSyn: boolean;
  readonly isAck: boolean;
  readonly isEnd: boolean;
  readonly payload: Uint8Array;
}

/** Reads a TCP header; undefined when it is cut or lies about its length. */
export function parseTcpSegment(bytes: Uint8Array): TcpSegment | undefined {
  if (bytes.length < 20) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = (view.getUint8(12) >> 4) * 4;
  if (headerBytes < 20 || headerBytes > bytes.length) return undefined;
  const flags = view.getUint8(13);
  return {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    sequence: view.getUint32(4),
    isSyn: (flags & 0x02) !== 0,
    isAck: (flags & 0x10) !== 0,
    // FIN or RST.
    isEnd: (flags & 0x05) !== 0,
    payload: bytes.subarray(headerBytes),
  };
}

export const tcpStreamLimits = {
  /** Out-of-order bytes that wait for a gap to close; a real window during a handshake is a tenth of it. */
  waitingBytesMax: 262_144,
  waitingSegmentsMax: 256,
} as const;

/**
 * Turns segments in any order into the stream they carry: retransmissions are dropped, of overlapping bytes those that
 * came first count, and what follows a gap waits for it. When more waits than the limits allow, the stream is lost.
 */
export class TcpStream {
  #next: number | undefined;
  #waiting: { readonly sequence: number; readonly payload: Uint8Array }[] = [];
  #waitingBytes = 0;
  #isLost = false;
  #isMidstream = false;

  /** Bytes held for later. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Bytes are missing: a gap never closed, or more waited behind it than the limits allow. */
  get hasGap(): boolean {
    return this.#isLost || this.#waiting.length > 0;
  }

  /** The beginning was not captured. */
  get isMidstream(): boolean {
    return this.#isMidstream;
  }

  /** Gives the pieces of the stream that have become readable, in order; empty when there are none. */
  push(segment: TcpSegment): Uint8Array[] {
    if (this.#isLost) return [];
    if (segment.isSyn && this.#next === undefined) this.#next = (segment.sequence + 1) >>> 0;
    const sequence = segment.isSyn ? (segment.sequence + 1) >>> 0 : segment.sequence;
    if (segment.payload.length === 0) return [];
    if (this.#next === undefined) {
      this.#next = sequence;
      this.#isMidstream = true;
    }
    const distance = (sequence - this.#next) | 0;
    if (distance > 0) {
      this.#hold(sequence, segment.payload);
      return [];
    }
    const ready: Uint8Array[] = [];
    this.#take(sequence, segment.payload, ready);
    this.#release(ready);
    return ready;
  }

  /** Forgets what waits: nobody reads this direction any more. */
  drop(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #take(sequence: number, payload: Uint8Array, ready: Uint8Array[]): void {
    const next = this.#next ?? sequence;
    const known = (next - sequence) | 0;
    if (known >= payload.length) return;
    ready.push(payload.subarray(Math.max(known, 0)));
    this.#next = (sequence + payload.length) >>> 0;
  }

  #release(ready: Uint8Array[]): void {
    for (;;) {
      const index = this.#waiting.findIndex(({ sequence }) => ((sequence - (this.#next ?? sequence)) | 0) <= 0);
      const [found] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (found === undefined) return;
      this.#waitingBytes -= found.payload.length;
      this.#take(found.sequence, found.payload, ready);
    }
  }

  #hold(sequence: number, payload: Uint8Array): void {
    // A repeated segment waits once.
    if (this.#waiting.some((held) => held.sequence === sequence && held.payload.length >= payload.length)) return;
    if (
      this.#waiting.length === tcpStreamLimits.waitingSegmentsMax ||
      this.#waitingBytes + payload.length > tcpStreamLimits.waitingBytesMax
    ) {
      this.#isLost = true;
      this.drop();
      return;
    }
    // The packet's buffer belongs to the reader: what waits is copied.
    this.#waiting.push({ sequence, payload: payload.slice() });
    this.#waitingBytes += payload.length;
  }
}
