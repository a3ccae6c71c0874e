import { parseCidrList, parseScanTarget } from '@quantumvault/inventory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TlsScanOptions } from './scan-options.ts';
import { scanTls } from './scan-tls.ts';
import { localGuard, startTcpServer, type TestServer, testNow } from './testing/servers.ts';

// Attack 17 on scans: every way of naming an address that a scan must not touch. A listener stands inside, on
// 127.0.0.1, and counts: a refused target gets no connection at all.
describe('INV-7, attack 17: a scan is no way into a network', () => {
  let inside: TestServer;
  let connections = 0;
  beforeEach(async () => {
    connections = 0;
    inside = await startTcpServer((socket) => {
      connections += 1;
      socket.destroy();
    });
  });
  afterEach(async () => {
    await inside[Symbol.asyncDispose]();
  });

  const publicOnly = { mode: 'server', allow: [] } as const;
  const everythingAllowed = { mode: 'server', allow: parseCidrList('0.0.0.0/0,::/0') } as const;

  const refusalOf = async (text: string, options: Partial<TlsScanOptions> = {}) => {
    const target = { ...parseScanTarget(text), port: inside.target.port };
    const [outcome] = await scanTls([target], {
      guard: publicOnly,
      now: testNow,
      connectionTimeoutMs: 300,
      targetTimeoutMs: 1_000,
      ...options,
    });
    if (outcome?.kind === 'refused') return outcome.refusal.code;
    // Spellings that this machine's resolver does not know lead nowhere, which is as safe.
    return outcome?.kind === 'scanned' && outcome.result.error === 'dns' ? 'dns' : `scanned: ${outcome?.kind}`;
  };

  const metadataSpellings = [
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0xA9.0xFE.0xA9.0xFE',
    '0251.0376.0251.0376',
    '025177524776',
    '169.254.43518',
    '169.16689662',
    '0xa9.254.0251.254',
    '169.254.169.254.',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[0:0:0:0:0:ffff:a9fe:a9fe]',
    '[::169.254.169.254]',
    '[::ffff:0:a9fe:a9fe]',
    '[64:ff9b::a9fe:a9fe]',
    '[64:ff9b:1::169.254.169.254]',
    '[2002:a9fe:a9fe::1]',
    '[2001:0:1:2:3:4:5601:5601]',
    '[fe80::5efe:a9fe:a9fe]',
    '[fd00:ec2::254]',
    '169.254.170.2',
    '100.100.100.200',
    '168.63.129.16',
    'metadata.google.internal',
    'METADATA.GOOGLE.INTERNAL.',
  ];

  it.each(metadataSpellings)(
    '%s is refused in every mode, by every protocol, whatever is allowed',
    async (spelling) => {
      for (const guard of [publicOnly, everythingAllowed, localGuard]) {
        for (const scheme of ['', 'smtp://', 'postgres://']) {
          expect(await refusalOf(`${scheme}${spelling}`, { guard })).toMatch(/^(metadata-address|dns)$/);
        }
      }
      expect(connections).toBe(0);
    },
  );

  it.each([
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '127.0.1',
    'localhost',
    'localhost.',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '0.0.0.0',
    '0',
    '[::]',
    '10.0.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '[fe80::1]',
    '[fd00::1]',
  ])('%s is not public: a server refuses it', async (spelling) => {
    expect(await refusalOf(spelling)).toMatch(/^(not-public|invalid-address|dns)$/);
    expect(connections).toBe(0);
  });

  it.each<readonly [string, readonly string[], string]>([
    ['a metadata address', ['169.254.169.254'], 'metadata-address'],
    ['a metadata address in disguise', ['64:ff9b::a9fe:a9fe'], 'metadata-address'],
    ['a private address', ['10.1.2.3'], 'not-public'],
    ['this machine', ['127.0.0.1'], 'not-public'],
    ['a good address and a bad one', ['1.1.1.1', '127.0.0.1'], 'not-public'],
    ['a bad address and a good one', ['127.0.0.1', '1.1.1.1'], 'not-public'],
    [
      'eight good addresses and a bad one behind them',
      [...new Array<string>(8).fill('1.1.1.1'), '10.0.0.1'],
      'not-public',
    ],
    ['text that is no address', ['127.1'], 'invalid-address'],
    ['an address with a zone', ['fe80::1%lo'], 'invalid-address'],
    ['another name', ['localhost'], 'invalid-address'],
  ])('a name that resolves to %s is refused', async (_what, addresses, code) => {
    expect(await refusalOf('name.test', { resolve: async () => addresses })).toBe(code);
    expect(connections).toBe(0);
  });

  it('a name that answers differently each time is resolved once, and each connection goes to what was checked', async () => {
    let checked = 0;
    let answers = 0;
    await using decoy = await startTcpServer(
      (socket) => {
        checked += 1;
        socket.once('data', () => socket.end(Buffer.from('15030100020246', 'hex')));
      },
      { address: '127.0.0.2', port: inside.target.port },
    );
    const resolve = async () => {
      answers += 1;
      return [answers === 1 ? '127.0.0.2' : '127.0.0.1'];
    };
    const guard = { mode: 'server', allow: parseCidrList('127.0.0.2/32') } as const;
    for (const starttls of [undefined, 'postgres'] as const) {
      answers = 0;
      const target = { host: 'rebind.test', port: decoy.target.port, ...(starttls === undefined ? {} : { starttls }) };
      await scanTls([target], { guard, now: testNow, resolve, connectionTimeoutMs: 500 });
      expect(answers).toBe(1);
    }
    // Versions and suites are asked over several connections: none of them may resolve again.
    expect(checked).toBeGreaterThan(2);
    expect(connections).toBe(0);
  });

  it('an allow list opens its own networks, by the address and not by the name, and nothing beside them', async () => {
    const guard = { mode: 'server', allow: parseCidrList('127.0.0.1/32') } as const;
    expect(await refusalOf('127.0.0.1', { guard })).toBe('scanned: scanned');
    expect(connections).toBeGreaterThan(0);
    connections = 0;
    expect(await refusalOf('127.0.0.2', { guard })).toBe('not-public');
    expect(await refusalOf('10.0.0.1', { guard })).toBe('not-public');
    expect(await refusalOf('[::1]', { guard })).toBe('not-public');
    expect(await refusalOf('[64:ff9b::7f00:1]', { guard })).toBe('not-public');
    expect(await refusalOf('mixed.test', { guard, resolve: async () => ['127.0.0.1', '127.0.0.3'] })).toBe(
      'not-public',
    );
    expect(connections).toBe(0);
  });
});
