import { connect, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { StartTlsProtocol } from '@quantumvault/inventory';
import { startTcpServer, startTlsServer, type TestServer } from './servers.ts';

/** What a server of a protocol says: its greeting if it speaks first, and an answer to each question, the last being the go-ahead. */
interface Script {
  readonly greeting?: Buffer;
  readonly answers: readonly Buffer[];
}

const text = (value: string): Buffer => Buffer.from(value, 'latin1');
const mysqlBody = Buffer.concat([
  Buffer.from([10]),
  text('8.4.0-test\0'),
  Buffer.alloc(12, 1),
  Buffer.from([0, 0x00, 0x0a]),
  Buffer.alloc(20),
]);

export const startTlsScripts: Readonly<Record<StartTlsProtocol, Script>> = {
  smtp: {
    greeting: text('220-mail.test ESMTP\r\n220 welcome\r\n'),
    answers: [text('250-mail.test\r\n250-SIZE 1000\r\n250 STARTTLS\r\n'), text('220 go ahead\r\n')],
  },
  imap: {
    greeting: text('* OK ready\r\n'),
    answers: [text('* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK done\r\n'), text('a2 OK begin\r\n')],
  },
  pop3: { greeting: text('+OK ready\r\n'), answers: [text('+OK begin\r\n')] },
  ldap: { answers: [Buffer.from('300c02010178070a010004000400', 'hex')] },
  postgres: { answers: [text('S')] },
  mysql: { greeting: Buffer.concat([Buffer.from([mysqlBody.length, 0, 0, 0]), mysqlBody]), answers: [] },
};

export interface StartTlsServerOptions extends TlsOptions {
  /** Goes out with the go-ahead, in clear: what an attacker on the way would add. */
  readonly injected?: string;
}

/** A server on 127.0.0.1 that speaks a protocol in clear and turns to TLS when it is asked for it. */
export async function startStartTlsServer(
  protocol: StartTlsProtocol,
  { injected = '', ...options }: StartTlsServerOptions,
): Promise<TestServer & { readonly clientSaid: () => readonly string[] }> {
  const inner = await startTlsServer(options);
  const said: string[] = [];
  const { greeting, answers } = startTlsScripts[protocol];
  const extra = text(injected);
  const outer = await startTcpServer((socket) => {
    let turn = 0;
    const answer = (chunk: Buffer) => {
      said.push(chunk.toString('latin1'));
      const words = answers[turn];
      turn += 1;
      if (words !== undefined) socket.write(turn === answers.length ? Buffer.concat([words, extra]) : words);
      if (turn < answers.length) return;
      socket.removeListener('data', answer);
      // A client of MySQL announces TLS in a packet of 36 bytes; its ClientHello may come in the same segment.
      relay(socket, inner.target.port, protocol === 'mysql' ? chunk.subarray(36) : undefined);
      if (protocol !== 'mysql') socket.on('data', (later: Buffer) => said.push(later.toString('latin1')));
    };
    socket.on('data', answer);
    if (greeting !== undefined) socket.write(answers.length === 0 ? Buffer.concat([greeting, extra]) : greeting);
  });
  return {
    target: { ...outer.target, starttls: protocol },
    peakConnections: outer.peakConnections,
    clientSaid: () => said,
    async [Symbol.asyncDispose]() {
      await outer[Symbol.asyncDispose]();
      await inner[Symbol.asyncDispose]();
    },
  };
}

/** Joins a connection to a local port, both ways. */
export function relay(socket: Socket, port: number, first?: Uint8Array): void {
  const inner = connect(port, '127.0.0.1');
  for (const end of [socket, inner]) end.on('error', () => end.destroy());
  if (first !== undefined) inner.write(first);
  socket.pipe(inner).pipe(socket);
}
