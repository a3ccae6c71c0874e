import { createServer as createTcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { type ScanGuard, type ScanTarget, type TlsScanResult } from '@quantumvault/inventory';
import type { TlsScanOptions } from '../scan-options.ts';
import { scanTls } from '../scan-tls.ts';

/** A running server on 127.0.0.1 that a test disposes of. */
export interface TestServer extends AsyncDisposable {
  readonly target: ScanTarget;
  /** The largest number of connections that were open at one time. */
  readonly peakConnections: () => number;
}

export const localGuard: ScanGuard = { mode: 'local', allow: [] };

/** The time at which tests look at certificates. */
export const testNow = () => new Date('2026-11-23T00:00:00Z');

/** Starts Node's own TLS server with the given options. */
export async function startTlsServer(options: TlsOptions): Promise<TestServer> {
  const server = createTlsServer(options, (socket) => {
    socket.on('error', () => {});
  });
  // A scanner that ends a handshake early is an error to the server, and expected here.
  server.on('tlsClientError', () => {});
  return listen(server);
}

/** Starts a TCP server that treats each connection as it is told: the hostile ones of the tests. */
export async function startTcpServer(
  onConnection: (socket: Socket) => void,
  place: { readonly address: string; readonly port: number } = { address: '127.0.0.1', port: 0 },
): Promise<TestServer> {
  return listen(
    createTcpServer((socket) => {
      socket.on('error', () => {});
      onConnection(socket);
    }),
    place,
  );
}

async function listen(
  server: ReturnType<typeof createTcpServer>,
  place = { address: '127.0.0.1', port: 0 },
): Promise<TestServer> {
  const open = new Set<Socket>();
  let peak = 0;
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    peak = Math.max(peak, open.size);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(place.port, place.address, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the test server has no port');
  return {
    target: { host: place.address, port: address.port },
    peakConnections: () => peak,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Scans one local target and returns its result; any other outcome is a failed test. */
export async function scanOne(target: ScanTarget, options: Partial<TlsScanOptions> = {}): Promise<TlsScanResult> {
  const [outcome] = await scanTls([target], { guard: localGuard, now: testNow, ...options });
  if (outcome?.kind !== 'scanned') throw new Error(`the scan ended as ${outcome?.kind}`);
  return outcome.result;
}
