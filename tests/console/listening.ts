import type { Server, Socket } from 'node:net';

/** A server of a test on a free port of this machine. */
export interface Listening {
  readonly target: string;
  readonly port: number;
  close(): Promise<void>;
}

export async function listen(server: Server, onPort = 0): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((settle) => server.listen(onPort, '127.0.0.1', settle));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    target: `127.0.0.1:${port}`,
    port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((settle) => server.close(() => settle()));
    },
  };
}
