import type { ScanTarget } from '@quantumvault/inventory';
import { describe, expect, it } from 'vitest';
import { type TlsScanOutcome, tlsScanDefaults } from './scan-options.ts';
import { scanTls } from './scan-tls.ts';
import { makeCertificate } from './testing/make-certificate.ts';
import { startMiddlebox } from './testing/middlebox.ts';
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
  it.each([
    { retriesMax: 0, next: 'a fallback' },
    { retriesMax: tlsScanDefaults.retriesMax, next: 'the same question' },
  ])('behind a reset comes $next, with $retriesMax repetitions', async ({ retriesMax, next }) => {
    const groups: string[] = [];
    await using server = await startTlsServer(identity);
    await using moody = await startMiddlebox(server.target, {
      judge: (hello) => (groups.push(hello.groups.join()) === 1 ? 'reset' : 'pass'),
    });
    const { unresolved, versions } = await scanOne(moody.target, { retriesMax, retryDelayMs: 1 });
    expect(groups.indexOf(groups[0] ?? '', 1) === 1).toBe(next === 'the same question');
    expect({ unresolved, versions }).toEqual({ unresolved: [], versions: ['TLSv1.2', 'TLSv1.3'] });
  });

  it('a refusal is an answer, and not asked again', async () => {
    const closed = await startTcpServer(() => {});
    await closed[Symbol.asyncDispose]();
    // A repetition would wait for longer than a test may take.
    const { error, unresolved } = await scanOne(closed.target, { retriesMax: 5, retryDelayMs: 60_000 });
    expect({ error, open: unresolved.length }).toEqual({ error: 'refused', open: 1 });
  });
});
