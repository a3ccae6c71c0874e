import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkplace, transcriptOf } from '../../test/run-qv.ts';
import { idOf, page, riskOf, sampleAsset, samplePolicy } from '../../test/samples.ts';

const own = samplePolicy({ id: idOf(21), name: 'archive', builtIn: false, version: 2 });
const simulation = {
  changes: [{ role: 'key-establishment' as const, from: 'x25519', to: 'X25519MLKEM768' }],
  unchanged: [{ role: 'encryption' as const, algorithm: 'AES-256-GCM' }],
  riskBefore: riskOf([{ role: 'key-establishment', algorithm: 'x25519' }]),
  riskAfter: riskOf([{ role: 'key-establishment', algorithm: 'X25519MLKEM768' }]),
  keys: ['ECDSA-P256-SHA256'],
};

it('IFC-4: reads like a terminal', async () => {
  await using workplace = await openWorkplace({
    listPolicies: () => ({ value: page([samplePolicy(), own]) }),
    getPolicy: () => ({ value: own, etag: '"2"' }),
    createPolicy: () => ({ value: own }),
    updatePolicy: () => ({ value: { ...own, version: 3 } }),
    getAsset: () => ({ value: sampleAsset() }),
    applyPolicy: () => ({ value: { job: null, simulation } }),
  });
  const commands = [
    'policies',
    'policies show hybrid-default',
    'policies create --name archive --mode hybrid --kem X-Wing,X25519MLKEM768 --signature ECDSA-P256-SHA256 --aead AES-256-GCM --rotation-days 90 --level 3',
    'policies update archive --rotation-days 30',
    `policies simulate archive ${idOf(1)}`,
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../test/transcripts/policies.txt');
});

it('changes only what was given, from the version that was read', async () => {
  await using workplace = await openWorkplace({
    getPolicy: () => ({ value: own, etag: '"2"' }),
    updatePolicy: () => ({ value: own }),
  });
  const { exitCode } = await workplace.qv(`policies update ${own.id} --rotation-days 30 --deadline 2033-01-01`);
  const sent = workplace.server.asked.at(-1);
  expect({ exitCode, body: sent?.body, ifMatch: sent?.headers['if-match'] }).toEqual({
    exitCode: 0,
    body: { spec: { ...own.spec, rotationDays: 30, deadline: '2033-01-01' } },
    ifMatch: '"2"',
  });
});

it('reads a policy from a file, and options win over it', async () => {
  await using workplace = await openWorkplace({ createPolicy: () => ({ value: own }) });
  const file = join(workplace.folder, 'policy.json');
  const { spec } = own;
  writeFileSync(file, JSON.stringify({ name: 'from file', spec }));
  expect((await workplace.qv(`policies create --file ${file} --level 5`)).exitCode).toBe(0);
  expect(workplace.server.asked[0]?.body).toEqual({ name: 'from file', spec: { ...spec, targetLevel: 5 } });
});

it.each([
  ['policies create --name a', '--mode'],
  ['policies create --name a --mode quantum', '--mode'],
  ['policies create --name a --rotation-days 400', '--rotation-days'],
  ['policies create --name a --file missing.json', 'missing.json'],
  ['policies simulate hybrid-default', 'asset'],
])('wrong use ends with 2 and sends nothing: %s', async (command, named) => {
  await using workplace = await openWorkplace();
  const { exitCode, err } = await workplace.qv(command);
  expect({ exitCode, asked: workplace.server.asked }).toEqual({ exitCode: 2, asked: [] });
  expect(err).toContain(named);
});

it('INV-8: says what a policy would change on assets, in the order of their risk', async () => {
  const [riskBefore, riskAfter] = [simulation.riskBefore, simulation.riskAfter].map(({ score, band }) => ({
    score,
    band,
  }));
  if (riskBefore === undefined || riskAfter === undefined) return expect.fail('no risk');
  const item = {
    assetId: idOf(1),
    name: 'Shop',
    type: 'tls-endpoint' as const,
    endpoint: 'shop.example.org:443',
    outcome: 'changes' as const,
    reason: null,
    changes: simulation.changes,
    keys: simulation.keys,
    riskBefore,
    riskAfter,
  };
  const unfit = { ...item, name: 'Code', outcome: 'unfit' as const, reason: 'no job can protect it', changes: [] };
  const counts = { changes: 1, same: 0, unfit: 1, 'not-offered': 0 };
  await using workplace = await openWorkplace({
    getPolicy: () => ({ value: own }),
    simulatePolicy: () => ({ value: { items: [item, unfit], counts, nextCursor: null } }),
  });
  const { exitCode, out } = await workplace.qv(`policies impact ${own.id} --type tls-endpoint`);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/changes .* Shop +x25519 -> X25519MLKEM768\n/);
  expect(out).toMatch(/unfit .* Code +no job can protect it/);
  expect(workplace.server.asked.at(-1)?.body).toMatchObject({ spec: own.spec, filter: { type: 'tls-endpoint' } });
});
