import { connect, type Socket } from 'node:net';

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds from the request to the last byte of its answer, sorted. */
  readonly latencies: readonly number[];
}

export interface LoadOptions {
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly clients: number;
  readonly seconds: number;
}

/**
 * Clients that each send one request and wait for its answer before the next, over connections that stay open. Written
 * on sockets, because a complete HTTP client takes as much of the machine as the server that is measured.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { hostname, port } = new URL(options.url);
  const lines = Object.entries({ host: `${hostname}:${port}`, ...options.headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const request = Buffer.from(`GET ${options.path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + options.seconds * 1000;
  await Promise.all(
    Array.from({ length: options.clients }, () => client({ port: Number(port), hostname, request, end, latencies })),
  );
  const seconds = (performance.now() - started) / 1000;
  return { requests: latencies.length, seconds, latencies: latencies.sort((a, b) => a - b) };
}

interface ClientOptions {
  readonly hostname: string;
  readonly port: number;
  readonly request: Buffer;
  readonly end: number;
  readonly latencies: number[];
}

/** Length of the answer at the beginning of the text, or null when it is not complete. Throws when it is not 200. */
function answerLength(text: string): number | null {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return null;
  if (!text.startsWith('HTTP/1.1 200 ')) throw new Error(`the server answered ${text.slice(0, 500)}`);
  const length = /\r\ncontent-length: ([0-9]+)/i.exec(text.slice(0, head))?.[1];
  if (length === undefined) throw new Error('an answer without a length');
  const total = head + 4 + Number(length);
  return text.length < total ? null : total;
}

function client({ hostname, port, request, end, latencies }: ClientOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host: hostname, port, noDelay: true });
    let text = '';
    let sent = 0;
    const next = (): void => {
      sent = performance.now();
      if (sent >= end) {
        socket.end();
        resolve();
      } else socket.write(request);
    };
    socket.setEncoding('latin1');
    socket.on('connect', next);
    socket.on('data', (chunk: string) => {
      text += chunk;
      try {
        const length = answerLength(text);
        if (length === null) return;
        latencies.push(performance.now() - sent);
        text = text.slice(length);
        next();
      } catch (error) {
        socket.destroy();
        reject(error);
      }
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed the connection')));
  });
}

export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
