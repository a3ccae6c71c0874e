import { expect, it } from 'vitest';
import { openWorkplace, transcriptOf } from '../../test/run-qv.ts';
import { idOf, page, sampleAsset, samplePolicy, sampleSchedule } from '../../test/samples.ts';

const protect = { kind: 'protect-asset' as const, assetId: idOf(1), policyId: idOf(20) };
const paused = sampleSchedule({
  id: idOf(41),
  name: 'Rotation',
  work: protect,
  cron: '@monthly',
  timeZone: 'UTC',
  enabled: false,
  disabledReason: 'INVENTORY_ASSET_ARCHIVED',
  nextRunAt: null,
  lastRunAt: null,
  lastJobId: null,
});

it('IFC-4: reads like a terminal', async () => {
  await using workplace = await openWorkplace({
    listSchedules: () => ({ value: page([sampleSchedule(), paused]) }),
    getSchedule: ({ params: { id } }) => ({ value: id === paused.id ? paused : sampleSchedule(), etag: '"1"' }),
    createSchedule: () => ({ value: sampleSchedule() }),
    updateSchedule: ({ body }) => ({
      value:
        Reflect.get(Object(body), 'enabled') === true
          ? sampleSchedule()
          : sampleSchedule({ enabled: false, nextRunAt: null }),
    }),
    deleteSchedule: () => ({ value: undefined }),
  });
  const commands = [
    'schedules',
    `schedules show ${paused.id}`,
    'schedules scan nightly shop.example.org:443 mail.example.org:443 --cron @daily --time-zone Europe/Berlin',
    `schedules pause ${idOf(40)}`,
    `schedules resume ${idOf(40)}`,
    `schedules delete ${idOf(40)}`,
  ];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../test/transcripts/schedules.txt');
});

it('sends what was asked for, with asset and policy by name', async () => {
  const bodies: unknown[] = [];
  await using workplace = await openWorkplace({
    listAssets: () => ({ value: page([sampleAsset()]) }),
    listPolicies: () => ({ value: page([samplePolicy()]) }),
    createSchedule: ({ body }) => {
      bodies.push(body);
      return { value: paused };
    },
  });
  const { exitCode } = await workplace.qv(
    `schedules protect rotation ${sampleAsset().endpoint} ${samplePolicy().name} --cron @monthly --priority 5`,
  );
  expect(exitCode).toBe(0);
  expect(bodies).toMatchObject([{ name: 'rotation', work: protect, cron: '@monthly', timeZone: 'UTC', priority: 5 }]);
});

it.each([
  ['schedules scan nightly shop.example.org:443 --cron daily', '--cron'],
  ['schedules scan nightly shop.example.org:443', '--cron'],
  ['schedules scan nightly shop.example.org:443 --cron @daily --time-zone +1', '--time-zone'],
  [`schedules update ${idOf(40)}`, 'at least one field'],
  ['schedules pause nightly', 'not the id of a schedule'],
])('%s is wrong use', async (command, named) => {
  await using workplace = await openWorkplace({});
  const { exitCode, err } = await workplace.qv(command);
  expect(exitCode).toBe(2);
  expect(err).toContain(named);
});
