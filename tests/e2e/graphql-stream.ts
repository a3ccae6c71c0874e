import type { TestServer } from '../harness/server.ts';
import type { GraphqlReply } from './graphql.ts';

export type Message = Pick<GraphqlReply, 'data' | 'errors'>;

export interface Stream {
  readonly status: number;
  readonly messages: readonly Message[];
  readonly isComplete: () => boolean;
  close(): void;
}

/** Subscribes and collects what comes; a test reads `messages`. */
export async function subscribe(server: TestServer, query: string, apiKey = server.signIn.apiKey): Promise<Stream> {
  const controller = new AbortController();
  const response = await fetch(new URL('/graphql', server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-api-key': apiKey },
    body: JSON.stringify({ query }),
    signal: controller.signal,
  });
  const messages: Message[] = [];
  let isComplete = false;
  const read = async (): Promise<void> => {
    let rest = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = `${rest}${chunk}`.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^event: next\ndata: (.*)$/s.exec(block)?.[1];
        if (data !== undefined) messages.push(JSON.parse(data));
        if (block.startsWith('event: complete')) isComplete = true;
      }
    }
  };
  void read().catch(() => undefined);
  return { status: response.status, messages, isComplete: () => isComplete, close: () => controller.abort() };
}

export const within = (ms: number) => ({ timeout: ms, interval: 50 });
