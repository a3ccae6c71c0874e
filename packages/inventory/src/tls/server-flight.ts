import { malformed } from './bytes.ts';
import { contentType } from './code-points.ts';
import { HandshakeJoiner, RecordReader, type TlsRecord } from './records.ts';
import { parseAlert, parseServerHandshake, type ServerMessage } from './server-messages.ts';

/**
 * Turns the bytes a server sends in clear into messages. Feed it chunks of any size; it keeps at most the limits of
 * `flightLimits`. Throws `INVENTORY_TLS_MALFORMED` when the bytes are not TLS and `INVENTORY_LIMIT_EXCEEDED` when there
 * are too many; after a throw the reader must not be used again.
 */
export class ServerFlightReader {
  readonly #records = new RecordReader();
  readonly #handshake = new HandshakeJoiner();
  #suite: number | undefined;
  #isEncrypted = false;

  push(chunk: Uint8Array): ServerMessage[] {
    const messages: ServerMessage[] = [];
    this.#records.read(chunk, (record) => {
      if (!this.#isEncrypted) this.#readRecord(record, messages);
      return this.#isEncrypted;
    });
    return messages;
  }

  #readRecord({ type, payload }: TlsRecord, messages: ServerMessage[]): void {
    if (type === contentType.alert) {
      messages.push(parseAlert(payload));
    } else if (type === contentType.handshake) {
      this.#handshake.push(payload, (messageType, body) => {
        const message = parseServerHandshake(messageType, body, this.#suite);
        if (message.kind === 'server-hello') this.#suite = message.suite;
        messages.push(message);
      });
    } else {
      // ChangeCipherSpec or application data: all that follows is encrypted.
      if (this.#handshake.isInside) throw malformed('a handshake message is interrupted by another record type');
      this.#isEncrypted = true;
      messages.push({ kind: 'encrypted' });
    }
  }
}
