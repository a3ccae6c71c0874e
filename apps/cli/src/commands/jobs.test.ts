import { expect, it } from 'vitest';
import { Refusal } from '../../test/contract-server.ts';
import { openWorkplace, transcriptOf } from '../../test/run-qv.ts';
import { idOf, jobSteps, page, sampleJob } from '../../test/samples.ts';

const scanned = sampleJob({
  id: idOf(31),
  kind: 'scan-tls',
  assetId: null,
  policyId: null,
  policyVersion: null,
  status: 'succeeded',
  progress: 100,
  result: {
    targets: 2,
    assets: [{ target: 'shop.example.org:443', assetId: idOf(1), isNew: true }],
    unreachable: [{ target: 'gone.example.org:443', error: 'dns' }],
  },
});

it('IFC-4: reads like a terminal', async () => {
  const next = jobSteps();
  await using workplace = await openWorkplace({
    listJobs: () => ({ value: page([sampleJob({ status: 'running', progress: 40 }), scanned]) }),
    getJob: ({ params: { id } }) => ({ value: id === scanned.id ? scanned : next() }),
    cancelJob: () => ({ value: sampleJob({ status: 'cancelled' }) }),
    undoJob: () => ({ value: { jobId: idOf(30), assetId: idOf(1), artifactId: idOf(7), riskScore: 41.2 } }),
  });
  const commands = [
    'jobs',
    `jobs show ${scanned.id}`,
    `jobs watch ${idOf(30)}`,
    `jobs cancel ${idOf(30)}`,
    `jobs undo ${idOf(30)}`,
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../test/transcripts/jobs.txt');
});

it('draws a bar on a terminal and keeps standard output for the answer', async () => {
  const next = jobSteps();
  await using workplace = await openWorkplace({ getJob: () => ({ value: next() }) });
  const { out, err } = await workplace.qv(`jobs watch ${idOf(30)} --json`, { isTerminal: true });
  expect(err).toContain('█');
  expect(err).toContain('\r');
  expect(JSON.parse(out)).toMatchObject({ status: 'succeeded' });
});

it.each(['failed', 'cancelled'] as const)('a job that %s is a negative answer', async (status) => {
  const error = { code: 'PROTECTION_FAILED', message: 'The policy does not fit' };
  const next = jobSteps({ status, error, result: null });
  await using workplace = await openWorkplace({ getJob: () => ({ value: next() }) });
  const { exitCode, out } = await workplace.qv(`jobs watch ${idOf(30)}`);
  expect(exitCode).toBe(1);
  expect(out).toContain('PROTECTION_FAILED');
});

it('waits for a server that is away for a moment', async () => {
  const next = jobSteps();
  let calls = 0;
  await using workplace = await openWorkplace({
    getJob: () => {
      calls += 1;
      if (calls > 1 && calls < 5) throw new Refusal(503, 'UNAVAILABLE', 'The database is away');
      return { value: next() };
    },
  });
  const { exitCode, err } = await workplace.qv(`jobs watch ${idOf(30)}`);
  expect(exitCode).toBe(0);
  expect(err.match(/does not answer/g)).toHaveLength(1);
});

it('gives up on a server that stays away', async () => {
  await using workplace = await openWorkplace({
    getJob: () => {
      throw new Refusal(503, 'UNAVAILABLE', 'The database is away');
    },
  });
  expect(await workplace.qv(`jobs watch ${idOf(30)}`)).toMatchObject({ exitCode: 4 });
});

it('takes no typing error for a job', async () => {
  await using workplace = await openWorkplace();
  expect(await workplace.qv('jobs show 42')).toMatchObject({ exitCode: 2 });
  expect(await workplace.qv(`jobs show ${idOf(5)}`)).toMatchObject({ exitCode: 3 });
});
