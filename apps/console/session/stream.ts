import type { HttpClient } from '@quantumvault/api';
import { z } from 'zod';
import { type ServerEvent, serverEvents } from './server-events.ts';

/*
 * The client of the server's subscriptions (IFC-2): one POST whose answer goes on, with the cookies and the CSRF token of
 * every request. A stream is a convenience and never the only way to something: what it would have told can be read, and
 * whoever uses one reads anew when `onStand` says that there may be a gap.
 */

export interface StreamRequest {
  /** A GraphQL subscription with one field. */
  readonly query: string;
  readonly variables: Readonly<Record<string, string | number | boolean | null>>;
}

/** `refused`: the server said no, and asking again would not change it. */
export type StreamState = 'connecting' | 'live' | 'waiting' | 'paused' | 'refused';

export interface StreamEvents {
  readonly onData: (data: unknown) => void;
  /** The watching stands, for the first time or again: what happened before this moment was not told. */
  readonly onStand: () => void;
  readonly onState: (state: StreamState) => void;
}

/** What a stream needs of its surroundings; the browser's are in `browser-streams.ts`. */
export interface StreamSurroundings {
  readonly url: string;
  readonly http: HttpClient;
  /** Waits for one of the few places for streams that a browser has; the answer gives it back. */
  readonly takePlace: (signal: AbortSignal) => Promise<() => void>;
  /** Resolves when somebody can see the page. */
  readonly untilVisible: (signal: AbortSignal) => Promise<void>;
  /** Fires when nobody sees the page any more. */
  readonly hidden: () => { readonly signal: AbortSignal; readonly forget: () => void };
  /** Rejects when the signal fires. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1: so that the pages of many do not come back in the same moment. */
  readonly chance: () => number;
}

/** The server says something every 15 seconds; longer silence is a connection that died without a word. */
const silenceMs = 40_000;
/** The server looks every second: its first look is over by then, and nothing falls between a reading and the watching. */
const standMs = 2_000;
const waitMsMax = 30_000;

const messageSchema = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(z.object({ extensions: z.object({ code: z.string(), status: z.number() }).partial().optional() }))
    .optional(),
});

/** Refusals that pass: no credential (the next attempt renews it), too slow, too many requests or streams. */
const passing: ReadonlySet<number> = new Set([401, 408, 429]);

const isFinal = (status: number): boolean => status >= 400 && status < 500 && !passing.has(status);

/** How long to wait before the attempt after so many failures in a row. */
export const waitMsAfter = (failures: number, chance: number): number =>
  Math.min(waitMsMax, 1_000 * 2 ** Math.min(failures, 10)) * (0.5 + chance / 2);

/** Listens until the answer of this call is called. Nothing is delivered after that. */
export function openStream(request: StreamRequest, events: StreamEvents, surroundings: StreamSurroundings): () => void {
  const closed = new AbortController();
  void new Stream(request, events, surroundings, closed.signal).run().catch(() => undefined);
  return () => closed.abort();
}

class Stream {
  readonly #request: StreamRequest;
  readonly #events: StreamEvents;
  readonly #around: StreamSurroundings;
  readonly #closed: AbortSignal;
  #failures = 0;

  constructor(request: StreamRequest, events: StreamEvents, around: StreamSurroundings, closed: AbortSignal) {
    this.#request = request;
    this.#events = events;
    this.#around = around;
    this.#closed = closed;
  }

  /** Rejects when it was closed. */
  async run(): Promise<void> {
    for (;;) {
      const hidden = this.#around.hidden();
      try {
        if (hidden.signal.aborted) this.#say('paused');
        await this.#around.untilVisible(this.#closed);
      } finally {
        hidden.forget();
      }
      if (await this.#attemptWhileVisible()) return this.#say('refused');
    }
  }

  /** Whether the server said no for good. */
  async #attemptWhileVisible(): Promise<boolean> {
    const hidden = this.#around.hidden();
    const signal = AbortSignal.any([this.#closed, hidden.signal]);
    try {
      this.#say('connecting');
      const giveBack = await this.#around.takePlace(signal);
      try {
        if (await this.#listen(signal)) return true;
      } finally {
        giveBack();
      }
    } catch {
      this.#closed.throwIfAborted();
    } finally {
      hidden.forget();
    }
    this.#closed.throwIfAborted();
    if (hidden.signal.aborted) return false;
    this.#say('waiting');
    await this.#around.pause(waitMsAfter(this.#failures, this.#around.chance()), this.#closed);
    this.#failures += 1;
    return false;
  }

  /** Throws when the connection breaks; comes back when the server ends it. */
  async #listen(outside: AbortSignal): Promise<boolean> {
    const silence = new AbortController();
    const signal = AbortSignal.any([outside, silence.signal]);
    const answer = await this.#around.http(new URL('/graphql', this.#around.url).href, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify(this.#request),
      signal,
    });
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (!answer.ok || answer.body === null || !isStream) return isFinal(answer.status);
    let heard = 0;
    const watch = async (): Promise<void> => {
      for (let before = -1; before !== heard; ) {
        before = heard;
        await this.#around.pause(silenceMs, signal);
      }
      silence.abort();
    };
    void watch().catch(() => undefined);
    void this.#around.pause(standMs, signal).then(
      () => {
        // A server that ends each stream at once is not asked again at once.
        this.#failures = 0;
        this.#tell(() => this.#events.onStand());
      },
      () => undefined,
    );
    this.#say('live');
    try {
      for await (const event of serverEvents(answer.body, signal)) {
        heard += 1;
        if (event.name === 'complete') return false;
        if (event.name === 'next' && this.#isRefusal(event)) return true;
      }
      return false;
    } finally {
      // Whatever waits for this connection waits no longer.
      silence.abort();
    }
  }

  /** Delivers a message; throws for an error that may pass. */
  #isRefusal({ data }: ServerEvent): boolean {
    const message = messageSchema.parse(JSON.parse(data));
    const [error] = message.errors ?? [];
    if (error === undefined) {
      this.#tell(() => this.#events.onData(message.data));
      return false;
    }
    const { status = 500, code } = error.extensions ?? {};
    if (isFinal(status)) return true;
    throw new Error(code ?? 'the stream ended with an error');
  }

  #say(state: StreamState): void {
    this.#tell(() => this.#events.onState(state));
  }

  #tell(deliver: () => void): void {
    if (!this.#closed.aborted) deliver();
  }
}
