import type { ScheduledWork, ScheduleView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { collect, connect, needBody } from '../connection/connect.ts';
import { needId, resolveAsset, resolvePolicy } from '../connection/resolve.ts';
import { formatInstant } from '../terminal/format.ts';
import { printFields, printTable } from '../terminal/table.ts';
import { parseCount, parsePriority } from './option-values.ts';

interface TimeOptions extends JsonOption {
  readonly cron?: string;
  readonly timeZone?: string;
  readonly priority?: number;
  readonly name?: string;
}

const optionNames = { cron: '--cron', timeZone: '--time-zone', priority: '--priority', name: '--name' };

const addTimes = (command: Command): Command =>
  command
    .option('--time-zone <zone>', 'IANA time zone in which the times are meant; UTC when left out')
    .option('--priority <number>', 'of its jobs, -100 to 100', parsePriority);

export function addSchedules(program: Command, cli: Running): void {
  const schedules = program.command('schedules').description('Work that comes back by the clock');
  addCommand(schedules, 'list', 'List schedules, newest first', { isDefault: true })
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: JsonOption & { limit: number }) => listSchedules(cli, options)));
  addCommand(schedules, 'show <id>', 'Show one schedule').action(
    ending(cli, (id: string, options: JsonOption) => showSchedule(cli, id, options)),
  );
  addTimes(
    addCommand(schedules, 'scan <name> <targets...>', 'Scan TLS endpoints by the clock').requiredOption(
      '--cron <times>',
      'minute, hour, day of month, month, day of week; or @daily and the like',
    ),
  ).action(
    ending(cli, (name: string, targets: string[], options: TimeOptions) =>
      createSchedule(cli, name, { kind: 'scan-tls', targets }, options),
    ),
  );
  addTimes(
    addCommand(
      schedules,
      'protect <name> <asset> <policy>',
      'Protect an asset anew by the clock, e.g. to rotate its keys',
    ).requiredOption('--cron <times>', 'minute, hour, day of month, month, day of week; or @monthly and the like'),
  ).action(
    ending(cli, async (name: string, asset: string, policy: string, options: TimeOptions) => {
      const connection = await connect(cli);
      const { id: assetId } = await resolveAsset(connection, asset);
      const { id: policyId } = await resolvePolicy(connection, policy);
      await createSchedule(cli, name, { kind: 'protect-asset', assetId, policyId }, options);
    }),
  );
  addTimes(
    addCommand(schedules, 'update <id>', 'Change when a schedule is due, its name or the priority of its jobs')
      .option('--cron <times>', 'the new times')
      .option('--name <name>', 'a new name'),
  ).action(
    ending(cli, (id: string, { cron, timeZone, priority, name, json }: TimeOptions) =>
      change(cli, id, given({ cron, timeZone, priority, name }), json),
    ),
  );
  addCommand(schedules, 'pause <id>', 'Pause a schedule').action(
    ending(cli, (id: string, { json }: JsonOption) => change(cli, id, { enabled: false }, json)),
  );
  addCommand(schedules, 'resume <id>', 'Resume a schedule; its next time is counted from now').action(
    ending(cli, (id: string, { json }: JsonOption) => change(cli, id, { enabled: true }, json)),
  );
  addCommand(schedules, 'delete <id>', 'Delete a schedule; the jobs that it asked for stay').action(
    ending(cli, (id: string) => deleteSchedule(cli, id)),
  );
}

/** What was given, without what was not. */
const given = (options: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

const workText = (work: ScheduledWork): string =>
  work.kind === 'scan-tls'
    ? `scan ${work.targets.length} ${work.targets.length === 1 ? 'endpoint' : 'endpoints'}`
    : 'protect an asset';

const stateText = ({ enabled, disabledReason, nextRunAt }: ScheduleView): string =>
  enabled ? formatInstant(nextRunAt) : `paused${disabledReason === null ? '' : ` [${disabledReason}]`}`;

async function listSchedules(cli: Cli, { limit, json }: JsonOption & { limit: number }): Promise<void> {
  const { client } = await connect(cli);
  const items = await collect(limit, (page) => client.listSchedules({ query: page }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No schedules.');
  printTable(
    cli.output,
    [{ title: 'ID' }, { title: 'TIMES' }, { title: 'ZONE' }, { title: 'NEXT' }, { title: 'WORK' }, { title: 'NAME' }],
    items.map((item) => [item.id, item.cron, item.timeZone, stateText(item), workText(item.work), item.name]),
  );
}

function printSchedule(cli: Cli, schedule: ScheduleView): void {
  const { work } = schedule;
  printFields(cli.output, [
    ['schedule', schedule.id],
    ['name', schedule.name],
    ['work', workText(work)],
    ...(work.kind === 'scan-tls'
      ? work.targets.map((target) => ['  target', target] as const)
      : ([
          ['  asset', work.assetId],
          ['  policy', work.policyId],
        ] as const)),
    ['times', `${schedule.cron} (${schedule.timeZone})`],
    ['priority', String(schedule.priority)],
    ['next', stateText(schedule)],
    [
      'last',
      schedule.lastRunAt === null ? '-' : `${formatInstant(schedule.lastRunAt)}, job ${schedule.lastJobId ?? '-'}`,
    ],
    ['created', `${formatInstant(schedule.createdAt)} by ${schedule.createdBy}`],
  ]);
}

async function showSchedule(cli: Cli, text: string, { json }: JsonOption): Promise<void> {
  const id = needId(text, 'a schedule');
  const { client } = await connect(cli);
  answer(cli, await client.getSchedule({ params: { id } }), json);
}

function answer(cli: Cli, schedule: ScheduleView, json: boolean | undefined): void {
  if (json) cli.output.json(schedule);
  else printSchedule(cli, schedule);
}

async function createSchedule(cli: Cli, name: string, work: object, options: TimeOptions): Promise<void> {
  const { cron, timeZone, priority, json } = options;
  const { client, routes, api } = await connect(cli);
  const draft = needBody(routes.createSchedule, given({ name, work, cron, timeZone, priority }), optionNames);
  answer(cli, await client.createSchedule({ body: api.createScheduleBody.parse(draft) }), json);
}

async function change(cli: Cli, text: string, changes: object, json: boolean | undefined): Promise<void> {
  const id = needId(text, 'a schedule');
  const { client, options, routes, api } = await connect(cli);
  const body = api.updateScheduleBody.parse(needBody(routes.updateSchedule, changes, optionNames));
  const { etag } = await api.callRoute(options, routes.getSchedule, { params: { id } });
  answer(cli, await client.updateSchedule({ params: { id }, body }, etag === null ? {} : { ifMatch: etag }), json);
}

async function deleteSchedule(cli: Cli, text: string): Promise<void> {
  const id = needId(text, 'a schedule');
  const { client } = await connect(cli);
  await client.deleteSchedule({ params: { id } });
  cli.output.line(`Schedule ${id} is deleted.`);
}
