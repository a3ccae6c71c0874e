import { ByteReader, ByteWriter, malformed } from './bytes.ts';
import { readExtensions } from './client-hello.ts';
import type { ClientShare } from './client-shares.ts';
import { contentType, handshakeType } from './code-points.ts';
import {
  type HandshakePrimitives,
  recordNonce,
  type ServerTrafficKeys,
  type SuiteProtection,
  serverHandshakeKeys,
  suiteProtection,
} from './key-schedule.ts';
import { HandshakeJoiner, RecordReader, recordHeaderLength, type TlsRecord } from './records.ts';
import {
  parseAlert,
  parseServerHandshake,
  parseTls13Certificate,
  readAlpn,
  readServerHello,
  type ServerHelloFields,
  type ServerMessage,
} from './server-messages.ts';

export interface HandshakeClientOptions {
  /** The ClientHello as sent: one record. */
  readonly hello: Uint8Array;
  /** Groups whose share the hello carries. */
  readonly offeredShares: readonly number[];
  /** The share of a group, for the hello's own and to answer a HelloRetryRequest; undefined when none can be made. */
  readonly share: (group: number) => ClientShare | undefined;
  /**
   * Writes the second ClientHello. Without it, or when the server asks for a group without a share here, the
   * HelloRetryRequest is the end of the conversation.
   */
  readonly retry?: (group: number, cookie: Uint8Array | undefined) => Uint8Array;
  readonly primitives: HandshakePrimitives;
}

export interface HandshakeStep {
  /** To be sent at once: the second ClientHello. */
  readonly send?: Uint8Array;
  /** Nothing more is to be learned on this connection. */
  readonly isDone: boolean;
}

// RFC 8446 appendix D.4: middleboxes expect one before the second flight.
const changeCipherSpec = new Uint8Array([contentType.changeCipherSpec, 3, 3, 0, 1, 1]);

// The order of a server's flight without a pre-shared key (RFC 8446 section 2).
const flightOrder: readonly number[] = [
  handshakeType.encryptedExtensions,
  handshakeType.certificateRequest,
  handshakeType.certificate,
  handshakeType.certificateVerify,
  handshakeType.finished,
];

/**
 * The client's side of a handshake that only looks: it reads what a server sends, in clear up to TLS 1.2 and with the
 * handshake keys in TLS 1.3, until the server's Finished is checked. That proves the group, and it shows the chain. It
 * never answers with its own Finished and checks no signature and no name: it reports what a server has, whoever it is.
 *
 * Throws `INVENTORY_TLS_MALFORMED` and `INVENTORY_LIMIT_EXCEEDED` like the reader of clear flights; after a throw it must
 * not be fed again, and `messages` holds what was read before.
 */
export class HandshakeClient {
  readonly #options: HandshakeClientOptions;
  readonly #records = new RecordReader();
  #joiner = new HandshakeJoiner();
  /** Handshake messages so far, as the transcript hash sees them. */
  readonly #transcript: Uint8Array[];
  #suite: number | undefined;
  #retriedGroup: number | undefined;
  #protection: SuiteProtection | undefined;
  #keys: ServerTrafficKeys | undefined;
  #sequence = 0;
  #flightPosition = -1;
  readonly #messages: ServerMessage[] = [];
  #send: Uint8Array | undefined;
  #isDone = false;

  constructor(options: HandshakeClientOptions) {
    this.#options = options;
    this.#transcript = [options.hello.subarray(recordHeaderLength)];
  }

  /** Everything the server said so far. */
  get messages(): readonly ServerMessage[] {
    return this.#messages;
  }

  push(chunk: Uint8Array): HandshakeStep {
    this.#send = undefined;
    this.#records.read(chunk, (record) => {
      this.#readRecord(record);
      return this.#isDone;
    });
    const send = this.#send;
    return { isDone: this.#isDone, ...(send === undefined ? {} : { send }) };
  }

  #readRecord(record: TlsRecord): void {
    if (record.type === contentType.alert) {
      this.#alert(record.payload);
    } else if (record.type === contentType.handshake && this.#keys === undefined) {
      this.#joiner.push(record.payload, (type, body, message) => this.#readClear(type, body, message));
    } else if (this.#joiner.isInside && (this.#keys === undefined || record.type !== contentType.applicationData)) {
      throw malformed('a handshake message is interrupted by another record type');
    } else if (record.type === contentType.applicationData && this.#keys !== undefined) {
      this.#readProtected(record, this.#keys);
    } else if (record.type === contentType.changeCipherSpec && this.#isTls13) {
      if (record.payload.length !== 1 || record.payload[0] !== 1) throw malformed('a ChangeCipherSpec that is none');
    } else if (record.type === contentType.handshake) {
      throw malformed('a handshake message in clear behind the ServerHello');
    } else if (this.#suite === undefined) {
      // An answer that says nothing must not pass for one: it would leave the question neither answered nor open.
      throw malformed(`a record of type ${record.type} before the ServerHello`);
    } else {
      this.#messages.push({ kind: 'encrypted' });
      this.#isDone = true;
    }
  }

  get #isTls13(): boolean {
    return this.#retriedGroup !== undefined || this.#keys !== undefined;
  }

  #alert(payload: Uint8Array): void {
    const alert = parseAlert(payload);
    this.#messages.push(alert);
    // A warning (unrecognized_name) may precede the ServerHello, so it ends nothing.
    if (alert.kind === 'alert' && (alert.level === 'fatal' || alert.name === 'close_notify')) this.#isDone = true;
  }

  #readClear(type: number, body: Uint8Array, message: Uint8Array): void {
    if (this.#isDone) return;
    if (this.#keys !== undefined) throw malformed('a handshake message in clear behind the ServerHello');
    const parsed = parseServerHandshake(type, body, this.#suite);
    if (parsed.kind === 'server-hello' || parsed.kind === 'hello-retry-request') {
      if (this.#suite !== undefined && !(this.#retriedGroup !== undefined && parsed.suite === this.#suite)) {
        throw malformed('a second ServerHello that does not follow from the first');
      }
      this.#suite = parsed.suite;
    }
    this.#messages.push(parsed);
    if (parsed.kind === 'hello-retry-request') this.#retry(readServerHello(body), message);
    else if (parsed.kind === 'server-hello' && parsed.version === 'TLSv1.3')
      this.#agree(readServerHello(body), message);
    else if (parsed.kind === 'server-hello-done') this.#isDone = true;
  }

  #retry({ group, cookie, suite }: ServerHelloFields, message: Uint8Array): void {
    if (this.#retriedGroup !== undefined) throw malformed('a second HelloRetryRequest');
    const { retry, share, primitives } = this.#options;
    const protection = suiteProtection(suite);
    if (retry === undefined || group === undefined || protection === undefined || share(group) === undefined) {
      this.#isDone = true;
      return;
    }
    this.#retriedGroup = group;
    const second = retry(group, cookie);
    const [first = new Uint8Array(0)] = this.#transcript;
    this.#transcript[0] = new ByteWriter()
      .u8(handshakeType.messageHash)
      .vector(3, (out) => out.bytes(primitives.hash(protection.hash, first)))
      .toBytes();
    this.#transcript.push(message, second.subarray(recordHeaderLength));
    this.#send = new ByteWriter().bytes(changeCipherSpec).bytes(second).toBytes();
  }

  #agree({ group, keyExchange, suite }: ServerHelloFields, message: Uint8Array): void {
    const { offeredShares, primitives } = this.#options;
    if (group === undefined || keyExchange === undefined) throw malformed('a ServerHello without a key share');
    const isOffered = this.#retriedGroup === undefined ? offeredShares.includes(group) : this.#retriedGroup === group;
    const share = isOffered ? this.#options.share(group) : undefined;
    if (share === undefined) {
      throw malformed('a key share of a group that was not offered');
    }
    const protection = suiteProtection(suite);
    if (protection === undefined) {
      // The server chose a suite that can be offered but not read here; what follows stays sealed.
      this.#messages.push({ kind: 'encrypted' });
      this.#isDone = true;
      return;
    }
    this.#transcript.push(message);
    this.#protection = protection;
    this.#keys = serverHandshakeKeys(
      primitives,
      protection,
      share.agree(keyExchange),
      this.#transcriptHash(protection),
    );
    this.#joiner = new HandshakeJoiner();
  }

  #readProtected({ header, payload }: TlsRecord, keys: ServerTrafficKeys): void {
    const { primitives } = this.#options;
    const cipher = this.#protection?.cipher;
    if (cipher === undefined) throw malformed('a protected record before its keys');
    const nonce = recordNonce(keys.iv, this.#sequence);
    const plaintext = primitives.open({ cipher, key: keys.key, nonce, aad: header, sealed: payload });
    if (plaintext === undefined) throw malformed('a record that does not open with the agreed key');
    this.#sequence += 1;
    // The true content type is the last byte that is not padding (RFC 8446 section 5.2).
    let end = plaintext.length - 1;
    while (end >= 0 && plaintext[end] === 0) end -= 1;
    const type = plaintext[end];
    const content = plaintext.subarray(0, Math.max(end, 0));
    if (type === contentType.alert) this.#alert(content);
    else if (type !== contentType.handshake) throw malformed('a protected record that is neither handshake nor alert');
    else this.#joiner.push(content, (kind, body, message) => this.#readFlight(kind, body, message, keys));
  }

  #readFlight(type: number, body: Uint8Array, message: Uint8Array, keys: ServerTrafficKeys): void {
    // Behind the Finished come tickets, which say nothing about the server's configuration.
    if (this.#isDone) return;
    const position = flightOrder.indexOf(type);
    // Without a pre-shared key nobody may leave out the certificate and its proof.
    const isGap = type === handshakeType.finished && position !== this.#flightPosition + 1;
    if (position <= this.#flightPosition || isGap) throw malformed(`handshake message ${type} out of order`);
    this.#flightPosition = position;
    this.#messages.push(this.#parseFlight(type, body, keys));
    this.#transcript.push(message);
  }

  #parseFlight(type: number, body: Uint8Array, { finishedKey }: ServerTrafficKeys): ServerMessage {
    switch (type) {
      case handshakeType.encryptedExtensions: {
        const reader = new ByteReader(body);
        const alpn = readAlpn(readExtensions(reader));
        reader.end();
        return { kind: 'encrypted-extensions', ...(alpn === undefined ? {} : { alpn }) };
      }
      case handshakeType.certificateRequest:
        return { kind: 'certificate-request' };
      case handshakeType.certificate:
        return { kind: 'certificate', certificates: parseTls13Certificate(body) };
      case handshakeType.certificateVerify: {
        const reader = new ByteReader(body);
        const scheme = reader.u16();
        reader.vector(2, 1);
        reader.end();
        return { kind: 'certificate-verify', scheme };
      }
      default:
        this.#checkFinished(body, finishedKey);
        this.#isDone = true;
        return { kind: 'finished' };
    }
  }

  #checkFinished(body: Uint8Array, finishedKey: Uint8Array): void {
    const { primitives } = this.#options;
    const protection = this.#protection;
    if (protection === undefined) throw malformed('a Finished before its keys');
    const expected = primitives.mac(protection.hash, finishedKey, this.#transcriptHash(protection));
    if (!primitives.isEqual(expected, body)) throw malformed('the Finished of the server does not verify');
  }

  #transcriptHash({ hash }: SuiteProtection): Uint8Array {
    const all = new ByteWriter();
    for (const message of this.#transcript) all.bytes(message);
    return this.#options.primitives.hash(hash, all.toBytes());
  }
}
