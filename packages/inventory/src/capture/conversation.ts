import { InventoryError } from '../errors.ts';
import { suiteName } from '../tls/cipher-suites.ts';
import { type ClientHello, parseClientHello } from '../tls/client-hello.ts';
import { handshakeType } from '../tls/code-points.ts';
import { groupName } from '../tls/named-groups.ts';
import { parseCertificateList, parseServerHandshake, type ServerKeyExchange } from '../tls/server-messages.ts';
import { readServerHelloFacts, type ServerHelloFacts } from './hello-facts.ts';
import type { ObservedAlert, ObservedConnection, OfferedHello } from './observed-connection.ts';
import { handshakeBytesMax, type RecordSink } from './record-sink.ts';

/** Which end of the connection speaks: 0 opened it as far as the capture shows. */
export type Side = 0 | 1;

interface SideState {
  role: 'client' | 'server' | undefined;
  certificates: readonly Uint8Array[];
  hasChangedCipher: boolean;
  /** An encrypted handshake record: the Finished message, up to version 1.2. */
  hasFinished: boolean;
  hasProtected: boolean;
}

type Facts = Omit<ObservedConnection, 'client' | 'server' | 'transport' | 'upgradedFrom' | 'firstSeen' | 'isComplete'>;

const problemsMax = 8;

/** Folds what both sides of a connection send into its facts; the record layers of TLS and DTLS feed it. */
export class Conversation {
  readonly #sides: readonly [SideState, SideState] = [newSide(), newSide()];
  readonly #problems: string[] = [];
  #hello: ClientHello | undefined;
  #serverHello: ServerHelloFacts | undefined;
  #exchange: ServerKeyExchange | undefined;
  #isResumed = false;
  #hasHelloDone = false;
  #lastAlert: { readonly side: Side; readonly level: 'warning' | 'fatal'; readonly name: string } | undefined;

  sinkOf(side: Side): RecordSink {
    const own = this.#sides[side];
    return {
      handshake: (type, body) => this.#guard(() => this.#handshake(side, type, body)),
      alert: ({ level, name }) => {
        this.#lastAlert = { side, level, name };
      },
      changeCipherSpec: () => {
        // Up to version 1.2 a server says ServerHelloDone in every full handshake; one that goes straight to encryption
        // continues an earlier session.
        if (own.role === 'server' && !this.#isModern && !this.#hasHelloDone) this.#isResumed = true;
        own.hasChangedCipher = true;
      },
      encrypted: (isHandshake) => {
        own.hasProtected = true;
        if (isHandshake && own.hasChangedCipher) own.hasFinished = true;
      },
      broken: (reason) => this.#problem(reason),
      isEncrypted: () => own.hasChangedCipher && !this.#isModern,
    };
  }

  /** The side that behaves as TLS client; undefined while no hello was seen. */
  get clientSide(): Side | undefined {
    if (this.#sides[0].role === 'client' || this.#sides[1].role === 'server') return 0;
    return this.#sides[1].role === 'client' || this.#sides[0].role === 'server' ? 1 : undefined;
  }

  get isEstablished(): boolean {
    const [left, right] = this.#sides;
    if (this.#serverHello === undefined) return false;
    if (this.#isModern) return left.hasProtected && right.hasProtected;
    return left.hasFinished && right.hasFinished;
  }

  get heldBytes(): number {
    return this.#sides.reduce((sum, side) => sum + side.certificates.reduce((size, der) => size + der.length, 0), 0);
  }

  facts(): Facts {
    const client = this.#sides[this.clientSide ?? 0];
    const server = this.#sides[this.clientSide === 1 ? 0 : 1];
    const group = this.#exchange?.kind === 'ecdhe' ? this.#exchange.group : this.#serverHello?.group;
    return {
      version: this.#serverHello?.version ?? null,
      suite: this.#serverHello === undefined ? null : suiteName(this.#serverHello.suite),
      group: group === undefined ? null : groupName(group),
      dhePrimeBits: this.#exchange?.kind === 'dhe' ? this.#exchange.primeBits : null,
      serverName: this.#hello?.serverName ?? null,
      alpn: this.#serverHello?.alpn ?? null,
      offered: this.#hello === undefined ? null : describeOffer(this.#hello),
      serverCertificates: server.certificates,
      clientCertificates: client.certificates,
      isResumed: this.#isResumed || (this.#serverHello?.usesPresharedKey ?? false),
      isEstablished: this.isEstablished,
      lastAlert: this.#describeAlert(),
      problems: this.#problems,
    };
  }

  // TLS 1.3 and its drafts: the change of cipher is decoration for middleboxes, and records say that they are encrypted.
  get #isModern(): boolean {
    return /^D?TLSv1\.3/.test(this.#serverHello?.version ?? '');
  }

  #handshake(side: Side, type: number, body: Uint8Array): void {
    const own = this.#sides[side];
    switch (type) {
      case handshakeType.clientHello:
        own.role = 'client';
        // After a retry the client sends a second hello; the first one shows what it wanted.
        this.#hello ??= parseClientHello(withoutCookie(body));
        return;
      case handshakeType.serverHello: {
        own.role = 'server';
        const facts = readServerHelloFacts(body);
        this.#serverHello = facts;
        return;
      }
      case handshakeType.certificate:
        // Views of a passing buffer: copies live as long as the connection.
        own.certificates = parseCertificateList(body, handshakeBytesMax).map((der) => der.slice());
        return;
      case handshakeType.serverKeyExchange: {
        const message = parseServerHandshake(type, body, this.#serverHello?.suite);
        if (message.kind === 'server-key-exchange') this.#exchange = message.exchange;
        return;
      }
      case handshakeType.serverHelloDone:
        this.#hasHelloDone = true;
        return;
      default:
    }
  }

  #guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof InventoryError)) throw error;
      this.#problem(error.message);
    }
  }

  #problem(text: string): void {
    if (this.#problems.length < problemsMax && !this.#problems.includes(text)) this.#problems.push(text);
  }

  #describeAlert(): ObservedAlert | null {
    if (this.#lastAlert === undefined) return null;
    const { side, level, name } = this.#lastAlert;
    const client = this.clientSide;
    return { from: client === undefined ? 'unknown' : client === side ? 'client' : 'server', level, name };
  }
}

function newSide(): SideState {
  return { role: undefined, certificates: [], hasChangedCipher: false, hasFinished: false, hasProtected: false };
}

// A DTLS hello has a cookie behind the session id (RFC 6347 section 4.2.1); without it, it reads like one of TLS.
function withoutCookie(body: Uint8Array): Uint8Array {
  const isDtls = body[0] === 0xfe || (body[0] === 1 && body[1] === 0);
  if (!isDtls) return body;
  const cookieAt = 35 + (body[34] ?? 0);
  const cookieBytes = 1 + (body[cookieAt] ?? 0);
  const out = new Uint8Array(Math.max(body.length - cookieBytes, 0));
  out.set(body.subarray(0, cookieAt).subarray(0, out.length));
  out.set(body.subarray(cookieAt + cookieBytes), Math.min(cookieAt, out.length));
  return out;
}

function describeOffer(hello: ClientHello): OfferedHello {
  return {
    versions: hello.versions,
    suites: hello.suites.map(suiteName),
    groups: hello.groups.map(groupName),
    alpn: hello.alpn ?? [],
  };
}
