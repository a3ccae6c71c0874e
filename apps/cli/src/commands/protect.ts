import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AssetView, RouteOutput, Routes } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { type Connection, connect } from '../connection/connect.ts';
import { resolveAsset, resolvePolicy } from '../connection/resolve.ts';
import { exitOfJob, waitForJob } from '../connection/wait-for-job.ts';
import { CliError, type ExitCode, exitCodes, systemCode } from '../errors.ts';
import { needFreePath, writeOutputFile } from '../local/output-file.ts';
import { formatList } from '../terminal/format.ts';
import { safeText } from '../terminal/safe-text.ts';
import { printTable } from '../terminal/table.ts';
import { printJob } from './jobs.ts';
import { parsePriority } from './option-values.ts';

type Simulation = RouteOutput<Routes['applyPolicy']>['simulation'];

interface ProtectOptions extends JsonOption {
  readonly policy: string;
  readonly simulate?: boolean;
  readonly wait?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly priority?: number;
}

export function addProtect(program: Command, cli: Running): void {
  addCommand(program, 'protect <asset>', 'Protect an asset (id, name or endpoint) as a protection policy says')
    .requiredOption('--policy <policy>', 'protection policy, by name or id')
    .option('--simulate', 'only say what would change')
    .option('--wait', 'follow the job to its end; exit code 1 when it does not succeed')
    .option('--out <folder>', 'wait, then write what was made, such as key, certificate and server options')
    .option('--force', 'replace files in the folder')
    .option('--priority <number>', 'jobs of higher priority run first, -100 to 100', parsePriority)
    .action(ending(cli, (asset: string, options: ProtectOptions) => protect(cli, asset, options)));
}

async function protect(cli: Cli, given: string, options: ProtectOptions): Promise<ExitCode> {
  const connection = await connect(cli);
  const asset = await resolveAsset(connection, given);
  const policy = await resolvePolicy(connection, options.policy);
  // Before the job, so that no key is made that could then not be kept.
  const bundle =
    options.out === undefined || options.simulate
      ? undefined
      : needBundle(cli, asset, options.out, options.force === true);
  const body = {
    policyId: policy.id,
    ...(options.simulate ? { simulate: true } : {}),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
  };
  const { job, simulation } = await connection.client.applyPolicy({ params: { id: asset.id }, body });
  if (job === null) {
    if (options.json) cli.output.json(simulation);
    else printSimulation(cli, asset.name, simulation);
    return exitCodes.done;
  }
  if (!options.wait && bundle === undefined) {
    if (options.json) cli.output.json(job);
    else
      cli.output.line(
        `Job ${job.id} protects ${safeText(asset.name)} with ${safeText(policy.name)}. Follow it with: qv jobs watch ${job.id}`,
      );
    return exitCodes.done;
  }
  const ended = await waitForJob(cli, connection, job.id);
  const exitCode = exitOfJob(ended);
  const files = exitCode === exitCodes.done && bundle !== undefined ? await writeBundle(connection, asset, bundle) : [];
  if (options.json) {
    cli.output.json(bundle === undefined ? ended : { ...ended, files });
    return exitCode;
  }
  if (exitCode !== exitCodes.done) {
    printJob(cli, ended);
    return exitCode;
  }
  const after = await connection.client.getAsset({ params: { id: asset.id } });
  cli.output.line(outcome(asset, after, policy.name));
  for (const file of files) cli.output.line(`wrote ${safeText(file)}`);
  return exitCode;
}

/** A data store is protected when its key is made; an endpoint when it serves what was made, which a scan proves. */
function outcome(before: AssetView, after: AssetView, policyName: string): string {
  const name = safeText(before.name);
  if (before.type === 'api-endpoint' || before.type === 'token-issuer') {
    return `${name} has new signing keys of ${safeText(policyName)}; earlier ones stay for their overlap. Publish: qv jwks ${before.id}`;
  }
  if (before.type === 'certificate') {
    return `${name}: key, request and self-signed certificate of ${safeText(policyName)} are made. When the authority has answered: qv certificates import ${before.id} chain.pem`;
  }
  if (before.type === 'tls-endpoint') {
    return `${name}: key, certificate and server options of ${safeText(policyName)} are made. Serve them, then scan again to prove it.`;
  }
  const risk = `risk ${before.risk.score.toFixed(1)} -> ${after.risk.score.toFixed(1)} (${after.risk.band})`;
  const isAgain = before.encryptionProfile?.appliedPolicy !== undefined;
  // What was sealed with an earlier key still needs it.
  const note = isAgain ? '\nIt has a new data key; earlier ones stay: qv data-key --artifact ID.' : '';
  return `${name} is protected with ${safeText(policyName)}: ${risk}${note}`;
}

/** What a simulation says, as `protect --simulate` and `policies simulate` print it. */
export function printSimulation(cli: Cli, name: string, simulation: Simulation): void {
  const { changes, unchanged, riskBefore, riskAfter, keys } = simulation;
  const risk = ({ score, band }: Simulation['riskBefore']): string => `${score.toFixed(1)} ${band}`;
  cli.output.line(`${safeText(name)}: risk ${risk(riskBefore)} -> ${risk(riskAfter)}`);
  cli.output.line(`keys that would be made: ${safeText(formatList(keys))}`);
  if (changes.length === 0) cli.output.line('Nothing would change.');
  printTable(
    cli.output,
    [{ title: 'ROLE' }, { title: 'NOW' }, { title: 'THEN' }],
    [
      ...changes.map(({ role, from, to }) => [role, from ?? '-', to]),
      ...unchanged.map(({ role, algorithm }) => [role, algorithm, algorithm]),
    ],
  );
}

interface Bundle {
  readonly folder: string;
  readonly force: boolean;
}

/** The files of each type, in the order in which they are written; a key is readable by its owner alone. */
const filesByType: Readonly<Partial<Record<AssetView['type'], readonly string[]>>> = {
  'data-store': ['wrapped-data-key.json'],
  'api-endpoint': ['jwks.json'],
  'token-issuer': ['jwks.json'],
  certificate: ['key.pem', 'cert.pem', 'csr.pem'],
  'tls-endpoint': ['key.pem', 'cert.pem', 'csr.pem', 'tls-options.json', 'nginx.conf', 'apache.conf', 'haproxy.cfg'],
};

function needBundle(cli: Cli, asset: AssetView, out: string, force: boolean): Bundle {
  const folder = resolve(cli.environment.folder, out);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new CliError('CLI_FILE_UNWRITABLE', `${folder} cannot be made (${systemCode(error)}).`);
  }
  for (const name of filesByType[asset.type] ?? []) needFreePath(join(folder, name), force);
  return { folder, force };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Fetches what the job made and writes it; the private key is readable by its owner alone from its first byte on. */
async function writeBundle({ client }: Connection, asset: AssetView, { folder, force }: Bundle): Promise<string[]> {
  const params = { id: asset.id };
  const write = (name: string, content: string, mode: 0o600 | 0o644): string => {
    const file = join(folder, name);
    writeOutputFile(file, content, { force, mode });
    return file;
  };
  if (asset.type === 'data-store') {
    return [write('wrapped-data-key.json', json(await client.getDataKey({ params })), 0o644)];
  }
  if (asset.type === 'api-endpoint' || asset.type === 'token-issuer') {
    return [write('jwks.json', json(await client.getJwks({ params })), 0o644)];
  }
  const lines = (pem: string): string => (pem.endsWith('\n') ? pem : `${pem}\n`);
  const certificate = (made: { privateKeyPem: string; certificatePem: string; csrPem: string }): string[] => [
    write('key.pem', lines(made.privateKeyPem), 0o600),
    write('cert.pem', lines(made.certificatePem), 0o644),
    write('csr.pem', lines(made.csrPem), 0o644),
  ];
  if (asset.type === 'certificate') return certificate(await client.getCertificate({ params }));
  const bundle = await client.getTlsBundle({ params });
  const { serverConfig } = bundle;
  return [
    ...certificate(bundle),
    write('tls-options.json', json(bundle.nodeTlsOptions), 0o644),
    ...(serverConfig === null
      ? []
      : [
          write('nginx.conf', serverConfig.nginx, 0o644),
          write('apache.conf', serverConfig.apache, 0o644),
          write('haproxy.cfg', serverConfig.haproxy, 0o644),
        ]),
  ];
}
