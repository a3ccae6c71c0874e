import type { ScanView } from '@quantumvault/api';
import { expect, it } from 'vitest';
import { openWorkplace } from '../../test/run-qv.ts';
import { idOf, jobSteps, sampleJob } from '../../test/samples.ts';

const scan: ScanView = {
  id: idOf(8),
  jobId: idOf(8),
  name: 'edge',
  previousId: idOf(7),
  environmentId: idOf(90),
  sensitivity: 'internal',
  exposure: 'internet',
  dataLifetimeYears: 5,
  profile: 'full',
  targets: 12,
  status: { pending: 2, answered: 8, unreachable: 1, refused: 1 },
  change: { new: 3, changed: 1, same: 4, gone: 1, absent: 0 },
  createdAt: '2026-11-24T11:59:58.123Z',
  finishedAt: null,
};

it('INV-5: shows how far a scan is and what changed since the last run', async () => {
  await using workplace = await openWorkplace({ getScan: () => ({ value: scan }) });
  const { exitCode, out } = await workplace.qv(`scans show ${idOf(8)}`);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/pending +2\n/);
  expect(out).toMatch(/gone +1\n/);
  expect(out).toContain(idOf(7));
});

it('INV-5: lists targets by change', async () => {
  const target = {
    target: 'shop.example.org:443',
    status: 'answered' as const,
    change: 'changed' as const,
    changed: ['suites', 'groups'],
    error: null,
    assetId: idOf(1),
  };
  await using workplace = await openWorkplace({
    listScanTargets: () => ({ value: { items: [target], nextCursor: null } }),
  });
  const { out } = await workplace.qv(`scans targets ${idOf(8)} --change changed`);
  expect(out).toMatch(/shop\.example\.org:443 +answered +changed +suites, groups/);
  expect(workplace.server.asked).toMatchObject([{ route: 'listScanTargets' }]);
});

it('INV-5: resumes a scan and waits for it', async () => {
  const job = sampleJob({ id: idOf(9), kind: 'scan-tls', assetId: null, policyId: null, policyVersion: null });
  const result = { scanId: idOf(8), targets: 12, assets: [], unreachable: [] };
  const next = jobSteps({ ...job, status: 'succeeded', result });
  await using workplace = await openWorkplace({
    resumeScan: () => ({ value: job }),
    getJob: () => ({ value: next() }),
    getScan: () => ({ value: scan }),
  });
  expect(await workplace.qv(`scans resume ${idOf(8)}`)).toMatchObject({ exitCode: 0 });
});

it.each(['scans show x', 'scans resume', `scans targets ${idOf(8)} --change other`])(
  'wrong use ends with 2: %s',
  async (command) => {
    await using workplace = await openWorkplace();
    expect(await workplace.qv(command)).toMatchObject({ exitCode: 2, out: '' });
  },
);

it('INV-5: lists scans by their name, or by the first target of those that have none', async () => {
  const { id, jobId, name, environmentId, profile, targets, status, createdAt, finishedAt } = scan;
  const summary = { id, jobId, name, environmentId, profile, targets, status, createdAt, finishedAt };
  const listed = { ...summary, jobStatus: 'running' as const, firstTarget: 'a.example.org:443', requestedBy: idOf(1) };
  await using workplace = await openWorkplace({
    listScans: () => ({ value: { items: [listed, { ...listed, id: idOf(7), name: null }], nextCursor: null } }),
  });
  const { out } = await workplace.qv('scans');
  expect(out).toMatch(/running +8\/12 .* edge\n/);
  expect(out).toContain('a.example.org:443 and 11 more');
  await workplace.qv('scans list --name edge');
  expect(workplace.server.asked.at(-1)).toMatchObject({ route: 'listScans', query: { name: 'edge' } });
});
