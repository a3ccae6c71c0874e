import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkplace, transcriptOf } from '../../test/run-qv.ts';
import { idOf, sampleAsset } from '../../test/samples.ts';

const set = {
  keys: [
    { kty: 'AKP' as const, alg: 'ML-DSA-65', use: 'sig' as const, kid: 'newest-pq', pub: 'AAAA' },
    { kty: 'OKP' as const, alg: 'Ed25519', use: 'sig' as const, kid: 'former', crv: 'Ed25519', x: 'AAAA' },
  ],
  lifetimes: [
    { kid: 'newest-pq', notBefore: '2026-11-24T10:00:00.000Z', retiresAt: null },
    { kid: 'former', notBefore: '2026-10-24T10:00:00.000Z', retiresAt: '2026-12-01T10:00:00.000Z' },
  ],
};
const handlers = {
  getAsset: () => ({ value: sampleAsset({ type: 'api-endpoint', name: 'orders-api' }) }),
  getJwks: () => ({ value: set }),
};

it('IFC-4: reads like a terminal', async () => {
  await using workplace = await openWorkplace(handlers);
  const commands = [`jwks ${idOf(1)}`, `jwks ${idOf(1)} --out jwks.json`, `jwks ${idOf(1)} --out jwks.json`];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../test/transcripts/jwks.txt');
  expect(JSON.parse(readFileSync(join(workplace.folder, 'jwks.json'), 'utf8'))).toEqual(set);
});

it('INV-9: prints the JWK Set alone with --json, and replaces a file only with --force', async () => {
  await using workplace = await openWorkplace(handlers);
  writeFileSync(join(workplace.folder, 'jwks.json'), 'mine');
  expect(JSON.parse((await workplace.qv(`jwks ${idOf(1)} --json`)).out)).toEqual(set);
  expect((await workplace.qv(`jwks ${idOf(1)} --out jwks.json`)).exitCode).toBe(2);
  expect((await workplace.qv(`jwks ${idOf(1)} --out jwks.json --force`)).exitCode).toBe(0);
  expect(JSON.parse(readFileSync(join(workplace.folder, 'jwks.json'), 'utf8'))).toEqual(set);
});
