import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  alert,
  certificates,
  ecdheParameters,
  handshake,
  helloDone,
  helloRetry,
  hex,
  record,
  records,
  serverHello,
  vector24,
} from './testing/flights.ts';
import { scanOne, startTcpServer } from './testing/servers.ts';

// INV-7, attack 20: servers that speak TLS in order to hurt. Each scan ends within its target's time, opens few
// connections, keeps little, and says what it met.

// What a server has sent must be read in this time, also on a machine that is busy with other things.
const bounds = { connectionTimeoutMs: 1_000, targetTimeoutMs: 8_000 };
/** Scans a server that answers each ClientHello as told, and measures what that cost. */
async function scanHostile(onHello: (socket: Socket) => void) {
  let connections = 0;
  await using server = await startTcpServer((socket) => {
    connections += 1;
    socket.once('data', () => onHello(socket));
  });
  const rssBefore = process.memoryUsage().rss;
  const result = await scanOne(server.target, bounds);
  const grownBytes = process.memoryUsage().rss - rssBefore;
  expect(grownBytes).toBeLessThan(150 * 1024 * 1024);
  expect(connections).toBeLessThan(120);
  return { result, ids: result.findings.map(({ id }) => id) };
}

const always = (bytes: Buffer) => (socket: Socket) => void socket.write(bytes);

describe('INV-7, attack 20: hostile TLS', () => {
  it('warning alerts without end are cut off', async () => {
    const { result, ids } = await scanHostile((socket) => {
      const many = Buffer.concat(new Array<Buffer>(500).fill(alert(1, 112)));
      const pump = () => {
        while (socket.writable && socket.write(many));
      };
      socket.on('drain', pump);
      pump();
    });
    expect(result.versions).toEqual([]);
    expect(ids).toEqual(['not-tls']);
    expect(result.unresolved.every(({ cause }) => cause === 'limit')).toBe(true);
  });

  it.each<readonly [string, Buffer]>([
    ['a record longer than TLS allows', hex('16 0303 ffff 02')],
    ['a record of no bytes', hex('16 0303 0000')],
    ['a handshake message of 16 MB', record(22, hex('02 ffffff'))],
    ['a session id beyond the message', record(22, handshake(2, hex(`0303 ${'00'.repeat(32)} ff`)))],
    ['an extension block beyond the message', record(22, handshake(2, hex(`0303 ${'00'.repeat(32)} 00 c02f 00 ffff`)))],
    ['an extension beyond its block', record(22, serverHello('002b ffff 0304'))],
    ['a version list with bytes behind it', record(22, serverHello('002b 0003 030400'))],
    ['a key share beyond its extension', record(22, serverHello('002b 0002 0304 0033 0006 001d ffff aabb'))],
    ['an extension that appears twice', record(22, serverHello('ff01 0001 00 ff01 0001 00'))],
    [
      'bytes behind the end of a ServerHello',
      record(22, handshake(2, hex(`0303 ${'00'.repeat(32)} 00 c02f 00 0000 aa`))),
    ],
    ['an alert of one byte', record(21, hex('02'))],
    ['an alert of a level that does not exist', alert(9, 40)],
    ['a record type that does not exist', hex('19 0303 0001 00')],
    ['a record version that does not exist', hex('16 0a0a 0001 00')],
  ])('%s is malformed and nothing else', async (_what, bytes) => {
    const { result, ids } = await scanHostile(always(bytes));
    expect(result).toMatchObject({ reachable: true, error: null, versions: [], chain: [] });
    expect(ids).toEqual(['not-tls']);
  });

  it.each<readonly [string, Buffer, string]>([
    [
      'a certificate list beyond its message',
      Buffer.concat([serverHello(), handshake(11, hex('ffffff aa'))]),
      'malformed|limit',
    ],
    [
      'a certificate beyond its list',
      Buffer.concat([serverHello(), handshake(11, vector24(hex('00ffff aa')))]),
      'malformed|limit',
    ],
    [
      'a chain of 1,000 certificates',
      Buffer.concat([serverHello(), certificates(...new Array<Buffer>(1_000).fill(hex('3003020101')))]),
      'malformed|limit',
    ],
    [
      'a certificate of 130 KB',
      Buffer.concat([serverHello(), certificates(Buffer.alloc(131_000, 0x30))]),
      'malformed|limit',
    ],
    [
      'a point beyond its key exchange',
      Buffer.concat([serverHello(), certificates(), handshake(12, hex('03 001d ff aa'))]),
      'malformed',
    ],
  ])('%s: the hello before it counts, the rest is open', async (_what, flight, cause) => {
    const { result, ids } = await scanHostile(always(records(flight)));
    expect(result.chain).toEqual([]);
    expect(result.unresolved.some((entry) => new RegExp(cause).test(entry.cause))).toBe(true);
    expect(ids.some((id) => id === 'scan-incomplete' || id === 'not-tls')).toBe(true);
  });

  it.each<readonly [string, Buffer]>([
    ['30,000 nested sequences', nested(30_000)],
    ['an inner length that lies', hex('300a 3008 a003 8401 0302 01')],
    ['a length of five bytes', hex('3085 0000000001 00')],
    ['an indefinite length', hex('3080 0000')],
    ['64 KB of zeros', Buffer.alloc(65_536)],
  ])('a certificate of %s is named as unreadable', async (_what, der) => {
    const flight = Buffer.concat([serverHello(), certificates(der), ecdheParameters(0x001d), helloDone]);
    const { result, ids } = await scanHostile(always(records(flight)));
    expect(result.versions).toEqual(['TLSv1.2']);
    expect(result.chain).toEqual([]);
    expect(result.unresolved).toContainEqual(expect.objectContaining({ probe: 'certificate-0', cause: 'malformed' }));
    expect(ids).toContain('scan-incomplete');
  });

  it('half a ServerHello, then a close of one side only, is a reset', async () => {
    const { result } = await scanHostile((socket) => socket.end(record(22, serverHello()).subarray(0, 20)));
    expect(result).toMatchObject({ reachable: true, error: 'reset', versions: [] });
  });

  it('half a ServerHello, then a reset, is a reset', async () => {
    const { result } = await scanHostile((socket) => {
      socket.write(record(22, serverHello()).subarray(0, 20), () => socket.resetAndDestroy());
    });
    expect(result).toMatchObject({ reachable: true, error: 'reset', versions: [] });
  });

  it('half a ServerHello, then silence, is a timeout', async () => {
    const { result } = await scanHostile(always(record(22, serverHello()).subarray(0, 20)));
    expect(result).toMatchObject({ reachable: true, error: 'timeout', versions: [] });
  });

  it('groups that were not offered are never listed, and the questions end', async () => {
    let group = 0x4000;
    const { result } = await scanHostile((socket) => {
      group += 1;
      socket.write(helloRetry(group));
    });
    expect(result.groups).toEqual([]);
    expect(result.provenGroup).toBeNull();
  });

  it('a HelloRetryRequest for every hello, the second one of a connection included, ends', async () => {
    let connections = 0;
    await using server = await startTcpServer((socket) => {
      connections += 1;
      socket.on('data', () => socket.write(helloRetry(0x001d)));
    });
    const result = await scanOne(server.target, bounds);
    expect(result.groups.filter((name) => name !== 'x25519')).toEqual([]);
    expect(result.provenGroup).toBeNull();
    expect(connections).toBeLessThan(120);
  });

  it('a suite that was not offered, in answer to everything, ends too and claims no weak family', async () => {
    const flight = Buffer.concat([serverHello('', 0x1337), certificates(), helloDone]);
    const { ids } = await scanHostile(always(records(flight)));
    expect(ids.filter((id) => id.startsWith('tls-suite'))).toEqual([]);
  });

  it('what follows a fatal alert does not count', async () => {
    const { result } = await scanHostile(
      always(
        Buffer.concat([
          alert(2, 40),
          records(Buffer.concat([serverHello(), certificates(), ecdheParameters(0x001d), helloDone])),
        ]),
      ),
    );
    expect(result).toMatchObject({ reachable: true, error: 'alert', versions: [] });
  });
});

/** Sequences inside sequences, each with a length of three bytes. */
function nested(depth: number): Buffer {
  const bytes = Buffer.alloc(depth * 4);
  for (let level = 0; level < depth; level++) {
    const length = Math.min((depth - level - 1) * 4, 0xffff);
    Buffer.from([0x30, 0x82, length >> 8, length & 0xff]).copy(bytes, level * 4);
  }
  return bytes;
}
