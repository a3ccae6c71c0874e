import { InventoryError } from '../errors.ts';
import { ByteReader, malformed } from './bytes.ts';
import { contentType } from './code-points.ts';

/** Hard limits of one answer; a server that needs more is not answering a probe. */
export const flightLimits = {
  /** RFC 5246 section 6.2.3: 2^14 plus 2048 bytes of expansion. */
  recordBytesMax: 16_384 + 2_048,
  /** Certificates dominate: certificateLimits.bytesMax plus headers. */
  handshakeBytesMax: 140_000,
  totalBytesMax: 262_144,
  /** Empty and one-byte records are legal; a million of them are an attack. */
  recordsMax: 1_024,
} as const;

export const recordHeaderLength = 5;

/** One TLS record. Header and payload are lent: they are views on memory that the next chunk may overwrite. */
export interface TlsRecord {
  readonly type: number;
  readonly header: Uint8Array;
  readonly payload: Uint8Array;
}

/**
 * Cuts a stream of bytes into TLS records. It keeps at most one unfinished record and throws when the bytes are not TLS
 * (`INVENTORY_TLS_MALFORMED`) or more than the limits allow (`INVENTORY_LIMIT_EXCEEDED`); do not use it after a throw.
 */
export class RecordReader {
  #rest = new Uint8Array(0);
  #totalBytes = 0;
  #records = 0;

  /** Hands each whole record to `take`, until that answers true: then all further bytes are thrown away. */
  read(chunk: Uint8Array, take: (record: TlsRecord) => boolean): void {
    this.#totalBytes += chunk.length;
    if (this.#totalBytes > flightLimits.totalBytesMax) throw tooLarge('the answer', flightLimits.totalBytesMax);
    const bytes = this.#rest.length === 0 ? chunk : concat(this.#rest, chunk);
    let offset = 0;
    let isOver = false;
    while (!isOver) {
      const record = readRecord(bytes, offset);
      if (record === undefined) break;
      offset += recordHeaderLength + record.payload.length;
      this.#records += 1;
      if (this.#records > flightLimits.recordsMax) throw tooLarge('the number of records', flightLimits.recordsMax);
      isOver = take(record);
    }
    this.#rest = isOver ? new Uint8Array(0) : bytes.slice(offset);
  }
}

/** Joins the payloads of handshake records into messages; each message is a copy of its own. */
export class HandshakeJoiner {
  #rest = new Uint8Array(0);

  /** A message has begun and is not yet whole: no other record type may come now. */
  get isInside(): boolean {
    return this.#rest.length > 0;
  }

  push(payload: Uint8Array, take: (type: number, body: Uint8Array, message: Uint8Array) => void): void {
    if (payload.length === 0) throw malformed('an empty handshake record');
    const bytes = concat(this.#rest, payload);
    let offset = 0;
    while (bytes.length - offset >= 4) {
      const reader = new ByteReader(bytes.subarray(offset));
      const type = reader.u8();
      const length = reader.u24();
      if (length > flightLimits.handshakeBytesMax) {
        throw tooLarge('a handshake message', flightLimits.handshakeBytesMax);
      }
      if (length > reader.remaining) break;
      const message = bytes.subarray(offset, offset + 4 + length);
      offset += 4 + length;
      take(type, message.subarray(4), message);
    }
    this.#rest = bytes.slice(offset);
  }
}

function readRecord(buffer: Uint8Array, offset: number): TlsRecord | undefined {
  const type = buffer[offset];
  const major = buffer[offset + 1];
  // The first bytes already tell TLS from a banner or an HTTP error; waiting for five would let a slow server stall.
  if (type !== undefined && (type < contentType.changeCipherSpec || type > contentType.applicationData)) {
    throw malformed(`record type ${type} does not exist`);
  }
  if (major !== undefined && major !== 3) throw malformed(`record version ${major} does not exist`);
  const start = offset + recordHeaderLength;
  if (type === undefined || buffer.length < start) return undefined;
  const length = (buffer[start - 2] ?? 0) * 256 + (buffer[start - 1] ?? 0);
  if (length > flightLimits.recordBytesMax) throw tooLarge('a record', flightLimits.recordBytesMax);
  if (buffer.length < start + length) return undefined;
  return { type, header: buffer.subarray(offset, start), payload: buffer.subarray(start, start + length) };
}

export function concat(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(left.length + right.length);
  out.set(left, 0);
  out.set(right, left.length);
  return out;
}

function tooLarge(what: string, limit: number): InventoryError {
  return new InventoryError('INVENTORY_LIMIT_EXCEEDED', `The server exceeds a limit: ${what} is larger than ${limit}.`);
}
