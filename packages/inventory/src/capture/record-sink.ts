import type { ServerMessage } from '../tls/server-messages.ts';

/**
 * Larger handshake messages are not read. Certificates of 300 kB with ten thousand names were met in the wild; a probe
 * may refuse them, an observer shows them.
 */
export const handshakeBytesMax = 1_048_576;

/** Who reads what the record layers (TLS and DTLS) find; one implementation folds it into the facts of a connection. */
export interface RecordSink {
  /** A whole handshake message in clear: its type and its body. */
  readonly handshake: (type: number, body: Uint8Array) => void;
  readonly alert: (alert: Extract<ServerMessage, { kind: 'alert' }>) => void;
  readonly changeCipherSpec: () => void;
  /** A record that cannot be read because it is encrypted. `isHandshake`: its type says so, as it does up to TLS 1.2. */
  readonly encrypted: (isHandshake: boolean) => void;
  /** The bytes stopped being what they should be; nothing more will come from this side. */
  readonly broken: (reason: string) => void;
  /** Whether records of this side are encrypted from here on, which the record layer itself does not know. */
  readonly isEncrypted: () => boolean;
}
