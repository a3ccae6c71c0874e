import { startTlsProtocols } from '@quantumvault/inventory';
import { describe, expect, it } from 'vitest';
import { makeCertificate } from './testing/make-certificate.ts';
import { scanOne, startTcpServer, startTlsServer } from './testing/servers.ts';
import { relay, startStartTlsServer, startTlsScripts } from './testing/starttls-servers.ts';

const ec = makeCertificate({ keyType: 'ec-p256', commonName: 'starttls.test' });
const identity = { key: ec.keyPem, cert: ec.certPem };
const quick = { connectionTimeoutMs: 500, targetTimeoutMs: 3_000 };

describe('INV-3: TLS behind a dialogue in clear', () => {
  it.each(startTlsProtocols)('%s: the same facts as behind a port of its own', async (protocol) => {
    await using plain = await startTlsServer(identity);
    await using server = await startStartTlsServer(protocol, identity);
    const [expected, result] = [await scanOne(plain.target), await scanOne(server.target)];
    expect(result.versions).toEqual(['TLSv1.2', 'TLSv1.3']);
    expect(result.provenGroup).toBe('X25519MLKEM768');
    expect(result.unresolved).toEqual([]);
    for (const fact of ['versions', 'suites', 'groups', 'preference', 'chain', 'provenGroup', 'error'] as const) {
      expect(result[fact]).toEqual(expected[fact]);
    }
    expect(result.findings.map(({ id }) => id)).toEqual(expected.findings.map(({ id }) => id));
  });

  it.each(startTlsProtocols)(
    '%s: what is injected behind the go-ahead is a finding and never becomes TLS',
    async (protocol) => {
      await using server = await startStartTlsServer(protocol, { ...identity, injected: '250 injected\r\n' });
      const result = await scanOne(server.target, quick);
      expect(result).toMatchObject({ reachable: true, error: null, versions: [], chain: [] });
      expect(result.findings).toMatchObject([
        { id: 'starttls-injection', evidence: expect.stringContaining('14 bytes') },
      ]);
      // No ClientHello (a record that begins with 16 03) left for a server that had already broken the rules.
      expect(server.clientSaid().some((bytes) => bytes.startsWith('\x16\x03'))).toBe(false);
    },
  );

  it.each([
    ['smtp', '220 a ESMTP\r\n', ['250-a\r\n250 SIZE\r\n']],
    ['imap', '* OK\r\n', ['* CAPABILITY IMAP4rev1\r\na1 OK\r\n']],
    ['pop3', '+OK\r\n', ['-ERR\r\n']],
    ['ldap', '', [Buffer.from('300c02010178070a010204000400', 'hex').toString('latin1')]],
    ['postgres', '', ['N']],
    ['mysql', `\x1f\0\0\0\x0a8\0AAAAAAAAAAAAA\0\x02${'\0'.repeat(13)}`, []],
  ] as const)(
    '%s without TLS says so: reachable, no version, one finding, one connection',
    async (starttls, greeting, answers) => {
      let connections = 0;
      await using server = await startTcpServer((socket) => {
        connections += 1;
        let turn = 0;
        socket.on('data', () => socket.write(answers[turn++] ?? '', 'latin1'));
        socket.write(greeting, 'latin1');
      });
      const result = await scanOne({ ...server.target, starttls }, quick);
      expect(result).toMatchObject({ reachable: true, error: null, versions: [], unresolved: [] });
      expect(result.findings).toMatchObject([{ id: 'starttls-not-offered', severity: 'high' }]);
      expect(connections).toBe(1);
    },
  );

  it('a server that turns us away leaves the question open', async () => {
    await using server = await startTcpServer((socket) => socket.end('554 go away\r\n'));
    const result = await scanOne({ ...server.target, starttls: 'smtp' }, quick);
    expect(result).toMatchObject({ reachable: true, error: null, unresolved: [{ cause: 'unavailable' }] });
    expect(result.findings).toMatchObject([{ id: 'starttls-unavailable', evidence: 'SMTP reply 554' }]);
  });

  it('a server that turns away some connections of many keeps what the others showed', async () => {
    await using honest = await startStartTlsServer('smtp', identity);
    let connections = 0;
    await using server = await startTcpServer((socket) => {
      connections += 1;
      const isRefused = connections > 3;
      if (isRefused) socket.end('421 too many connections\r\n');
      else relay(socket, honest.target.port);
    });
    const result = await scanOne({ ...server.target, starttls: 'smtp' }, { connectionTimeoutMs: 2_000 });
    const ids = result.findings.map(({ id }) => id);
    expect(result.versions).not.toEqual([]);
    expect(result.unresolved.some(({ cause }) => cause === 'unavailable')).toBe(true);
    expect(ids).toContain('scan-incomplete');
    expect(ids).not.toContain('starttls-unavailable');
  });

  it('an error in clear for an answer to the ClientHello is a refusal, not another protocol', async () => {
    await using server = await startTcpServer((socket) => {
      let turn = 0;
      socket.on('data', () => socket.write(turn++ === 0 ? 'S' : Buffer.from('160000ffff13042342616400', 'hex')));
    });
    const result = await scanOne({ ...server.target, starttls: 'postgres' }, quick);
    expect(result).toMatchObject({ reachable: true, error: 'reset', versions: [], findings: [] });
    expect(result.unresolved[0]).toMatchObject({ cause: 'reset', detail: 'answered the ClientHello in clear' });
  });

  it('a port that speaks TLS at once is named, whatever protocol was expected', async () => {
    const alert = Buffer.from('15030100020246', 'hex');
    await using server = await startTcpServer((socket) => socket.once('data', () => socket.end(alert)));
    for (const starttls of ['ldap', 'postgres'] as const) {
      const result = await scanOne({ ...server.target, starttls }, quick);
      expect(result).toMatchObject({ reachable: true, versions: [] });
      expect(result.findings).toMatchObject([
        { id: 'starttls-wrong-protocol', evidence: 'it speaks TLS from its first byte' },
      ]);
    }
    // In a protocol where the server speaks first both wait for the other.
    expect(await scanOne({ ...server.target, starttls: 'imap' }, quick)).toMatchObject({ error: 'timeout' });
  });

  it.each(startTlsProtocols)('%s: a server that closes in the dialogue is a reset', async (starttls) => {
    const { greeting } = startTlsScripts[starttls];
    await using server = await startTcpServer((socket) => socket.end(greeting?.subarray(0, 2) ?? ''));
    const result = await scanOne({ ...server.target, starttls }, quick);
    expect(result).toMatchObject({ reachable: true, error: 'reset', versions: [] });
  });
});
