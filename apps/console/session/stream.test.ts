import { describe, expect, it, vi } from 'vitest';
import { openStream, type StreamState, type StreamSurroundings, waitMsAfter } from './stream.ts';

// A server and a clock in the hands of the test: each request is answered by it, and time passes when it says so.

interface Asked {
  readonly init: Parameters<StreamSurroundings['http']>[1];
  readonly answer: (response: Response | Error) => void;
}

interface Pause {
  readonly ms: number;
  readonly end: () => void;
}

function world() {
  const asked: Asked[] = [];
  const pauses = new Set<Pause>();
  const seen = { data: [] as unknown[], states: [] as StreamState[], stands: 0 };
  let isHidden = false;
  let places = 0;
  const visibility = new EventTarget();
  const surroundings: StreamSurroundings = {
    url: 'https://console.example',
    http: (_url, init) =>
      new Promise((settle, reject) => {
        init.signal?.addEventListener('abort', () => reject(new Error('aborted')));
        asked.push({ init, answer: (value) => (value instanceof Error ? reject(value) : settle(value)) });
      }),
    takePlace: async () => {
      places += 1;
      return () => {
        places -= 1;
      };
    },
    untilVisible: (signal) =>
      new Promise((settle, reject) => {
        if (!isHidden) settle();
        visibility.addEventListener('change', () => (isHidden ? undefined : settle()));
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
    hidden: () => {
      const controller = new AbortController();
      const look = () => {
        if (isHidden) controller.abort();
      };
      look();
      visibility.addEventListener('change', look);
      return { signal: controller.signal, forget: () => visibility.removeEventListener('change', look) };
    },
    pause: (ms, signal) =>
      new Promise((settle, reject) => {
        const pause: Pause = { ms, end: settle };
        pauses.add(pause);
        signal.addEventListener('abort', () => {
          pauses.delete(pause);
          reject(signal.reason);
        });
      }),
    chance: () => 1,
  };
  const close = openStream(
    { query: 'subscription { getJob(id: "1") { status } }', variables: {} },
    {
      onData: (data) => seen.data.push(data),
      onStand: () => {
        seen.stands += 1;
      },
      onState: (state) => seen.states.push(state),
    },
    surroundings,
  );
  const request = async (index: number): Promise<Asked> => {
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(index));
    return asked[index] as Asked;
  };
  return {
    asked,
    seen,
    close,
    request,
    places: () => places,
    setHidden: (value: boolean) => {
      isHidden = value;
      visibility.dispatchEvent(new Event('change'));
    },
    /** Ends the one pause of this length. */
    pass: async (ms: number) => {
      await vi.waitFor(() => expect([...pauses].map((pause) => pause.ms)).toContain(ms));
      for (const pause of pauses) {
        if (pause.ms !== ms) continue;
        pauses.delete(pause);
        pause.end();
      }
    },
  };
}

function eventStream() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (made) => {
      controller = made;
    },
    cancel: () => {
      isCancelled = true;
    },
  });
  return {
    response: new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } }),
    say: (text: string) => controller?.enqueue(new TextEncoder().encode(text)),
    end: () => controller?.close(),
    isCancelled: () => isCancelled,
  };
}

const next = (message: unknown): string => `event: next\ndata: ${JSON.stringify(message)}\n\n`;
const refusal = (status: number, code: string) => ({ errors: [{ message: code, extensions: { code, status } }] });
const problem = (status: number): Response => new Response('{}', { status });

describe('IFC-2: the client of subscriptions', () => {
  it('delivers messages in their order, however the bytes are cut, and passes over comments', async () => {
    const { request, seen, close } = world();
    const stream = eventStream();
    const { init, answer } = await request(0);
    expect(init).toMatchObject({ method: 'POST', headers: { accept: 'text/event-stream' } });
    answer(stream.response);
    const text = `: stream\n\n${next({ data: { at: 1 } })}: quiet\n\n${next({ data: { at: 2 } })}`;
    for (const character of text) stream.say(character);
    await vi.waitFor(() => expect(seen.data).toEqual([{ at: 1 }, { at: 2 }]));
    expect(seen.states.at(-1)).toBe('live');
    close();
  });

  it('says when the watching stands, for each connection once: what was before has to be read', async () => {
    const { request, seen, pass, close } = world();
    const first = eventStream();
    (await request(0)).answer(first.response);
    await pass(2_000);
    await vi.waitFor(() => expect(seen.stands).toBe(1));
    first.say('event: complete\ndata:\n\n');
    await pass(1_000);
    const second = eventStream();
    (await request(1)).answer(second.response);
    await pass(2_000);
    await vi.waitFor(() => expect(seen.stands).toBe(2));
    close();
  });

  it('comes back after a cut, a refusal that passes and an answer that is no stream, each time later', async () => {
    const { request, seen, pass, close } = world();
    const answers = [
      new Error('cut off'),
      problem(503),
      problem(429),
      new Response('<html>', { headers: { 'content-type': 'text/html' } }),
    ];
    for (const [index, value] of answers.entries()) {
      (await request(index)).answer(value);
      await pass(1_000 * 2 ** index);
    }
    await request(answers.length);
    expect(seen.states).not.toContain('refused');
    close();
  });

  it('attack case 4: asks once more when the credential has ended, and no more when the right has', async () => {
    const { request, seen, pass, asked, close } = world();
    const first = eventStream();
    (await request(0)).answer(first.response);
    first.say(next(refusal(401, 'IDENTITY_UNAUTHENTICATED')));
    await pass(1_000);
    const second = eventStream();
    (await request(1)).answer(second.response);
    second.say(next(refusal(403, 'ACCESS_DENIED')));
    await vi.waitFor(() => expect(seen.states.at(-1)).toBe('refused'));
    expect(seen.data).toEqual([]);
    expect(asked).toHaveLength(2);
    expect(second.isCancelled()).toBe(true);
    close();
  });

  it('a connection that is silent for longer than the server ever is counts as dead', async () => {
    const { request, pass, close } = world();
    const stream = eventStream();
    const { init, answer } = await request(0);
    answer(stream.response);
    stream.say(': stream\n\n');
    await pass(40_000);
    await pass(40_000);
    await vi.waitFor(() => expect(init.signal?.aborted).toBe(true));
    close();
  });

  it('a page that nobody sees holds no connection and no place; it comes back when it is looked at', async () => {
    const { request, seen, setHidden, places, close, asked } = world();
    const { init, answer } = await request(0);
    answer(eventStream().response);
    await vi.waitFor(() => expect(seen.states.at(-1)).toBe('live'));
    expect(places()).toBe(1);
    setHidden(true);
    await vi.waitFor(() => expect(init.signal?.aborted).toBe(true));
    (await request(0)).answer(new Error('aborted'));
    await vi.waitFor(() => expect(seen.states.at(-1)).toBe('paused'));
    expect([places(), asked.length]).toEqual([0, 1]);
    setHidden(false);
    await request(1);
    close();
  });

  it('delivers nothing after it was closed: the next user sees nothing of the former one', async () => {
    const { request, seen, places, close } = world();
    const stream = eventStream();
    const { init, answer } = await request(0);
    answer(stream.response);
    stream.say(next({ data: { at: 1 } }));
    await vi.waitFor(() => expect(seen.data).toHaveLength(1));
    const states = seen.states.length;
    // Its bytes are there already, and nobody has read them yet.
    stream.say(next({ data: { at: 2 } }));
    close();
    await vi.waitFor(() => expect(places()).toBe(0));
    expect(init.signal?.aborted).toBe(true);
    expect([seen.data.length, seen.states.length]).toEqual([1, states]);
  });

  it('waits longer after each failure, half a minute at most', () => {
    expect([0, 1, 2, 3, 4, 5, 60].map((failures) => waitMsAfter(failures, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    expect(waitMsAfter(60, 0)).toBe(15_000);
  });
});
