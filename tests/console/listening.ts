import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { makeCertificate, type TestKeyType } from '../../providers/src/discovery/tls/testing/make-certificate.ts';

/** A server of a test on this machine alone, which a scan can ask. */
export interface Listening {
  /** `ADDRESS:PORT` */
  readonly target: string;
  readonly port: number;
  close(): Promise<void>;
}

/** `onPort` 0: any that is free. */
export async function listen(server: Server, onPort = 0, address = '127.0.0.1'): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((settle, fail) => server.once('error', fail).listen(onPort, address, settle));
  const bound = server.address();
  const port = typeof bound === 'object' ? (bound?.port ?? 0) : 0;
  return {
    target: `${address}:${port}`,
    port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((settle) => server.close(() => settle()));
    },
  };
}

/** Finishes handshakes and has nothing to say. */
export function listenTls(options: TlsOptions, onPort = 0): Promise<Listening> {
  const server = createServer(options, (socket) => {
    socket.on('error', () => undefined);
    socket.end();
  });
  server.on('tlsClientError', () => undefined);
  return listen(server, onPort);
}

/** The same with a certificate of its own. */
export function listenCertified(keyType: TestKeyType, options: TlsOptions = {}): Promise<Listening> {
  const { keyPem, certPem } = makeCertificate({ keyType, commonName: 'shop.example.org' });
  return listenTls({ ...options, key: keyPem, cert: certPem });
}

/** A server as most are today: no post-quantum group. */
export const listenClassical = (): Promise<Listening> => listenCertified('ec-p256', { ecdhCurve: 'X25519:P-256' });

/** Takes connections and says nothing: a scan waits for it until its time is over. */
export const listenSilent = (address?: string): Promise<Listening> =>
  listen(
    createTcpServer(() => undefined),
    0,
    address,
  );
