import { connect } from 'node:net';
import type { FailedDialogueEnd, ScanError } from '@quantumvault/inventory';
import { parseAddress } from '@quantumvault/pki';
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
  /** A conversation in clear that comes before TLS (STARTTLS); made anew for each connection. */
  readonly preamble?: () => Preamble;
}

/** What ended a connection early. */
export interface ConnectionFailure {
  /** `malformed` and `limit` come from a preamble alone: it read something that is not its protocol, or too much of it. */
  readonly cause: ScanError | 'malformed' | 'limit';
  readonly connected: boolean;
  readonly detail: string;
  /** How the conversation before TLS ended, where it led to none. */
  readonly dialogueEnd?: FailedDialogueEnd;
}

/**
 * A conversation before the ClientHello. It is given the bytes of the server and says what to send, until a step is
 * `ready`. Whatever arrives behind the go-ahead is its own to judge: nothing of it is handed on to TLS.
 */
export interface Preamble {
  start(): PreambleStep;
  /** `chunk` is lent for the call. */
  push(chunk: Uint8Array): PreambleStep;
}

export interface PreambleStep {
  readonly send?: Uint8Array;
  /** Absent while the conversation goes on. */
  readonly end?: 'ready' | Omit<ConnectionFailure, 'connected'>;
}

/** How the user of a connection speaks and ends it; only the first ending counts, and nothing is received after it. */
export interface Line<T> {
  readonly send: (bytes: Uint8Array) => void;
  readonly finish: (value: T) => void;
  readonly fail: (failure: ConnectionFailure) => void;
}

/** The two events of an open connection. */
export interface Talk {
  /** `chunk` is lent for the call: all connections of the process read into the same memory. */
  readonly receive: (chunk: Uint8Array) => void;
  /** The server closed its side in good order. */
  readonly ended: () => void;
}

// One read at a time happens in the process, and each is over before the next: one buffer serves all connections.
const readBuffer = new Uint8Array(65_536);

/**
 * Opens one TCP connection, holds the preamble if there is one, and hands the line to `talk`, which ends it. The socket
 * is destroyed whatever happens, so no server can keep it; errors, timeouts and aborts become typed failures, and a throw
 * of `talk` rejects this one promise.
 */
export function withConnection<T>(
  { address, port }: Endpoint,
  { timeoutMs, signal, preamble }: ConnectionOptions,
  talk: (line: Line<T>) => Talk,
): Promise<{ value: T } | { failure: ConnectionFailure }> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      resolve({ failure: { cause: 'timeout', connected: false, detail: 'the time for this target is over' } });
      return;
    }
    let isConnected = false;
    let isOver = false;
    let current: Talk | undefined;

    const close = (settle: () => void) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      // The error listener stays: a late error of a destroyed socket must not end the process.
      socket.destroy();
      settle();
    };
    const line: Line<T> = {
      send: (bytes) => {
        if (!isOver) socket.write(bytes);
      },
      finish: (value) => close(() => resolve({ value })),
      fail: (failure) => close(() => resolve({ failure })),
    };
    // A throw inside a socket event would end the process, so it becomes a rejection of this one connection.
    const attempt = (step: () => void) => {
      if (isOver) return;
      try {
        step();
      } catch (error) {
        close(() => reject(error));
      }
    };
    const onAbort = () =>
      line.fail({ cause: 'timeout', connected: isConnected, detail: 'the time for this target is over' });
    const begin = () => {
      if (preamble === undefined) {
        current = talk(line);
        return;
      }
      const conversation = preamble();
      const follow = ({ send, end }: PreambleStep) => {
        if (send !== undefined && send.length > 0) line.send(send);
        if (end === 'ready') current = talk(line);
        else if (end !== undefined) line.fail({ ...end, connected: true });
      };
      current = {
        receive: (chunk) => follow(conversation.push(chunk)),
        ended: () => line.fail({ cause: 'reset', connected: true, detail: 'closed before TLS began' }),
      };
      follow(conversation.start());
    };

    const socket = connect({
      host: address,
      port,
      noDelay: true,
      // INV-7: only addresses that the guard has seen; a name would be resolved anew, and perhaps to another one.
      lookup: refuseName,
      onread: {
        buffer: readBuffer,
        callback: (length) => {
          attempt(() => current?.receive(readBuffer.subarray(0, length)));
          return !isOver;
        },
      },
    });
    const timer = setTimeout(() => {
      const detail = isConnected ? 'no complete answer in time' : 'no connection in time';
      line.fail({ cause: 'timeout', connected: isConnected, detail });
    }, timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', (error) => line.fail(classifySocketError(error, isConnected)));
    socket.on('end', () => attempt(() => current?.ended()));
    socket.once('connect', () => {
      if (!isSameAddress(socket.remoteAddress, address)) {
        line.fail({ cause: 'refused', connected: false, detail: 'the peer is not the address that was checked' });
        return;
      }
      isConnected = true;
      attempt(begin);
    });
  });
}

function refuseName(
  name: string,
  _options: unknown,
  callback: (error: NodeJS.ErrnoException, address: string, family: number) => void,
): void {
  callback(Object.assign(new Error(`"${name}" is a name, not an address`), { code: 'EINVAL' }), '', 0);
}

// A system may lead a connection elsewhere: Linux takes 0.0.0.0 and :: for this machine (INV-7).
function isSameAddress(peer: string | undefined, asked: string): boolean {
  if (peer === asked) return true;
  const [left, right] = [peer === undefined ? undefined : parseAddress(peer), parseAddress(asked)];
  return left !== undefined && right !== undefined && Buffer.compare(left, right) === 0;
}

/** Tells refused, reset and timeout apart (INV-3a). A host that the network declares unreachable counts as refused. */
export function classifySocketError(error: unknown, connected: boolean): ConnectionFailure {
  const code = errorCode(error);
  if (code === 'ETIMEDOUT') return { cause: 'timeout', connected, detail: code };
  // A reset, other than a refusal, comes from a connection that was made, even when it outruns the news of that.
  if (connected || code === 'ECONNRESET' || code === 'EPIPE') return { cause: 'reset', connected: true, detail: code };
  return { cause: 'refused', connected, detail: code };
}
