import { setFlagsFromString } from 'node:v8';
import type { AssetView } from '@quantumvault/api';
import type { ScanTarget, TlsScanResult } from '@quantumvault/inventory';
import type { TlsScanOptions } from '@quantumvault/providers/discovery/tls';
import { type Command, Option } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { type Connection, connect, needBody } from '../connection/connect.ts';
import { needId } from '../connection/resolve.ts';
import { exitOfJob, waitForJob } from '../connection/wait-for-job.ts';
import { CliError, type ExitCode, exitCodes } from '../errors.ts';
import { addScanCapture } from '../scan/scan-capture.ts';
import { addScanCertificates } from '../scan/scan-certificates.ts';
import { openScanJournal } from '../scan/scan-journal.ts';
import { addTargetOptions, readScanTargets, type TargetOptions } from '../scan/target-options.ts';
import { Progress } from '../terminal/progress.ts';
import { safeText } from '../terminal/safe-text.ts';
import { whenApproved } from './approvals/wait.ts';
import { addClassificationOptions, printAssets } from './assets.ts';
import { printJob } from './jobs.ts';
import { parseWhole } from './option-values.ts';

interface ScanOptions extends JsonOption, TargetOptions {
  readonly profile?: 'quick' | 'full';
  readonly parallel?: number;
  readonly rate?: number;
  readonly retries?: number;
  readonly name?: string;
  readonly jsonl?: string;
  readonly resume?: boolean;
  readonly save?: boolean;
  readonly server?: boolean;
  readonly internal?: boolean;
  readonly wait?: number;
  readonly serverName?: string;
  readonly timeout?: number;
  readonly environment?: string;
  readonly sensitivity?: AssetView['sensitivity'];
  readonly exposure?: AssetView['exposure'];
  readonly lifetime?: number;
}

// Results of so many are kept until they are printed; with --jsonl each is written as it ends, and nothing is kept.
const keptTargetsMax = 4096;
const quietTargets = 16;
// The contract takes so many results in one request, and keptTargetsMax targets.
const batchMax = 256;

export function addScan(program: Command, cli: Running): void {
  const scan = program.command('scan').description('Find out which cryptography is in use');
  addScanCertificates(scan, cli);
  addScanCapture(scan, cli);
  const tls = addCommand(
    scan,
    'tls [host:port...]',
    'Scan TLS endpoints (HOST, HOST:PORT, smtp://HOST ...) from this machine; nothing is stored without --save',
  )
    .option('--save', 'store the results as assets of the organization')
    .option('--server', 'let the server scan, as a job; what it finds becomes assets')
    .option('--internal', 'with --server: names lead into networks of your own, whose scans may need approval')
    .option(
      '--wait <minutes>',
      'with --server: when others must approve it, wait so long for them',
      parseWhole(1, 43_200),
    )
    .option('--server-name <name>', 'name to ask for (SNI) when a target is an address')
    .option('--timeout <seconds>', 'for each target', parseWhole(1, 600), 20)
    .option('--name <name>', 'with --server: what to compare this run with, the last one of that name')
    .option('--environment <id>', 'environment of stored assets; default: the first of the organization');
  addTargetOptions(tls)
    .addOption(new Option('--profile <name>', 'what the server picks, or everything').choices(['quick', 'full']))
    .option('--parallel <count>', 'targets at once', parseWhole(1, 512))
    .option('--rate <count>', 'new connections a second, in total', parseWhole(1, 10_000))
    .option('--retries <count>', 'after a timeout or a reset', parseWhole(0, 5))
    .option('--jsonl <file>', 'write each result to this file as it ends, and print none')
    .option('--resume', 'go on with the file of --jsonl: what it has is not scanned again');
  addClassificationOptions(tls).action(
    ending(cli, (targets: string[], options: ScanOptions) => scanTargets(cli, targets, options)),
  );
}

async function scanTargets(cli: Cli, given: readonly string[], options: ScanOptions): Promise<ExitCode> {
  const targets = await readScanTargets(cli, given, options);
  checkOptions(options, targets.length);
  const { formatScanTarget } = await import('@quantumvault/inventory');
  if (options.server) return scanFromServer(cli, targets.map(formatScanTarget), options);
  return options.jsonl === undefined
    ? scanFromHere(cli, targets, options)
    : scanToJournal(cli, targets, { ...options, jsonl: options.jsonl });
}

function checkOptions(options: ScanOptions, targets: number): void {
  const wrong = (sentence: string): never => {
    throw new CliError('CLI_WRONG_USE', sentence);
  };
  if (options.server && options.save) wrong('--server stores by itself what the server finds; leave --save out.');
  if (options.name !== undefined && !options.server) wrong('--name goes with --server.');
  if (options.internal && !options.server) wrong('--internal goes with --server.');
  if (options.wait !== undefined && !options.server) wrong('--wait goes with --server.');
  const ownLimits = [options.parallel, options.rate, options.retries, options.serverName];
  if (options.server && ownLimits.some((given) => given !== undefined))
    wrong('--parallel, --rate, --retries and --server-name are for scans from here; the server has its own limits.');
  if (options.resume && options.jsonl === undefined) wrong('--resume needs the file that --jsonl wrote.');
  if (options.jsonl !== undefined && (options.save || options.server || options.json))
    wrong('--jsonl goes with none of --save, --server and --json.');
  if (options.jsonl === undefined && targets > keptTargetsMax)
    wrong(`${targets} targets: with more than ${keptTargetsMax} results go to a file, --jsonl FILE.`);
  if (options.environment !== undefined) needId(options.environment, 'an environment');
}

type Scanner = Pick<TlsScanOptions, 'onOutcome' | 'keepOutcomes'>;

async function runScan(cli: Cli, targets: readonly ScanTarget[], options: ScanOptions & Scanner) {
  const { scanTls } = await import('@quantumvault/providers/discovery/tls');
  // A scan makes much that dies at once. A young generation that does not grow costs no time and 60 MiB less of memory.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { profile, parallel, rate, retries, serverName, onOutcome, keepOutcomes } = options;
  const progress = new Progress(cli.output);
  let ended = 0;
  let shown = -1;
  try {
    return await scanTls(targets, {
      // INV-7: from a person's own machine everything it can reach may be scanned, metadata services excepted.
      guard: { mode: 'local', allow: [] },
      targetTimeoutMs: (options.timeout ?? 20) * 1000,
      ...(profile === undefined ? {} : { profile }),
      ...(parallel === undefined ? {} : { targetsMax: parallel }),
      ...(rate === undefined ? {} : { rates: { totalPerSecond: rate, perHostPerSecond: rate } }),
      ...(retries === undefined ? {} : { retriesMax: retries }),
      ...(serverName === undefined ? {} : { serverName }),
      ...(keepOutcomes === undefined ? {} : { keepOutcomes }),
      now: () => new Date(cli.clock.now()),
      onOutcome: (outcome) => {
        onOutcome?.(outcome);
        ended += 1;
        const percent = Math.floor((ended / targets.length) * 100);
        if (targets.length > quietTargets && percent !== shown)
          progress.update(percent, `${ended} of ${targets.length} targets`);
        shown = percent;
      },
    });
  } finally {
    progress.end();
  }
}

/** A large scan: each result is in the file before the next target of its place begins, so that a kill loses little. */
async function scanToJournal(
  cli: Cli,
  targets: readonly ScanTarget[],
  options: ScanOptions & { readonly jsonl: string },
): Promise<ExitCode> {
  const journal = await openScanJournal(cli, options.jsonl, { targets, isResumed: options.resume === true });
  const counts = { scanned: 0, refused: 0, reachable: 0 };
  try {
    await runScan(cli, journal.left, {
      ...options,
      keepOutcomes: false,
      onOutcome: (outcome) => {
        journal.add(outcome);
        if (outcome.kind === 'cancelled') return;
        counts[outcome.kind] += 1;
        if (outcome.kind === 'scanned' && outcome.result.reachable) counts.reachable += 1;
      },
    });
  } finally {
    journal.close();
  }
  const before = targets.length - journal.left.length;
  const earlier = before === 0 ? '' : `, ${before} were there already`;
  cli.output.note(
    `qv: ${counts.scanned} scanned, ${counts.reachable} of them reachable, ${counts.refused} refused${earlier}: ${safeText(options.jsonl)}`,
  );
  if (counts.refused > 0) return exitCodes.refused;
  return counts.reachable > 0 || journal.left.length === 0 ? exitCodes.done : exitCodes.negative;
}

async function scanFromHere(cli: Cli, targets: readonly ScanTarget[], options: ScanOptions): Promise<ExitCode> {
  // Who will be asked to store the results must be known before minutes of scanning.
  const connection = options.save ? await connect(cli) : undefined;
  const outcomes = await runScan(cli, targets, options);
  const results = outcomes.flatMap((outcome) => (outcome.kind === 'scanned' ? [outcome.result] : []));
  const saved = connection === undefined ? [] : await save(connection, results, options);
  if (options.json) cli.output.json(results);
  else await printResults(cli, results, options);
  if (saved.length > 0 && !options.json) {
    cli.output.line();
    cli.output.line('Stored:');
    printAssets(cli, saved);
  } else if (saved.length > 0) cli.output.note(`qv: stored ${saved.map(({ id }) => id).join(', ')}`);
  let isRefused = false;
  for (const outcome of outcomes) {
    if (outcome.kind !== 'refused') continue;
    isRefused = true;
    const { host, port } = outcome.target;
    cli.output.note(`qv: ${safeText(host)}:${port} was not scanned: ${safeText(outcome.refusal.reason)}.`);
  }
  if (isRefused) return exitCodes.refused;
  return results.some(({ reachable }) => reachable) ? exitCodes.done : exitCodes.negative;
}

async function printResults(cli: Cli, results: readonly TlsScanResult[], options: ScanOptions): Promise<void> {
  const { printTlsResult } = await import('../scan/print-tls-result.ts');
  const classification = {
    sensitivity: options.sensitivity ?? 'internal',
    exposure: options.exposure ?? 'internal',
    dataLifetimeYears: options.lifetime ?? 5,
  } as const;
  const observedAt = new Date(cli.clock.now()).toISOString();
  for (const [at, result] of results.entries()) {
    if (at > 0) cli.output.line();
    await printTlsResult(cli.output, result, { classification, observedAt });
  }
}

function classificationBody({ environment, sensitivity, exposure, lifetime }: ScanOptions) {
  return {
    ...(environment === undefined ? {} : { environmentId: environment }),
    ...(sensitivity === undefined ? {} : { sensitivity }),
    ...(exposure === undefined ? {} : { exposure }),
    ...(lifetime === undefined ? {} : { dataLifetimeYears: lifetime }),
  };
}

const optionNames = { dataLifetimeYears: '--lifetime', sensitivity: '--sensitivity', exposure: '--exposure' };

async function save(
  { client, routes, api }: Connection,
  results: readonly TlsScanResult[],
  options: ScanOptions,
): Promise<AssetView[]> {
  // What did not speak TLS is no asset: a misspelt name must not become one.
  const reached = results
    .filter(({ versions }) => versions.length > 0)
    .map((result) => api.tlsScanResultSchema.parse(result));
  const saved: AssetView[] = [];
  for (let at = 0; at < reached.length; at += batchMax) {
    const body = { results: reached.slice(at, at + batchMax), ...classificationBody(options) };
    saved.push(...(await client.importTls({ body: needBody(routes.importTls, body, optionNames) })).items);
  }
  return saved;
}

async function scanFromServer(cli: Cli, targets: readonly string[], options: ScanOptions): Promise<ExitCode> {
  const connection = await connect(cli);
  const { client, routes } = connection;
  const { profile, name, internal } = options;
  const asked = {
    targets: [...targets],
    ...(profile === undefined ? {} : { profile }),
    ...(name === undefined ? {} : { name }),
    ...(internal === undefined ? {} : { internal }),
    ...classificationBody(options),
  };
  const body = needBody(routes.discoverTls, asked, optionNames);
  const started = await whenApproved(cli, connection, {
    minutes: options.wait,
    ask: async () => (await client.discoverTls({ body })).id,
  });
  if (started.id === null) return started.exitCode;
  const job = await waitForJob(cli, connection, started.id);
  if (options.json) cli.output.json(job);
  else printJob(cli, job);
  const hasFound = job.result !== null && 'assets' in job.result && job.result.assets.length > 0;
  return job.status === 'succeeded' && !hasFound ? exitCodes.negative : exitOfJob(job);
}
