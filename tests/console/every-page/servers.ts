import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { makeCertificate, type TestKeyType } from '../../../providers/src/discovery/tls/testing/make-certificate.ts';

/** Something on 127.0.0.1 that a scan can ask. */
export interface Scannable {
  /** `127.0.0.1:PORT` */
  readonly target: string;
  close(): Promise<void>;
}

async function listen(server: Server, address = '127.0.0.1'): Promise<Scannable> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((settle) => server.listen(0, address, settle));
  const bound = server.address();
  return {
    target: `127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((settle) => server.close(() => settle()));
    },
  };
}

function tlsServer(keyType: TestKeyType, options: TlsOptions): Promise<Scannable> {
  const { keyPem, certPem } = makeCertificate({ keyType, commonName: 'shop.example.org' });
  const server = createServer({ ...options, key: keyPem, cert: certPem }, (socket) => {
    socket.on('error', () => undefined);
    socket.end();
  });
  server.on('tlsClientError', () => undefined);
  return listen(server);
}

export interface Scannables {
  /** Weakest first: RSA key exchange, as most are today, hybrid. */
  readonly answering: readonly Scannable[];
  /** They take connections and say nothing: a scan of them goes on for minutes. */
  readonly silent: readonly string[];
  close(): Promise<void>;
}

export async function startScannables(): Promise<Scannables> {
  const answering = [
    await tlsServer('rsa-1024', { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256:@SECLEVEL=0' }),
    await tlsServer('rsa-2048', { ecdhCurve: 'X25519:P-256' }),
    await tlsServer('ec-p256', { ecdhCurve: 'X25519MLKEM768:X25519', minVersion: 'TLSv1.3' }),
  ];
  // One listener at many addresses of this machine.
  const mute = await listen(
    createTcpServer(() => undefined),
    '0.0.0.0',
  );
  const port = mute.target.split(':')[1];
  const silent = Array.from({ length: 240 }, (_, index) => `127.0.1.${index + 1}:${port}`);
  return {
    answering,
    silent,
    close: async () => {
      for (const each of [...answering, mute]) await each.close();
    },
  };
}
