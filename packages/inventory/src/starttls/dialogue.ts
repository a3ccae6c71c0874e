/**
 * The dialogue in clear that comes before TLS (INV-3), as a state machine: bytes in, bytes to send and at last an end out.
 * No network and no clock here; whoever owns the connection bounds its time.
 *
 * The danger: what a server, or somebody on the way, sends in clear behind its go-ahead must never be taken for a part of
 * the protected session (the class of CVE-2011-0411 and CVE-2021-23222). Such bytes end the dialogue as `injected`; they
 * are counted and thrown away, never handed to TLS.
 */
import { askImap } from './imap.ts';
import { askLdap } from './ldap.ts';
import { askMysql } from './mysql.ts';
import { askPop3 } from './pop3.ts';
import { askPostgres } from './postgres.ts';
import { type StartTlsProtocol, startTlsNames } from './protocols.ts';
import { recognizeProtocol } from './recognize-protocol.ts';
import { askSmtp } from './smtp.ts';
import type { Conversation, DialogueEnd, DialogueRead, DialogueTurn } from './turns.ts';

/** Hard limits of one dialogue; real ones need a tenth of this. */
export const dialogueLimits = { totalBytesMax: 16_384, lineBytesMax: 4_096, linesMax: 128 } as const;

/** What to do next: send these bytes if there are any; then, unless there is an end, read on. */
export interface DialogueStep {
  readonly send?: Uint8Array;
  readonly end?: DialogueEnd;
}

const conversations: Readonly<Record<StartTlsProtocol, () => Conversation>> = {
  smtp: askSmtp,
  imap: askImap,
  pop3: askPop3,
  ldap: askLdap,
  postgres: askPostgres,
  mysql: askMysql,
};

const lineFeed = 0x0a;

/**
 * One dialogue with one server. Call `start` once, send what it says, then `push` each chunk that arrives until a step
 * has an end. Never throws for what a server sent; after an end it must not be used again.
 */
export class StartTlsDialogue {
  readonly #protocol: StartTlsProtocol;
  readonly #conversation: Conversation;
  #buffer = new Uint8Array(0);
  #totalBytes = 0;
  #lines = 0;
  #wanted: DialogueRead = { kind: 'bytes', count: 1 };

  constructor(protocol: StartTlsProtocol) {
    this.#protocol = protocol;
    this.#conversation = conversations[protocol]();
  }

  start(): DialogueStep {
    return this.#run(this.#conversation.next(new Uint8Array(0)));
  }

  push(chunk: Uint8Array): DialogueStep {
    const isFirst = this.#totalBytes === 0;
    this.#totalBytes += chunk.length;
    if (this.#totalBytes > dialogueLimits.totalBytesMax) {
      return { end: overLimit(`more than ${dialogueLimits.totalBytesMax} bytes before TLS`) };
    }
    this.#buffer = concat(this.#buffer, chunk);
    const stranger = isFirst ? recognizeProtocol(this.#buffer) : undefined;
    if (stranger !== undefined && stranger.protocol !== this.#protocol) {
      return { end: { kind: 'wrong-protocol', detail: `it speaks ${stranger.name}` } };
    }
    const taken = this.#take(this.#wanted);
    if (taken === undefined) return {};
    return taken instanceof Uint8Array ? this.#run(this.#conversation.next(taken)) : { end: taken };
  }

  #run(first: IteratorResult<DialogueTurn, DialogueEnd>): DialogueStep {
    let send: Uint8Array | undefined;
    for (let turn = first; ; ) {
      if (turn.done === true) return this.#conclude(turn.value);
      if (turn.value.send !== undefined) {
        // An answer that is there before its question comes from somebody who does not listen.
        if (this.#buffer.length > 0 && turn.value.mayTalkAhead !== true) return { end: talksAhead };
        send = concat(send ?? new Uint8Array(0), turn.value.send);
      }
      this.#wanted = turn.value.read;
      const taken = this.#take(turn.value.read);
      if (taken === undefined) return withSend(send);
      if (!(taken instanceof Uint8Array)) return { end: taken };
      turn = this.#conversation.next(taken);
    }
  }

  /** Cuts what is wanted off the buffer; undefined when it is not there yet, an end when it never should be. */
  #take(read: DialogueRead): Uint8Array | DialogueEnd | undefined {
    if (read.kind === 'bytes') {
      if (this.#buffer.length < read.count) return undefined;
      return this.#cut(read.count, read.count);
    }
    const end = this.#buffer.indexOf(lineFeed);
    const line = this.#buffer.subarray(0, end < 0 ? undefined : end);
    if (line.some(isBinary)) return { kind: 'wrong-protocol', detail: 'it answers with binary data, not with lines' };
    if (line.length > dialogueLimits.lineBytesMax) {
      return overLimit(`a line of more than ${dialogueLimits.lineBytesMax} bytes`);
    }
    if (end < 0) return undefined;
    this.#lines += 1;
    if (this.#lines > dialogueLimits.linesMax)
      return overLimit(`more than ${dialogueLimits.linesMax} lines before TLS`);
    const isCrLf = this.#buffer[end - 1] === 0x0d;
    return this.#cut(isCrLf ? end - 1 : end, end + 1);
  }

  #cut(length: number, consumed: number): Uint8Array {
    const taken = this.#buffer.slice(0, length);
    this.#buffer = this.#buffer.slice(consumed);
    return taken;
  }

  #conclude(end: DialogueEnd): DialogueStep {
    if (end.kind !== 'ready') return { end };
    const count = this.#buffer.length;
    if (count === 0) return withSend(end.send, { kind: 'ready' });
    const detail = `${count} bytes in clear follow the go-ahead of ${startTlsNames[this.#protocol]}`;
    return { end: { kind: 'injected', detail } };
  }
}

const talksAhead: DialogueEnd = { kind: 'wrong-protocol', detail: 'it answers before it is asked' };

function overLimit(detail: string): DialogueEnd {
  return { kind: 'limit', detail };
}

function withSend(send: Uint8Array | undefined, end?: DialogueEnd): DialogueStep {
  return { ...(send === undefined ? {} : { send }), ...(end === undefined ? {} : { end }) };
}

// Control characters other than tab and carriage return; bytes over 127 occur in the greetings of real servers.
function isBinary(byte: number): boolean {
  return byte < 0x20 && byte !== 0x09 && byte !== 0x0d;
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(left.length + right.length);
  out.set(left, 0);
  out.set(right, left.length);
  return out;
}
