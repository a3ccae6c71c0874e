/**
 * How the protocols of this folder are written: each is a generator that says what to send and what to read, gets the
 * bytes, and returns how the dialogue ended. `dialogue.ts` feeds it and keeps the limits, once for all of them.
 */
import { latin1 } from '@quantumvault/pki';

/** How a dialogue in clear ends. Details name codes and facts, never a server's own words. */
export type DialogueEnd =
  /** TLS may begin with the next byte, after `send` when there is one (MySQL announces TLS instead of asking for it). */
  | { readonly kind: 'ready'; readonly send?: Uint8Array }
  /** The server speaks the protocol and says that it has no TLS in it. */
  | { readonly kind: 'not-offered'; readonly detail: string }
  /** The server turns us away or says "not now": whether it has TLS stays open. */
  | { readonly kind: 'unavailable'; readonly detail: string }
  /** What answers is another protocol, or none that can be recognized. */
  | { readonly kind: 'wrong-protocol'; readonly detail: string }
  /** Bytes in clear follow the go-ahead; see `dialogue.ts`. */
  | { readonly kind: 'injected'; readonly detail: string }
  | { readonly kind: 'limit'; readonly detail: string };

/** The ends that lead to no TLS. */
export type FailedDialogueEnd = Exclude<DialogueEnd, { readonly kind: 'ready' }>;

export type DialogueRead = { readonly kind: 'line' } | { readonly kind: 'bytes'; readonly count: number };

export interface DialogueTurn {
  readonly send?: Uint8Array;
  readonly read: DialogueRead;
  /** Set where the protocol lets a server speak unasked (the untagged responses of IMAP). */
  readonly mayTalkAhead?: boolean;
}

export type Conversation = Generator<DialogueTurn, DialogueEnd, Uint8Array>;

/** A part of a conversation with a value of its own. */
export type Turns<T> = Generator<DialogueTurn, T, Uint8Array>;

/** Sends a command line if there is one, and reads one line without its line end. */
export function* readLine(command?: string, options: { readonly mayTalkAhead?: boolean } = {}): Turns<string> {
  const send = command === undefined ? {} : { send: new TextEncoder().encode(`${command}\r\n`) };
  return latin1(yield { ...send, ...options, read: { kind: 'line' } });
}

export function* readBytes(count: number, send?: Uint8Array): Turns<Uint8Array> {
  return yield { ...(send === undefined ? {} : { send }), read: { kind: 'bytes', count } };
}
