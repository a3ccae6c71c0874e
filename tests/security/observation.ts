import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import type { PlantedRequest } from './canary-requests.ts';

// How the canary test asks an installation, and everything of it that can be looked at from outside.

export interface Sent {
  readonly status: number;
  readonly body: string;
  /** Status line, headers and body. */
  readonly content: string;
}

/** Sends one request as given. Not `fetch`: that refuses some methods and headers before they are sent. */
export function send(
  url: string,
  { method, path: target, apiKey, headers, body }: Omit<PlantedRequest, 'place'>,
): Promise<Sent> {
  return new Promise((settle, fail) => {
    const outgoing = request(
      new URL(url),
      {
        method,
        path: target,
        agent: false,
        headers: {
          ...(apiKey == null ? {} : { 'x-api-key': apiKey }),
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', fail);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const status = incoming.statusCode ?? 0;
          settle({ status, body: text, content: `${status}\n${incoming.rawHeaders.join('\n')}\n\n${text}` });
        });
      },
    );
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}

/** Sends bytes that are no request, and gives what came back. */
export function sendRaw(url: string, raw: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((settle) => {
    let answer = '';
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.end(raw));
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => settle(answer));
  });
}

/** Every text in a JSON value, with its path. */
export function* textsOf(value: unknown, name = ''): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [name, value];
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) yield* textsOf(inner, name === '' ? key : `${name}.${key}`);
}

/** Empty when it is gone: processes end, and PostgreSQL removes files, while we look. */
export function readIfThere(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    return new Uint8Array();
  }
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function processes(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Adds the arguments of every process of this machine; Linux only. */
export function noteArguments(seen: Set<string>): void {
  for (const pid of processes()) {
    const line = Buffer.from(readIfThere(`/proc/${pid}/cmdline`))
      .toString('latin1')
      .replaceAll('\0', ' ');
    if (line !== '') seen.add(line);
  }
}

export function childrenOf(parent: number): number[] {
  return processes().filter((pid) => {
    const stat = Buffer.from(readIfThere(`/proc/${pid}/stat`)).toString('latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
  });
}
