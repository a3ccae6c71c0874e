import { describe, expect, it } from 'vitest';
import { scanTls } from './scan-tls.ts';
import { helloRetry } from './testing/flights.ts';
import { makeCertificate } from './testing/make-certificate.ts';
import { localGuard, scanOne, startTcpServer, startTlsServer, testNow } from './testing/servers.ts';

const quick = { connectionTimeoutMs: 300, targetTimeoutMs: 2_000 };
// Where an answer must come before the time, also on a machine that is busy with other things.
const patient = { connectionTimeoutMs: 5_000, targetTimeoutMs: 20_000 };

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const start = performance.now();
  const value = await work();
  return { value, ms: performance.now() - start };
}

describe('INV-7: hostile servers are named as what they are, in bounded time', () => {
  it('a closed port is refused, not "no TLS"', async () => {
    const server = await startTcpServer(() => {});
    await server[Symbol.asyncDispose]();
    const result = await scanOne(server.target, quick);
    expect(result).toMatchObject({ reachable: false, error: 'refused', versions: [], findings: [] });
  });

  it('a silent server is a timeout', async () => {
    await using server = await startTcpServer(() => {});
    const { value, ms } = await timed(() => scanOne(server.target, quick));
    expect(value).toMatchObject({ reachable: true, error: 'timeout', versions: [] });
    expect(ms).toBeLessThan(1_500);
  });

  it('a server that resets is a reset', async () => {
    await using server = await startTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await scanOne(server.target, patient)).toMatchObject({ reachable: true, error: 'reset', versions: [] });
  });

  it('a server that closes without a word counts as reset too', async () => {
    await using server = await startTcpServer((socket) => socket.once('data', () => socket.end()));
    expect(await scanOne(server.target, patient)).toMatchObject({ reachable: true, error: 'reset' });
  });

  it('a server that answers everything with an alert is an alert', async () => {
    await using server = await startTcpServer((socket) =>
      socket.once('data', () => socket.end(Buffer.from('15030100020246', 'hex'))),
    );
    const result = await scanOne(server.target, patient);
    expect(result).toMatchObject({ reachable: true, error: 'alert', versions: [] });
  });

  it('an unknown name is dns', async () => {
    const result = await scanOne(
      { host: 'nowhere.invalid', port: 443 },
      { ...quick, resolve: () => Promise.reject(new Error('ENOTFOUND')) },
    );
    expect(result).toMatchObject({ reachable: false, error: 'dns', versions: [] });
  });

  it('a resolver that never answers ends with the target’s time', async () => {
    const { value, ms } = await timed(() =>
      scanOne({ host: 'slow.test', port: 443 }, { targetTimeoutMs: 200, resolve: () => new Promise(() => {}) }),
    );
    expect(value.error).toBe('dns');
    expect(ms).toBeLessThan(1_000);
  });

  it('a slow drip gets no more time by dripping', async () => {
    await using server = await startTcpServer((socket) => {
      const flight = Buffer.from('160303ffff', 'hex');
      let sent = 0;
      const timer = setInterval(
        () => socket.write(sent < flight.length ? flight.subarray(sent, ++sent) : Buffer.alloc(1)),
        50,
      );
      socket.on('close', () => clearInterval(timer));
    });
    const { value, ms } = await timed(() => scanOne(server.target, quick));
    expect(value.versions).toEqual([]);
    expect(ms).toBeLessThan(2_500);
  });

  it('garbage and other protocols are reported as not TLS', async () => {
    for (const answer of ['HTTP/1.1 400 Bad Request\r\n\r\n', 'SSH-2.0-OpenSSH_9.9\r\n', '\0'.repeat(1000)]) {
      await using server = await startTcpServer((socket) => socket.write(answer));
      const result = await scanOne(server.target, patient);
      expect(result).toMatchObject({ reachable: true, error: null, versions: [] });
      expect(result.findings.map(({ id }) => id)).toEqual(['not-tls']);
    }
  });

  it('an endless answer is cut off by bytes, not by memory', async () => {
    let sentBytes = 0;
    await using server = await startTcpServer((socket) => {
      // Valid records of an unknown handshake message that never ends.
      const record = Buffer.concat([
        Buffer.from('1603034000', 'hex'),
        Buffer.from('63000001aa'.repeat(3277), 'hex').subarray(0, 16_384),
      ]);
      const pump = () => {
        while (socket.writable && socket.write(record)) sentBytes += record.length;
      };
      socket.on('drain', pump);
      pump();
    });
    const before = process.memoryUsage().rss;
    const { value, ms } = await timed(() => scanOne(server.target, patient));
    expect(value.versions).toEqual([]);
    expect(value.findings.map(({ id }) => id)).toEqual(['not-tls']);
    expect(ms).toBeLessThan(patient.connectionTimeoutMs);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    expect(sentBytes).toBeLessThan(64 * 1024 * 1024);
  });

  it('lying lengths are malformed, whatever they claim', async () => {
    // A ServerHello that claims 16 MB, and one whose session id reaches beyond the message.
    for (const answer of ['160303000402ffffff', `1603030030 0200002c 0303 ${'aa'.repeat(32)} ff ${'00'.repeat(9)}`]) {
      await using server = await startTcpServer((socket) =>
        socket.write(Buffer.from(answer.replaceAll(' ', ''), 'hex')),
      );
      const result = await scanOne(server.target, patient);
      expect(result.versions).toEqual([]);
      expect(result.findings.map(({ id }) => id)).toEqual(['not-tls']);
    }
  });

  it('a server that names the same group for ever is asked once more at most', async () => {
    let connections = 0;
    await using server = await startTcpServer((socket) => {
      connections += 1;
      socket.once('data', () => socket.write(helloRetry(0x001d)));
    });
    const result = await scanOne(server.target, quick);
    expect(result.groups).toEqual(['x25519']);
    expect(connections).toBeLessThan(16);
  });

  it('a certificate too large for the limits is a limit, and the rest of the answer stays', async () => {
    const huge = makeCertificate({ keyType: 'ec-p256', commonName: 'huge.test', paddingBytes: 200_000 });
    await using server = await startTlsServer({ key: huge.keyPem, cert: huge.certPem, maxVersion: 'TLSv1.2' });
    const result = await scanOne(server.target, { connectionTimeoutMs: 2_000 });
    expect(result.chain).toEqual([]);
    expect(result.unresolved.some(({ cause }) => cause === 'limit')).toBe(true);
  });

  it('a cancelled scan ends at once and says which targets were cancelled', async () => {
    await using server = await startTcpServer(() => {});
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const { value, ms } = await timed(() =>
      scanTls([server.target, server.target], {
        guard: localGuard,
        now: testNow,
        targetsMax: 1,
        signal: controller.signal,
      }),
    );
    expect(value.map(({ kind }) => kind)).toEqual(['cancelled', 'cancelled']);
    expect(ms).toBeLessThan(1_000);
  });
});
