import { connect, type Socket } from 'node:net';
import { type ClientHello, parseClientHello, type ScanTarget } from '@quantumvault/inventory';
import { startTcpServer, type TestServer } from './servers.ts';

export interface Middlebox {
  /** Looks at a ClientHello and says what happens to it; `pass` hands the connection on to the server. */
  readonly judge?: (hello: ClientHello) => 'pass' | 'alert' | 'reset' | 'silence';
  /** Changes what the server sends, chunk by chunk. */
  readonly tamper?: (chunk: Buffer) => Buffer;
}

/** Stands before a server and does what middleboxes and old stacks do to hellos that they do not understand. */
export async function startMiddlebox(behind: ScanTarget, { judge, tamper }: Middlebox): Promise<TestServer> {
  return startTcpServer((socket) => {
    socket.once('data', (chunk) => {
      const hello = Buffer.from(chunk);
      const verdict = judge?.(parseClientHello(hello.subarray(9))) ?? 'pass';
      if (verdict === 'pass') handOn(socket, hello, behind, tamper);
      else if (verdict === 'alert') socket.end(handshakeFailure);
      else if (verdict === 'reset') socket.resetAndDestroy();
    });
  });
}

const handshakeFailure = Uint8Array.of(21, 3, 3, 0, 2, 2, 40);

function handOn(socket: Socket, hello: Buffer, { host, port }: ScanTarget, tamper: Middlebox['tamper']): void {
  const onward = connect(port, host);
  onward.on('error', () => socket.destroy());
  socket.on('close', () => onward.destroy());
  socket.pipe(onward);
  onward.write(hello);
  onward.on('data', (chunk) => socket.write(tamper?.(Buffer.from(chunk)) ?? chunk));
  onward.on('end', () => socket.end());
}
