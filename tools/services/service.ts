/**
 * A real server that tests talk to: started on 127.0.0.1 in a temporary folder, and gone afterwards.
 *
 * The order of calls is `missing` (can this machine have it?), `start`, `ready`, use, `stop`.
 */
import type { ChildProcess } from 'node:child_process';

export { freePort } from '../../tests/harness/free-port.ts';

export interface Service {
  readonly name: string;
  /** Why this machine cannot run the service, or undefined when it can. Installs it first where that is allowed. */
  missing(): string | undefined;
  start(): Promise<void>;
  /** Resolves when the service answers; rejects with the end of its log after `timeoutMs`. */
  ready(timeoutMs?: number): Promise<void>;
  /** Stops the processes and removes the folder. Safe to call twice, and after a failed start. */
  stop(): Promise<void>;
}

/** Starts the service, hands it to `use`, and stops it whatever happens. */
export async function withService<S extends Service, T>(service: S, use: (service: S) => Promise<T>): Promise<T> {
  try {
    await service.start();
    await service.ready();
    return await use(service);
  } finally {
    await service.stop();
  }
}

/** Polls until `answers` returns true; fails early when the process has ended. */
export async function waitUntil(
  what: string,
  child: ChildProcess | undefined,
  log: () => string,
  answers: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${what} ended before it was ready:\n${log().slice(-2000)}`);
    }
    if (await answers()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} was not ready after ${timeoutMs} ms:\n${log().slice(-2000)}`);
}

/** Ends a child by its own id: politely, then by force after `graceMs`. */
export async function endChild(
  child: ChildProcess | undefined,
  signal: NodeJS.Signals,
  graceMs = 10_000,
): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(force);
}
