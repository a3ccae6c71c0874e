import { InventoryError } from '../errors.ts';
import { contentType } from '../tls/code-points.ts';
import { flightLimits } from '../tls/records.ts';
import { parseAlert } from '../tls/server-messages.ts';
import { concat } from './capture-format.ts';
import { handshakeBytesMax, type RecordSink } from './record-sink.ts';

const recordHeaderBytes = 5;
/** A record header, a handshake header and the first half of the version behind it. */
const helloStartBytes = 11;
const heartbeatType = 24;

/** Bytes of another protocol before TLS that are kept and searched; STARTTLS needs a few hundred. */
export const preludeBytesMax = 16_384;
/** Records in clear of one direction; a handshake in the smallest fragments anyone was seen to send needs a thousand. */
const clearRecordsMax = 8_192;

/**
 * One direction of a TCP connection, read as TLS records. It looks for the first record itself, so a connection that
 * starts in clear and turns to TLS later (STARTTLS) is found by its bytes, on any port.
 */
export class TlsDirection {
  readonly #sink: RecordSink;
  #buffer = new Uint8Array(0);
  #handshake = new Uint8Array(0);
  #prelude: Uint8Array = new Uint8Array(0);
  #isTls = false;
  #searched = 0;
  #clearRecords = 0;
  #state: 'prelude' | 'records' | 'done' = 'prelude';

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  get heldBytes(): number {
    return this.#buffer.length + this.#handshake.length + this.#prelude.length;
  }

  get isTls(): boolean {
    return this.#isTls;
  }

  get isDone(): boolean {
    return this.#state === 'done';
  }

  /** What was said before the first record. */
  get prelude(): Uint8Array {
    return this.#prelude;
  }

  /** Nothing more of this direction matters. */
  stop(): void {
    this.#state = 'done';
    this.#buffer = new Uint8Array(0);
    this.#handshake = new Uint8Array(0);
  }

  push(piece: Uint8Array): void {
    if (this.#state === 'done') return;
    this.#buffer = concat(this.#buffer, piece);
    if (this.#state === 'prelude') this.#search();
    if (this.#state === 'records') this.#readRecords();
  }

  #search(): void {
    const at = findFirstRecord(this.#buffer, this.#searched);
    // The last bytes are looked at again: a record may begin there.
    this.#searched = Math.max(0, this.#buffer.length - helloStartBytes);
    if (at !== undefined) {
      this.#isTls = true;
      this.#prelude = this.#buffer.slice(0, at);
      this.#buffer = this.#buffer.slice(at);
      this.#state = 'records';
    } else if (this.#buffer.length > preludeBytesMax) {
      this.stop();
    }
  }

  #readRecords(): void {
    let offset = 0;
    while (this.#state === 'records' && this.#buffer.length - offset >= recordHeaderBytes) {
      const [type = 0, major = 0, , high = 0, low = 0] = this.#buffer.subarray(offset, offset + recordHeaderBytes);
      const length = (high << 8) | low;
      const isRecord = type >= contentType.changeCipherSpec && type <= heartbeatType && (major === 3 || major === 0x7f);
      if (!isRecord || length > flightLimits.recordBytesMax) {
        this.#break('bytes that are no TLS record');
        return;
      }
      const end = offset + recordHeaderBytes + length;
      if (end > this.#buffer.length) break;
      this.#readRecord(type, this.#buffer.subarray(offset + recordHeaderBytes, end));
      offset = end;
    }
    if (this.#state === 'records') this.#buffer = this.#buffer.slice(offset);
  }

  #readRecord(type: number, payload: Uint8Array): void {
    if (type === contentType.changeCipherSpec) {
      this.#sink.changeCipherSpec();
    } else if (type === contentType.applicationData) {
      this.#sink.encrypted(false);
    } else if (this.#sink.isEncrypted()) {
      this.#sink.encrypted(type === contentType.handshake);
    } else if (type === contentType.alert) {
      this.#readAlert(payload);
    } else if (type === contentType.handshake) {
      this.#clearRecords += 1;
      this.#handshake = concat(this.#handshake, payload);
      if (this.#clearRecords > clearRecordsMax) this.#break('too many records in clear');
      else this.#readHandshakes();
    }
  }

  #readAlert(payload: Uint8Array): void {
    try {
      const alert = parseAlert(payload);
      if (alert.kind === 'alert') this.#sink.alert(alert);
    } catch (error) {
      if (!(error instanceof InventoryError)) throw error;
      this.#break(error.message);
    }
  }

  #readHandshakes(): void {
    let offset = 0;
    while (this.#state === 'records' && this.#handshake.length - offset >= 4) {
      const [type = 0, high = 0, middle = 0, low = 0] = this.#handshake.subarray(offset, offset + 4);
      const length = (high << 16) | (middle << 8) | low;
      if (length > handshakeBytesMax) {
        this.#break('a handshake message that is too large');
        return;
      }
      if (this.#handshake.length - offset - 4 < length) break;
      this.#sink.handshake(type, this.#handshake.subarray(offset + 4, offset + 4 + length));
      offset += 4 + length;
    }
    if (this.#state === 'records') this.#handshake = this.#handshake.slice(offset);
  }

  #break(reason: string): void {
    this.stop();
    this.#sink.broken(reason);
  }
}

/**
 * Where TLS begins: at the first byte when that is a handshake or alert record, else at the first record that holds the
 * beginning of a ClientHello or ServerHello; eleven bytes decide, of which eight are fixed.
 */
function findFirstRecord(buffer: Uint8Array, from: number): number | undefined {
  const isAlert = buffer[0] === contentType.alert && buffer[3] === 0 && buffer[4] === 2;
  if (buffer.length >= 6 && isHeader(buffer, 0) && (isAlert || isHello(buffer[5]))) return 0;
  const next = (after: number) => buffer.indexOf(contentType.handshake, after);
  for (let at = next(Math.max(from, 1)); at > 0; at = next(at + 1)) {
    if (at + helloStartBytes > buffer.length) return undefined;
    const isWhole = isHeader(buffer, at) && isHello(buffer[at + 5]) && buffer[at + 6] === 0 && buffer[at + 9] === 3;
    if (isWhole) return at;
  }
  return undefined;
}

function isHeader(buffer: Uint8Array, at: number): boolean {
  const length = ((buffer[at + 3] ?? 0) << 8) | (buffer[at + 4] ?? 0);
  return (
    (buffer[at] === contentType.handshake || buffer[at] === contentType.alert) &&
    buffer[at + 1] === 3 &&
    (buffer[at + 2] ?? 0xff) <= 4 &&
    length > 0 &&
    length <= flightLimits.recordBytesMax
  );
}

function isHello(type: number | undefined): boolean {
  return type === 1 || type === 2;
}
