import type { Socket } from 'node:net';
import { type StartTlsProtocol, startTlsProtocols } from '@quantumvault/inventory';
import { describe, expect, it } from 'vitest';
import { scanOne, startTcpServer } from './testing/servers.ts';

// INV-7, attack 20: servers that use the dialogue before TLS to keep a scanner or to fill it.

const bounds = { connectionTimeoutMs: 300, targetTimeoutMs: 1_500 };
// Where a limit must come before the time, also on a machine that is busy with other things.
const patient = { connectionTimeoutMs: 5_000, targetTimeoutMs: 20_000 };

async function scanHostile(starttls: StartTlsProtocol, onConnection: (socket: Socket) => void, time = bounds) {
  let connections = 0;
  await using server = await startTcpServer((socket) => {
    connections += 1;
    onConnection(socket);
  });
  const rssBefore = process.memoryUsage().rss;
  const result = await scanOne({ ...server.target, starttls }, time);
  expect(process.memoryUsage().rss - rssBefore).toBeLessThan(100 * 1024 * 1024);
  // One question, its repetition, and what is asked in another way when a server closes or resets.
  expect(connections).toBeLessThan(9);
  expect(result).toMatchObject({ reachable: true, versions: [], chain: [] });
  return { result, ids: result.findings.map(({ id }) => id) };
}

/** Writes as fast as the scanner reads. */
const endless = (bytes: Buffer) => (socket: Socket) => {
  const pump = () => {
    while (socket.writable && socket.write(bytes));
  };
  socket.on('drain', pump);
  pump();
};

describe('INV-7, attack 20: hostile dialogues before TLS', () => {
  it.each(startTlsProtocols)('%s: a server that never speaks is a timeout', async (protocol) => {
    const { result } = await scanHostile(protocol, () => {});
    expect(result.error).toBe('timeout');
  });

  it.each<readonly [string, StartTlsProtocol, string]>([
    ['lines of a greeting', 'smtp', '220-hello\r\n'.repeat(300)],
    ['one line', 'smtp', '220 x'.padEnd(4_096, 'x')],
    ['untagged responses', 'imap', '* OK more\r\n'.repeat(300)],
    ['one line', 'pop3', '+OK '.padEnd(4_096, 'x')],
  ])('%s without end in %s are cut off, and named', async (_what, protocol, text) => {
    const { result, ids } = await scanHostile(protocol, endless(Buffer.from(text)), patient);
    expect(result.error).toBeNull();
    expect(ids).toEqual(['starttls-wrong-protocol']);
  });

  it.each<readonly [string, StartTlsProtocol, Buffer]>([
    ['an LDAP message of 4 GB', 'ldap', Buffer.from('3084ffffffff', 'hex')],
    ['a PostgreSQL error of 2 GB', 'postgres', Buffer.from('457fffffff', 'hex')],
    ['a MySQL packet of 16 MB', 'mysql', Buffer.from('ffffff000a', 'hex')],
    ['a greeting of zeros', 'mysql', Buffer.alloc(4_096)],
    ['binary data', 'smtp', Buffer.alloc(4_096)],
    ['random noise', 'imap', Buffer.from('8f1c00d3a7'.repeat(400), 'hex')],
  ])('%s is named at once, whatever it announces', async (_what, protocol, bytes) => {
    const { ids } = await scanHostile(protocol, (socket) => void socket.write(bytes), patient);
    expect(ids).toEqual(['starttls-wrong-protocol']);
  });

  it('a banner that drips gets no more time by dripping', async () => {
    const { result } = await scanHostile('smtp', (socket) => {
      const timer = setInterval(() => socket.write('2'), 40);
      socket.on('close', () => clearInterval(timer));
    });
    expect(result.error).toBe('timeout');
  });

  it('a go-ahead that is followed by a reset is a reset', async () => {
    const { result } = await scanHostile('postgres', (socket) => {
      socket.once('data', () => socket.write('S', () => socket.resetAndDestroy()));
    });
    expect(result.error).toBe('reset');
  });

  it('a greeting, then a close of one side only, is a reset', async () => {
    const { result } = await scanHostile('smtp', (socket) => void socket.end('220 a\r\n'));
    expect(result.error).toBe('reset');
  });
});
