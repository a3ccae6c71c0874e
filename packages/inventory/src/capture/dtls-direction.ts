import { InventoryError } from '../errors.ts';
import { contentType } from '../tls/code-points.ts';
import { parseAlert } from '../tls/server-messages.ts';
import { handshakeBytesMax, type RecordSink } from './record-sink.ts';

const recordHeaderBytes = 13;
const handshakeHeaderBytes = 12;
/** Messages of one handshake that may be open at once; a server's flight has five. */
const openMessagesMax = 16;
const seenMessagesMax = 64;
/** Pieces of one message that do not touch each other yet; honest fragments come nearly in order. */
const rangesMax = 64;

interface OpenMessage {
  readonly bytes: Uint8Array;
  /** Which bytes have arrived, as sorted and merged ranges. */
  ranges: readonly (readonly [start: number, end: number])[];
}

/** Whether a datagram begins like a DTLS record of version 0.9 to 1.3 in clear (RFC 7983 tells it from STUN and media). */
export function looksLikeDtls(datagram: Uint8Array): boolean {
  const [type = 0, major, minor] = datagram;
  const isClear = type >= contentType.changeCipherSpec && type <= contentType.applicationData;
  return (
    isClear &&
    datagram.length >= recordHeaderBytes &&
    ((major === 0xfe && (minor ?? 0) >= 0xfc) || (major === 1 && minor === 0))
  );
}

/** One direction of a UDP flow, read as DTLS records (RFC 6347, RFC 9147). Loss and repetition are part of the protocol. */
export class DtlsDirection {
  readonly #sink: RecordSink;
  readonly #open = new Map<string, OpenMessage>();
  readonly #seen = new Set<string>();
  #heldBytes = 0;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  push(datagram: Uint8Array): void {
    let offset = 0;
    while (offset < datagram.length) {
      const first = datagram[offset] ?? 0;
      // The unified header of DTLS 1.3: 001CSLEE. Where such a record ends is not always told; nothing in clear follows.
      if ((first & 0xe0) === 0x20) {
        this.#sink.encrypted(false);
        return;
      }
      if (!looksLikeDtls(datagram.subarray(offset))) return;
      const view = new DataView(datagram.buffer, datagram.byteOffset + offset, datagram.length - offset);
      const epoch = view.getUint16(3);
      const length = view.getUint16(11);
      const end = offset + recordHeaderBytes + length;
      if (end > datagram.length) return;
      this.#readRecord(first, epoch, datagram.subarray(offset + recordHeaderBytes, end));
      offset = end;
    }
  }

  #readRecord(type: number, epoch: number, payload: Uint8Array): void {
    if (epoch > 0) this.#sink.encrypted(type === contentType.handshake);
    else if (type === contentType.changeCipherSpec) this.#sink.changeCipherSpec();
    else if (type === contentType.handshake) this.#readFragments(payload);
    else if (type === contentType.alert) this.#readAlert(payload);
  }

  #readAlert(payload: Uint8Array): void {
    try {
      const alert = parseAlert(payload);
      if (alert.kind === 'alert') this.#sink.alert(alert);
    } catch (error) {
      if (!(error instanceof InventoryError)) throw error;
      this.#sink.broken(error.message);
    }
  }

  #readFragments(payload: Uint8Array): void {
    for (let offset = 0; offset + handshakeHeaderBytes <= payload.length; ) {
      const view = new DataView(payload.buffer, payload.byteOffset + offset, payload.length - offset);
      const u24 = (at: number) => (view.getUint16(at) << 8) | view.getUint8(at + 2);
      const type = view.getUint8(0);
      const total = u24(1);
      const start = u24(6);
      const length = u24(9);
      const end = offset + handshakeHeaderBytes + length;
      if (end > payload.length || start + length > total || total > handshakeBytesMax) return;
      const fragment = payload.subarray(offset + handshakeHeaderBytes, end);
      // A repeated message carries the same number; a cookie request and the hello after it may share one.
      this.#collect(`${view.getUint16(4)}:${type}:${total}`, { type, total, start, fragment });
      offset = end;
    }
  }

  #collect(key: string, part: { type: number; total: number; start: number; fragment: Uint8Array }): void {
    if (this.#seen.has(key) || this.#seen.size >= seenMessagesMax) return;
    if (part.fragment.length === part.total) {
      this.#finish(key, part.type, part.fragment);
      return;
    }
    let message = this.#open.get(key);
    if (message === undefined) {
      if (this.#open.size === openMessagesMax) return;
      message = { bytes: new Uint8Array(part.total), ranges: [] };
      this.#open.set(key, message);
      this.#heldBytes += part.total;
    }
    message.bytes.set(part.fragment, part.start);
    message.ranges = addRange(message.ranges, part.start, part.start + part.fragment.length);
    if (message.ranges.length > rangesMax) {
      this.#forget(key, message);
      return;
    }
    const [only] = message.ranges;
    if (message.ranges.length === 1 && only?.[0] === 0 && only[1] === part.total) {
      this.#finish(key, part.type, message.bytes);
    }
  }

  #finish(key: string, type: number, body: Uint8Array): void {
    const open = this.#open.get(key);
    if (open !== undefined) this.#forget(key, open);
    this.#seen.add(key);
    this.#sink.handshake(type, body);
  }

  #forget(key: string, message: OpenMessage): void {
    this.#heldBytes -= message.bytes.length;
    this.#open.delete(key);
  }
}

function addRange(
  ranges: readonly (readonly [number, number])[],
  start: number,
  end: number,
): readonly (readonly [number, number])[] {
  const merged: [number, number][] = [];
  for (const [from, to] of [...ranges, [start, end] as const].toSorted(([left], [right]) => left - right)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}
