import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { startTcpServer, type TestServer } from '../../../../providers/src/discovery/tls/testing/servers.ts';
import { startTlsScripts } from '../../../../providers/src/discovery/tls/testing/starttls-servers.ts';
import { openWorkplace } from '../../test/run-qv.ts';

// INV-7, attack 20, as a person meets it: `qv scan tls` on servers that mean harm ends in its time, says of each what it
// met, and lets none of them write to the terminal.

const endless = (bytes: Buffer) => (socket: Socket) => {
  const pump = () => {
    while (socket.writable && socket.write(bytes));
  };
  socket.on('drain', pump);
  pump();
};
const drip = (bytes: Buffer) => (socket: Socket) => {
  let sent = 0;
  const timer = setInterval(() => socket.write(bytes.subarray(sent, ++sent)), 60);
  socket.on('close', () => clearInterval(timer));
};
const inject = (socket: Socket) => {
  const { greeting, answers } = startTlsScripts.smtp;
  let turn = 0;
  socket.write(greeting ?? Buffer.alloc(0));
  socket.on('data', () => {
    const answer = answers[turn] ?? Buffer.alloc(0);
    turn += 1;
    socket.write(turn === answers.length ? Buffer.concat([answer, Buffer.from('250 believe me\r\n')]) : answer);
  });
};

/** What a server does, what the line below its name says, and the finding that names it. */
const servers: readonly (readonly [scheme: string, (socket: Socket) => void, shown: string, finding: string | null])[] =
  [
    ['', () => {}, 'no TLS (timeout)', null],
    ['', drip(Buffer.from('16030340ff'.padEnd(800, '00'), 'hex')), 'no TLS (timeout)', null],
    ['', (socket) => socket.resetAndDestroy(), 'no TLS (reset)', null],
    ['', (socket) => void socket.write(Buffer.from('15030300020228', 'hex')), 'no TLS (alert)', null],
    ['', endless(Buffer.alloc(16_384, 0x41)), 'answers, but not with TLS', 'not-tls'],
    ['', (socket) => void socket.write('SSH-2.0-\u001b[2J\u001b]0;owned\u0007\r\n'), 'not with TLS', 'not-tls'],
    ['', (socket) => void socket.write(Buffer.from('16030300040bffffff', 'hex')), 'not with TLS', 'not-tls'],
    ['smtp://', () => {}, 'no TLS (timeout)', null],
    ['smtp://', inject, 'not with TLS', 'starttls-injection'],
    ['postgres://', (socket) => void socket.once('data', () => socket.write('N')), 'not', 'starttls-not-offered'],
    ['imap://', endless(Buffer.from('* OK more\r\n'.repeat(300))), 'not with TLS', 'starttls-wrong-protocol'],
  ];

async function startAll(stack: AsyncDisposableStack): Promise<readonly TestServer[]> {
  const started: TestServer[] = [];
  for (const [, onConnection] of servers) started.push(stack.use(await startTcpServer(onConnection)));
  return started;
}

it('INV-7, attack 20: hostile servers are named one by one, within their time', async () => {
  await using stack = new AsyncDisposableStack();
  const started = await startAll(stack);
  await using workplace = await openWorkplace();
  const targets = started.map(({ target: { port } }, at) => `${servers[at]?.[0]}127.0.0.1:${port}`);
  const { exitCode, out, err } = await workplace.qv(`scan tls ${targets.join(' ')} --timeout 3`);
  expect(exitCode).toBe(0);
  expect(err).toBe('');
  expect(out).not.toContain('\u001b');
  expect(out).not.toContain('\u0007');
  const blocks = out.split('\n\n');
  expect(blocks).toHaveLength(servers.length);
  for (const [at, [, , shown]] of servers.entries()) {
    expect(blocks[at]).toContain(targets[at]);
    expect(blocks[at]).toContain(shown);
  }
});

it('INV-7, attack 20: and so for programs', async () => {
  await using stack = new AsyncDisposableStack();
  const started = await startAll(stack);
  await using workplace = await openWorkplace();
  const targets = started.map(({ target: { port } }, at) => `${servers[at]?.[0]}127.0.0.1:${port}`);
  const { out } = await workplace.qv(`scan tls ${targets.join(' ')} --timeout 3 --json`);
  const results: { findings: { id: string; remedy: string }[]; error: string | null; reachable: boolean }[] =
    JSON.parse(out);
  expect(results).toHaveLength(servers.length);
  for (const [at, [, , shown, finding]] of servers.entries()) {
    const cause = /\((\w+)\)/.exec(shown)?.[1] ?? null;
    expect(results[at]).toMatchObject({ reachable: true, error: cause, versions: [], chain: [] });
    expect(results[at]?.findings.map(({ id }) => id)).toEqual(finding === null ? [] : [finding]);
  }
});
