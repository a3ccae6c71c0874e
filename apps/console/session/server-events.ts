/** One event of a stream as `text/event-stream` writes it; a comment has no name and says that the stream is there. */
export interface ServerEvent {
  readonly name: string | null;
  readonly data: string;
}

/** The server's own limit of a message is a million characters. */
const charactersMax = 2_000_000;

function eventOf(block: string): ServerEvent {
  let name: string | null = null;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const at = line.indexOf(':');
    const field = at === -1 ? line : line.slice(0, at);
    const value = at === -1 ? '' : line.slice(at + 1).replace(/^ /, '');
    if (field === 'event') name = value;
    if (field === 'data') data.push(value);
  }
  return { name: name ?? (data.length === 0 ? null : 'message'), data: data.join('\n') };
}

/** Reads events as they come, until the end or the signal. Throws when one does not end within its limit. */
export async function* serverEvents(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent, void, void> {
  const reader = body.getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', stop);
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).replaceAll('\r\n', '\n').split('\n\n');
      rest = blocks.pop() ?? '';
      if (rest.length > charactersMax) throw new RangeError('an event of the stream is too long');
      for (const block of blocks) yield eventOf(block);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    // Also when the reader of this stops reading: the connection goes with it.
    await reader.cancel().catch(() => undefined);
  }
}
