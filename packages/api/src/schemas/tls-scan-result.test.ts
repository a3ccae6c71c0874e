import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tlsScanResultSchema } from './assets.ts';

const page = readFileSync(new URL('../../../../docs/spec/tls-scan-result.md', import.meta.url), 'utf8');

describe('the published scan result (docs/spec/tls-scan-result.md)', () => {
  it('INV-3: the page has a rule for each field of the schema, and no rule for another', () => {
    const ruled = [...page.matchAll(/^\| R\d+ \| (.+?) \|/gm)].flatMap(([, cell]) =>
      [...(cell ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(ruled.toSorted()).toEqual(Object.keys(tlsScanResultSchema.shape).toSorted());
  });

  it('evidence of a release that knew only R1 to R12 still reads', () => {
    const old = {
      host: 'a.example.org',
      port: 443,
      reachable: true,
      versions: ['TLSv1.3'],
      suites: ['TLS_AES_256_GCM_SHA384'],
      groups: ['x25519'],
      preference: 'unknown',
      chain: [],
      findings: [{ id: 'tls-no-pq-group', severity: 'high', message: 'a', remedy: 'b' }],
      error: null,
      provenGroup: null,
      unresolved: [],
    };
    expect(tlsScanResultSchema.parse(old)).toMatchObject({ ...old, protocol: 'tls', profile: 'full', chains: [] });
    expect(tlsScanResultSchema.safeParse({ ...old, surprise: 1 }).success).toBe(false);
  });
});
