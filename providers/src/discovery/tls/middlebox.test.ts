import type { TlsScanResult } from '@quantumvault/inventory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCertificate } from './testing/make-certificate.ts';
import { type Middlebox, startMiddlebox } from './testing/middlebox.ts';
import { scanOne, startTlsServer } from './testing/servers.ts';

const ec = makeCertificate({ keyType: 'ec-p256', commonName: 'scan.test' });
const identity = { key: ec.keyPem, cert: ec.certPem, ecdhCurve: 'X25519:X25519MLKEM768:P-256' };
const options = { connectionTimeoutMs: 1_000, retryDelayMs: 1, targetTimeoutMs: 15_000 };
const allGroups = ['x25519', 'X25519MLKEM768', 'secp256r1'];

describe('INV-3a: servers behind something that does not take every ClientHello', () => {
  it.each<readonly [string, NonNullable<Middlebox['judge']>, readonly string[]]>([
    ['refuses an empty key share', (hello) => (isWithoutShare(hello) ? 'alert' : 'pass'), allGroups],
    ['hangs on an empty key share', (hello) => (isWithoutShare(hello) ? 'silence' : 'pass'), allGroups],
    ['resets on more than 16 groups', ({ groups }) => (groups.length > 16 ? 'reset' : 'pass'), allGroups],
    ['refuses more than 128 suites', ({ suites }) => (suites.length > 128 ? 'alert' : 'pass'), allGroups],
    [
      'resets on all but classical groups with shares',
      (hello) => (isWithoutShare(hello) || hello.keyShares.length > 2 ? 'reset' : 'pass'),
      ['x25519', 'secp256r1'],
    ],
  ])('one that %s', async (_what, judge, groups) => {
    await using server = await startTlsServer(identity);
    await using box = await startMiddlebox(server.target, { judge });
    const result = await scanOne(box.target, options);
    const ids = result.findings.map(({ id }) => id);
    expect(result.versions).toEqual(['TLSv1.2', 'TLSv1.3']);
    expect(new Set(result.groups)).toEqual(new Set(groups));
    expect(suitesOf(result)).toEqual(suitesOf(await scanOne(server.target, options)));
    // The server has one; what lies between may hide it, but must not turn into "none" (INV-3a).
    expect(ids).not.toContain('tls-no-pq-group');
    expect(result.chain).toHaveLength(1);
  });

  it('the quick profile finds the post-quantum group behind a refusal of empty key shares', async () => {
    await using server = await startTlsServer(identity);
    await using box = await startMiddlebox(server.target, {
      judge: (hello) => (isWithoutShare(hello) ? 'alert' : 'pass'),
    });
    const { groups, findings } = await scanOne(box.target, { ...options, profile: 'quick' });
    expect(groups).toContain('X25519MLKEM768');
    expect(findings.map(({ id }) => id)).not.toContain('tls-no-pq-group');
  });
});

describe('INV-7: answers that were changed on their way', () => {
  it('any byte of any chunk: the scan ends, and proves nothing that it did not see', { timeout: 60_000 }, async () => {
    await using server = await startTlsServer({ ...identity, minVersion: 'TLSv1.3' });
    const change = fc.record({ position: fc.nat({ max: 1_500 }), mask: fc.integer({ min: 1, max: 255 }) });
    const property = fc.asyncProperty(change, async ({ position, mask }) => {
      await using box = await startMiddlebox(server.target, {
        tamper: (chunk) => {
          const changed = Buffer.from(chunk);
          const at = coveredAt(chunk, position % changed.length);
          changed.writeUInt8(changed.readUInt8(at) ^ mask, at);
          return changed;
        },
      });
      const result = await scanOne(box.target, { ...options, connectionTimeoutMs: 200, retriesMax: 0 });
      expect(result.provenGroups).toEqual([]);
      expect(result.unresolved.length + result.findings.length).toBeGreaterThan(0);
    });
    await fc.assert(property, { numRuns: 25 });
  });
});

/** Versions of records are the only bytes that no Finished covers: in place of one, the type of its record. */
function coveredAt(records: Buffer, at: number): number {
  for (let start = 0; start + 5 <= records.length; start += 5 + records.readUInt16BE(start + 3))
    if (at === start + 1 || at === start + 2) return start;
  return at;
}

// In no order: a list that was asked for in parts has the server's order in each part only.
function suitesOf({ suitesByVersion }: TlsScanResult) {
  return suitesByVersion.map(({ version, suites }) => ({ version, suites: suites.toSorted() }));
}

function isWithoutShare({ versions, keyShares }: Parameters<NonNullable<Middlebox['judge']>>[0]): boolean {
  return versions.includes('TLSv1.3') && keyShares.length === 0;
}
