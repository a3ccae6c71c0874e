import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkplace, transcriptOf } from '../../test/run-qv.ts';
import { sampleStatus } from '../../test/samples.ts';

const status = sampleStatus();

it('IFC-4: reads like a terminal', async () => {
  await using workplace = await openWorkplace({ getStatus: () => ({ value: status }) });
  await expect(await transcriptOf(workplace, ['status'])).toMatchFileSnapshot('../../test/transcripts/status.txt');
});

it('prints all that the server says, memory included, with --json', async () => {
  await using workplace = await openWorkplace({ getStatus: () => ({ value: status }) });
  const { out, exitCode } = await workplace.qv('status --json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ reachable: true, ...status });
});

it('says what can be seen locally when the server is down, and ends with 4', async () => {
  await using workplace = await openWorkplace();
  const alive = { pid: process.pid, identity: processIdentity() };
  const run = {
    version: 1,
    startedAt: '2026-11-24T11:00:00Z',
    launcher: alive,
    server: { pid: 4_000_000, identity: 'ticks:1' },
    url: null,
    postgres: null,
  };
  writeFileSync(join(workplace.folder, 'run.json'), JSON.stringify(run));
  await workplace.server[Symbol.asyncDispose]();
  const environment = { QV_URL: workplace.server.url };
  const { out, err, exitCode } = await workplace.qv('status --json', { environment });
  expect(exitCode).toBe(4);
  expect(err).toContain('ECONNREFUSED');
  expect(JSON.parse(out)).toMatchObject({
    reachable: false,
    local: {
      launcher: { pid: process.pid, running: true },
      server: { pid: 4_000_000, running: false },
      postgres: null,
    },
  });
  expect((await workplace.qv('status', { environment })).out).toContain('has ended (was process 4000000)');
});

it('shows health when there is no key', async () => {
  await using workplace = await openWorkplace({ healthReady: () => ({ value: status.health }) });
  writeFileSync(join(workplace.folder, 'bootstrap-admin.json'), '{}');
  const { out, exitCode } = await workplace.qv('status');
  expect(exitCode).toBe(0);
  expect(out).toContain('degraded');
});

function processIdentity(): string {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  if (process.platform !== 'linux') return 'alive';
  const stat = readFileSync(`/proc/${process.pid}/stat`, 'latin1');
  return `ticks:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
}
