import { type JobView, jobKindSchema } from '@quantumvault/api';
import { type Command, Option } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { collect, connect } from '../connection/connect.ts';
import { needId } from '../connection/resolve.ts';
import { exitOfJob, waitForJob } from '../connection/wait-for-job.ts';
import type { ExitCode } from '../errors.ts';
import { formatInstant } from '../terminal/format.ts';
import { stateStyle } from '../terminal/style.ts';
import { type Cell, printFields, printTable } from '../terminal/table.ts';
import { parseCount } from './option-values.ts';

interface ListOptions extends JsonOption {
  readonly status?: JobView['status'];
  readonly kind?: JobView['kind'];
  readonly asset?: string;
  readonly limit: number;
}

export function addJobs(program: Command, cli: Running): void {
  const jobs = program.command('jobs').description('Work that the server does in the background');
  addCommand(jobs, 'list', 'List jobs, newest first', { isDefault: true })
    .addOption(
      new Option('--status <status>', 'only these').choices(['pending', 'running', 'succeeded', 'failed', 'cancelled']),
    )
    .addOption(new Option('--kind <kind>', 'only these').choices(jobKindSchema.options))
    .option('--asset <id>', 'only jobs of this asset')
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: ListOptions) => listJobs(cli, options)));
  addCommand(jobs, 'show <id>', 'Show one job').action(
    ending(cli, (id: string, options: JsonOption) => showJob(cli, id, options)),
  );
  addCommand(jobs, 'watch <id>', 'Follow a job to its end; exit code 1 when it does not succeed').action(
    ending(cli, (id: string, options: JsonOption) => watchJob(cli, id, options)),
  );
  addCommand(jobs, 'cancel <id>', 'Cancel a job that has not ended').action(
    ending(cli, (id: string, options: JsonOption) => cancelJob(cli, id, options)),
  );
  addCommand(jobs, 'undo <id>', 'Take back a protection while nothing can depend on it').action(
    ending(cli, (id: string, options: JsonOption) => undoJob(cli, id, options)),
  );
}

async function undoJob(cli: Cli, id: string, { json }: JsonOption): Promise<void> {
  const { client } = await connect(cli);
  const undone = await client.undoJob({ params: { id: needId(id, 'a job') } });
  if (json) return cli.output.json(undone);
  cli.output.line(`Undone. Asset ${undone.assetId} is as it was before the job: risk ${undone.riskScore.toFixed(1)}.`);
}

async function listJobs(cli: Cli, { status, kind, asset, limit, json }: ListOptions): Promise<void> {
  const assetId = asset === undefined ? undefined : needId(asset, 'an asset');
  const { client } = await connect(cli);
  const filter = {
    ...(status === undefined ? {} : { status }),
    ...(kind === undefined ? {} : { kind }),
    ...(assetId === undefined ? {} : { assetId }),
  };
  const items = await collect(limit, (page) => client.listJobs({ query: { ...filter, ...page } }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No jobs.');
  printTable(
    cli.output,
    [{ title: 'ID' }, { title: 'KIND' }, { title: 'STATUS' }, { title: 'DONE', align: 'right' }, { title: 'CREATED' }],
    items.map((job) => [job.id, job.kind, statusCell(job), `${job.progress}%`, formatInstant(job.createdAt)]),
  );
}

const statusCell = ({ status }: JobView): Cell => ({ text: status, style: stateStyle(status) });

/** The fields of one job, as `jobs show` prints them. */
export function printJob(cli: Cli, job: JobView): void {
  printFields(cli.output, [
    ['job', job.id],
    ['kind', job.kind],
    ['status', statusCell(job)],
    ['progress', `${job.progress}%`],
    ['asset', job.assetId ?? '-'],
    ['policy', job.policyId === null ? '-' : `${job.policyId}, version ${job.policyVersion ?? '-'}`],
    ['attempts', `${job.attempts} of at most ${job.attemptsMax}`],
    ['created', formatInstant(job.createdAt)],
    ['started', formatInstant(job.startedAt)],
    ['finished', formatInstant(job.finishedAt)],
    ...(job.error === null
      ? []
      : ([['error', { text: `${job.error.message} [${job.error.code}]`, style: 'red' }]] as const)),
    ...resultFields(job.result),
  ]);
}

function resultFields(result: JobView['result']): (readonly [string, Cell])[] {
  if (result === null) return [];
  if ('artifactId' in result) return [['made', `${result.artifactKind} ${result.artifactId}`]];
  return [
    ['targets', String(result.targets)],
    ...result.assets.map(
      ({ target, assetId, isNew }) => ['  found', `${target}  ${assetId}${isNew ? ' (new)' : ''}`] as const,
    ),
    ...result.unreachable.map(({ target, error }) => ['  not found', `${target}  ${error}`] as const),
  ];
}

async function showJob(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const id = needId(given, 'a job');
  const { client } = await connect(cli);
  const job = await client.getJob({ params: { id } });
  if (json) return cli.output.json(job);
  printJob(cli, job);
}

async function watchJob(cli: Cli, given: string, { json }: JsonOption): Promise<ExitCode> {
  const id = needId(given, 'a job');
  const job = await waitForJob(cli, await connect(cli), id);
  if (json) cli.output.json(job);
  else printJob(cli, job);
  return exitOfJob(job);
}

async function cancelJob(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const id = needId(given, 'a job');
  const { client } = await connect(cli);
  const job = await client.cancelJob({ params: { id } });
  if (json) return cli.output.json(job);
  cli.output.line(
    job.status === 'cancelled' ? `Job ${id} is cancelled.` : `Job ${id} is asked to stop (${job.status}).`,
  );
}
