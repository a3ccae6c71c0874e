import type { ScanTargetView, ScanView } from '@quantumvault/api';
import { type Command, Option } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { collect, connect } from '../connection/connect.ts';
import { needId } from '../connection/resolve.ts';
import { exitOfJob, waitForJob } from '../connection/wait-for-job.ts';
import type { ExitCode } from '../errors.ts';
import { formatInstant, formatList } from '../terminal/format.ts';
import { printFields, printTable } from '../terminal/table.ts';
import { parseCount } from './option-values.ts';

interface TargetsOptions extends JsonOption {
  readonly change?: NonNullable<ScanTargetView['change']>;
  readonly limit: number;
}

interface ListOptions extends JsonOption {
  readonly name?: string;
  readonly limit: number;
}

export function addScans(program: Command, cli: Running): void {
  const scans = program
    .command('scans')
    .description('Scans by the server: how far they are, what changed since the last run');
  addCommand(scans, 'list', 'List scans that have begun, newest first', { isDefault: true })
    .option('--name <name>', 'runs of the scan of this name')
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: ListOptions) => listScans(cli, options)));
  addCommand(scans, 'show <scan>', 'Show a scan and how its targets stand against the last run').action(
    ending(cli, (scan: string, options: JsonOption) => showScan(cli, scan, options)),
  );
  addCommand(scans, 'targets <scan>', 'List the targets of a scan with what became of them')
    .addOption(new Option('--change <change>', 'only these').choices(['new', 'changed', 'same', 'gone', 'absent']))
    .option('--limit <count>', 'at most this many', parseCount, 200)
    .action(ending(cli, (scan: string, options: TargetsOptions) => listTargets(cli, scan, options)));
  addCommand(scans, 'resume <scan>', 'Go on with a scan that was cancelled or failed; nothing is asked twice').action(
    ending(cli, (scan: string, options: JsonOption) => resumeScan(cli, scan, options)),
  );
}

async function listScans(cli: Cli, { name, limit, json }: ListOptions): Promise<void> {
  const { client } = await connect(cli);
  const filter = name === undefined ? {} : { name };
  const items = await collect(limit, (page) => client.listScans({ query: { ...filter, ...page } }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No scans.');
  printTable(
    cli.output,
    [{ title: 'ID' }, { title: 'STATE' }, { title: 'ANSWERED', align: 'right' }, { title: 'BEGUN' }, { title: 'NAME' }],
    items.map((scan) => [
      scan.id,
      scan.finishedAt === null ? scan.jobStatus : 'finished',
      `${scan.status.answered}/${scan.targets}`,
      formatInstant(scan.createdAt),
      scan.name ?? `${scan.firstTarget}${scan.targets === 1 ? '' : ` and ${scan.targets - 1} more`}`,
    ]),
  );
}

async function showScan(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const id = needId(given, 'a scan');
  const { client } = await connect(cli);
  const scan = await client.getScan({ params: { id } });
  if (json) return cli.output.json(scan);
  printScan(cli, scan);
}

function printScan(cli: Cli, scan: ScanView): void {
  const { status, change } = scan;
  printFields(cli.output, [
    ['id', scan.id],
    ['name', scan.name ?? '-'],
    ['job', scan.jobId],
    ['profile', scan.profile],
    ['begun', formatInstant(scan.createdAt)],
    ['finished', scan.finishedAt === null ? '-' : formatInstant(scan.finishedAt)],
    ['targets', String(scan.targets)],
    ...Object.entries(status).map(([name, count]) => [`  ${name}`, String(count)] as const),
    ['compared with', scan.previousId ?? 'what was known of the assets'],
    ...Object.entries(change).map(([name, count]) => [`  ${name}`, String(count)] as const),
  ]);
}

async function listTargets(cli: Cli, given: string, { change, limit, json }: TargetsOptions): Promise<void> {
  const id = needId(given, 'a scan');
  const { client } = await connect(cli);
  const filter = change === undefined ? {} : { change };
  const items = await collect(limit, (page) =>
    client.listScanTargets({ params: { id }, query: { ...filter, ...page } }),
  );
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No targets.');
  printTable(
    cli.output,
    [{ title: 'TARGET' }, { title: 'STATUS' }, { title: 'CHANGE' }, { title: 'WHAT' }],
    items.map((item) => [item.target, item.status, item.change ?? '-', item.error ?? formatList(item.changed)]),
  );
}

async function resumeScan(cli: Cli, given: string, { json }: JsonOption): Promise<ExitCode> {
  const id = needId(given, 'a scan');
  const connection = await connect(cli);
  const started = await connection.client.resumeScan({ params: { id } });
  const job = await waitForJob(cli, connection, started.id);
  const scan = await connection.client.getScan({ params: { id } });
  if (json) cli.output.json(scan);
  else printScan(cli, scan);
  return exitOfJob(job);
}
