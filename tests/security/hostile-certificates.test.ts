import { tlsScanResultSchema } from '@quantumvault/api';
import { findAlgorithm, findPublicKeyAlgorithm, sha256 } from '@quantumvault/crypto';
import { beginScan, finishScan, foldOutcome, type ServerMessage } from '@quantumvault/inventory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCertificate } from '../../providers/src/discovery/tls/testing/make-certificate.ts';

// INV-7: whatever certificate a server shows, what is stored of it fits the contract and the database: one hostile host must
// not fail a scan of thousands, nor every listing with its asset.

const environment = {
  registry: { findAlgorithm, findPublicKeyAlgorithm },
  sha256Hex: (bytes: Uint8Array) => Buffer.from(sha256(bytes)).toString('hex'),
  now: new Date('2026-11-23T00:00:00Z'),
};

function resultOf(certificates: readonly Uint8Array[]) {
  const { state, probes } = beginScan({ host: 'evil.test', port: 443 }, 'quick');
  const [probe] = probes;
  if (probe === undefined) throw new Error('a scan begins with a question');
  const messages: readonly ServerMessage[] = [
    { kind: 'server-hello', version: 'TLSv1.3', suite: 0x1301, group: 0x001d },
    { kind: 'certificate', certificates },
    { kind: 'certificate-verify', scheme: 0x0403 },
    { kind: 'finished' },
  ];
  return finishScan(foldOutcome(state, probe, { kind: 'answer', messages }).state, environment);
}

/** The texts that PostgreSQL refuses in jsonb: NUL and half a surrogate pair. */
const storable = (value: unknown) => !/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(value));

describe('INV-7: hostile certificates in results', () => {
  it.each([
    ['a name of 10,000 characters', 'x'.repeat(10_000)],
    ['a name of pairs', '😀'.repeat(4_000)],
    ['a name with NUL and line feeds', 'a\0b\nc\u009b'],
    ['an empty name', ''],
  ])('%s: the result fits the contract and can be stored', (_what, commonName) => {
    const { der } = makeCertificate({ keyType: 'ec-p256', commonName });
    const result = resultOf([der]);
    expect(tlsScanResultSchema.safeParse(result).error).toBeUndefined();
    expect(storable(result)).toBe(true);
  });

  it('any change of any byte: the result fits the contract and can be stored', () => {
    const { der } = makeCertificate({ keyType: 'ec-p256', commonName: 'evil.test', notAfter: new Date('9999-12-31') });
    const change = fc.record({ at: fc.nat({ max: der.length - 1 }), mask: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = new Uint8Array(der);
        for (const { at, mask } of changes) changed[at] = (changed[at] ?? 0) ^ mask;
        const result = resultOf([changed]);
        expect(tlsScanResultSchema.safeParse(result).error).toBeUndefined();
        expect(storable(result)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
