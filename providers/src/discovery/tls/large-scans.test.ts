import { connect } from 'node:net';
import type { ScanTarget } from '@quantumvault/inventory';
import { describe, expect, it } from 'vitest';
import { type TlsScanOutcome, tlsScanDefaults } from './scan-options.ts';
import { scanTls } from './scan-tls.ts';
import { makeCertificate } from './testing/make-certificate.ts';
import { localGuard, scanOne, startTcpServer, startTlsServer, testNow } from './testing/servers.ts';

const ec = makeCertificate({ keyType: 'ec-p256', commonName: 'scan.test' });
const identity = { key: ec.keyPem, cert: ec.certPem };
const options = { guard: localGuard, now: testNow, profile: 'quick' } as const;

describe('INV-3: scans of many targets', () => {
  it('targets are drawn as places become free, and no outcome is kept that was not asked for', async () => {
    await using server = await startTlsServer(identity);
    const count = 30;
    const targetsMax = 3;
    let drawn = 0;
    let ended = 0;
    let inProgressMax = 0;
    async function* targets(): AsyncGenerator<ScanTarget> {
      for (; drawn < count; drawn += 1) {
        inProgressMax = Math.max(inProgressMax, drawn - ended);
        yield server.target;
      }
    }
    const kinds = new Set<TlsScanOutcome['kind']>();
    const kept = await scanTls(targets(), {
      ...options,
      targetsMax,
      keepOutcomes: false,
      onOutcome: ({ kind }) => {
        ended += 1;
        kinds.add(kind);
      },
    });
    expect(kept).toEqual([]);
    expect(ended).toBe(count);
    expect([...kinds]).toEqual(['scanned']);
    expect(inProgressMax).toBeLessThanOrEqual(targetsMax);
  });

  it('cancelling ends the drawing of targets too', async () => {
    await using server = await startTlsServer(identity);
    const stop = new AbortController();
    let drawn = 0;
    function* endless(): Generator<ScanTarget> {
      for (;;) {
        drawn += 1;
        yield server.target;
      }
    }
    const targetsMax = 2;
    const outcomes = await scanTls(endless(), {
      ...options,
      targetsMax,
      signal: stop.signal,
      onOutcome: ({ kind }) => {
        if (kind === 'scanned') stop.abort();
      },
    });
    expect(outcomes.filter(({ kind }) => kind === 'scanned')).toHaveLength(1);
    expect(drawn).toBeLessThanOrEqual(2 * targetsMax);
  });
});

describe('INV-3: retries', () => {
  // Resets the first connection on its first bytes, and hands on all others.
  const startMoody = async (port: number) => {
    let connections = 0;
    return startTcpServer((socket) => {
      connections += 1;
      if (connections === 1) {
        socket.once('data', () => socket.resetAndDestroy());
        return;
      }
      const onward = connect(port, '127.0.0.1');
      onward.on('error', () => socket.destroy());
      socket.on('close', () => onward.destroy());
      socket.pipe(onward).pipe(socket);
    });
  };

  it.each([
    { retriesMax: 0, causes: ['reset'] },
    { retriesMax: tlsScanDefaults.retriesMax, causes: [] },
  ])('a reset leaves $causes open after $retriesMax repetitions', async ({ retriesMax, causes }) => {
    await using server = await startTlsServer(identity);
    await using moody = await startMoody(server.target.port);
    const { unresolved, versions } = await scanOne(moody.target, { retriesMax, retryDelayMs: 1 });
    expect(unresolved.map(({ cause }) => cause)).toEqual(causes);
    expect(versions).toEqual(['TLSv1.2', 'TLSv1.3']);
  });

  it('a refusal is an answer, and not asked again', async () => {
    const closed = await startTcpServer(() => {});
    await closed[Symbol.asyncDispose]();
    // A repetition would wait for longer than a test may take.
    const { error, unresolved } = await scanOne(closed.target, { retriesMax: 5, retryDelayMs: 60_000 });
    expect({ error, open: unresolved.length }).toEqual({ error: 'refused', open: 1 });
  });
});
