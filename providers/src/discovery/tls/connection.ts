import { connect, type Socket } from 'node:net';
import type { ScanError } from '@quantumvault/inventory';
import { errorCode } from './address-guard.ts';

/** Where to connect: always an address, never a name. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface ConnectionOptions {
  /** From the first packet to the last byte; a server that drips does not get more by dripping. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What ended a connection early. */
export interface ConnectionFailure {
  readonly cause: ScanError;
  readonly connected: boolean;
  readonly detail: string;
}

/** How the user of a connection ends it; only the first call counts. */
export interface ConnectionEnd<T> {
  readonly finish: (value: T) => void;
  readonly fail: (failure: ConnectionFailure) => void;
  /** Runs a step of an event handler; what it throws rejects the connection's promise. */
  readonly attempt: (step: () => void) => void;
}

/**
 * Opens one TCP connection and hands its socket to `use`, which calls `finish` or `fail`. The socket is destroyed whatever
 * happens, so no server can keep it; errors, timeouts and aborts become typed failures.
 */
export function withConnection<T>(
  { address, port }: Endpoint,
  { timeoutMs, signal }: ConnectionOptions,
  use: (socket: Socket, end: ConnectionEnd<T>) => void,
): Promise<{ value: T } | { failure: ConnectionFailure }> {
  return new Promise((resolve, reject) => {
    let isConnected = false;
    const socket = connect({ host: address, port });
    const close = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      // A late error of a destroyed socket must not crash the process.
      socket.on('error', () => {});
      socket.destroy();
    };
    const finish = (value: T) => {
      close();
      resolve({ value });
    };
    const fail = (failure: ConnectionFailure) => {
      close();
      resolve({ failure });
    };
    // A throw inside a socket event would end the process, so it becomes a rejection of this one connection.
    const attempt = (step: () => void) => {
      try {
        step();
      } catch (error) {
        close();
        reject(error);
      }
    };
    const onAbort = () =>
      fail({ cause: 'timeout', connected: isConnected, detail: 'the time for this target is over' });
    const timer = setTimeout(
      () =>
        fail({
          cause: 'timeout',
          connected: isConnected,
          detail: isConnected ? 'no complete answer in time' : 'no connection in time',
        }),
      timeoutMs,
    );
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    socket.setNoDelay(true);
    socket.on('error', (error) => fail(classifySocketError(error, isConnected)));
    socket.once('connect', () => {
      isConnected = true;
      attempt(() => use(socket, { finish, fail, attempt }));
    });
  });
}

/** Tells refused, reset and timeout apart (INV-3a). A host that the network declares unreachable counts as refused. */
export function classifySocketError(error: unknown, connected: boolean): ConnectionFailure {
  const code = errorCode(error);
  if (code === 'ETIMEDOUT') return { cause: 'timeout', connected, detail: code };
  if (connected || code === 'ECONNRESET' || code === 'EPIPE') return { cause: 'reset', connected, detail: code };
  return { cause: 'refused', connected, detail: code };
}
