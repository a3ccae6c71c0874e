import { InventoryError } from '../errors.ts';
import { ByteReader, malformed } from './bytes.ts';
import { contentType } from './code-points.ts';
import { parseAlert, parseServerHandshake, type ServerMessage } from './server-messages.ts';

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

const recordHeaderLength = 5;

/**
 * Turns the bytes a server sends in clear into messages. Feed it chunks of any size; it keeps at most the limits above.
 * Throws `INVENTORY_TLS_MALFORMED` when the bytes are not TLS and `INVENTORY_LIMIT_EXCEEDED` when there are too many;
 * after a throw the reader must not be used again.
 */
export class ServerFlightReader {
  #buffer = new Uint8Array(0);
  #handshake = new Uint8Array(0);
  #totalBytes = 0;
  #records = 0;
  #suite: number | undefined;
  #isEncrypted = false;

  push(chunk: Uint8Array): ServerMessage[] {
    this.#totalBytes += chunk.length;
    if (this.#totalBytes > flightLimits.totalBytesMax) throw tooLarge('the answer', flightLimits.totalBytesMax);
    this.#buffer = concat(this.#buffer, chunk);
    const messages: ServerMessage[] = [];
    let offset = 0;
    while (!this.#isEncrypted) {
      const record = readRecord(this.#buffer, offset);
      if (record === undefined) break;
      offset += recordHeaderLength + record.payload.length;
      this.#records += 1;
      if (this.#records > flightLimits.recordsMax) throw tooLarge('the number of records', flightLimits.recordsMax);
      this.#readPayload(record.type, record.payload, messages);
    }
    this.#buffer = this.#isEncrypted ? new Uint8Array(0) : this.#buffer.slice(offset);
    return messages;
  }

  #readPayload(type: number, payload: Uint8Array, messages: ServerMessage[]): void {
    if (type === contentType.alert) {
      messages.push(parseAlert(payload));
    } else if (type === contentType.handshake) {
      if (payload.length === 0) throw malformed('an empty handshake record');
      this.#handshake = concat(this.#handshake, payload);
      this.#readHandshakes(messages);
    } else {
      // ChangeCipherSpec or application data: all that follows is encrypted.
      if (this.#handshake.length > 0) throw malformed('a handshake message is interrupted by another record type');
      this.#isEncrypted = true;
      messages.push({ kind: 'encrypted' });
    }
  }

  #readHandshakes(messages: ServerMessage[]): void {
    let offset = 0;
    while (this.#handshake.length - offset >= 4) {
      const reader = new ByteReader(this.#handshake.subarray(offset));
      const type = reader.u8();
      const length = reader.u24();
      if (length > flightLimits.handshakeBytesMax)
        throw tooLarge('a handshake message', flightLimits.handshakeBytesMax);
      if (length > reader.remaining) break;
      const message = parseServerHandshake(type, reader.bytes(length), this.#suite);
      if (message.kind === 'server-hello') this.#suite = message.suite;
      messages.push(message);
      offset += 4 + length;
    }
    this.#handshake = this.#handshake.slice(offset);
  }
}

function readRecord(buffer: Uint8Array, offset: number): { type: number; payload: Uint8Array } | undefined {
  const available = buffer.subarray(offset);
  const [type, major] = available;
  // The first bytes already tell TLS from a banner or an HTTP error; waiting for five would let a slow server stall.
  if (type !== undefined && (type < contentType.changeCipherSpec || type > contentType.applicationData)) {
    throw malformed(`record type ${type} does not exist`);
  }
  if (major !== undefined && major !== 3) throw malformed(`record version ${major} does not exist`);
  if (available.length < recordHeaderLength) return undefined;
  const header = new ByteReader(available);
  header.bytes(3);
  const length = header.u16();
  if (length > flightLimits.recordBytesMax) throw tooLarge('a record', flightLimits.recordBytesMax);
  return length > header.remaining ? undefined : { type: type ?? 0, payload: header.bytes(length) };
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(left.length + right.length);
  out.set(left, 0);
  out.set(right, left.length);
  return out;
}

function tooLarge(what: string, limit: number): InventoryError {
  return new InventoryError('INVENTORY_LIMIT_EXCEEDED', `The server exceeds a limit: ${what} is larger than ${limit}.`);
}
