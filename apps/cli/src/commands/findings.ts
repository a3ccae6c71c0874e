import type { AssetFindingView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { collect, connect, needBody } from '../connection/connect.ts';
import { needId, resolveAsset } from '../connection/resolve.ts';
import { CliError } from '../errors.ts';
import { formatInstant } from '../terminal/format.ts';
import { levelStyle } from '../terminal/style.ts';
import { printTable } from '../terminal/table.ts';
import { parseCount, parseWhole } from './option-values.ts';

interface ListOptions extends JsonOption {
  readonly asset?: string;
  readonly severity?: AssetFindingView['severity'];
  readonly rule?: string;
  readonly state?: AssetFindingView['state'];
  readonly limit: number;
}

interface AcceptOptions extends JsonOption {
  readonly reason: string;
  readonly days: number;
}

export function addFindings(program: Command, cli: Running): void {
  const findings = program.command('findings').description('What scans found at assets, and what was decided about it');
  addCommand(findings, 'list', 'List findings', { isDefault: true })
    .option('--asset <asset>', 'of this asset: id, name or endpoint')
    .option('--severity <name>', 'info, low, medium, high or critical')
    .option('--rule <rule>', 'of this rule, for example tls-old-version')
    .option('--state <state>', 'open, accepted or gone')
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: ListOptions) => listFindings(cli, options)));
  addCommand(findings, 'accept <finding>', 'Live with a finding for a time; the risk stays what it is')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--days <count>', 'after so many days it is open again', parseWhole(1, 366))
    .action(ending(cli, (finding: string, options: AcceptOptions) => acceptFinding(cli, finding, options)));
  addCommand(findings, 'unaccept <finding>', 'Take the acceptance of a finding back').action(
    ending(cli, (finding: string, options: JsonOption) => unacceptFinding(cli, finding, options)),
  );
}

async function listFindings(cli: Cli, { asset, severity, rule, state, limit, json }: ListOptions): Promise<void> {
  const connection = await connect(cli);
  const { client, api } = connection;
  const filter = {
    ...(severity === undefined ? {} : { severity }),
    ...(rule === undefined ? {} : { rule }),
    ...(state === undefined ? {} : { state }),
  };
  const checked = api.listFindingsQuery.safeParse(filter);
  if (!checked.success) {
    const wrong = checked.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`);
    throw new CliError('CLI_WRONG_USE', wrong.join('; '));
  }
  const place = asset === undefined ? {} : { assetId: (await resolveAsset(connection, asset)).id };
  const items = await collect(limit, (page) => client.listFindings({ query: { ...filter, ...place, ...page } }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No findings.');
  printFindings(cli, items);
}

function printFindings(cli: Cli, items: readonly AssetFindingView[]): void {
  printTable(
    cli.output,
    [
      { title: 'ID' },
      { title: 'SEVERITY' },
      { title: 'STATE' },
      { title: 'UNTIL' },
      { title: 'RULE' },
      { title: 'FINDING' },
    ],
    items.map(({ id, severity, state, acceptance, rule, message }) => [
      id,
      { text: severity, style: levelStyle(severity) },
      state,
      state === 'accepted' && acceptance !== null ? formatInstant(acceptance.until) : '-',
      rule,
      message,
    ]),
  );
}

async function acceptFinding(cli: Cli, given: string, { reason, days, json }: AcceptOptions): Promise<void> {
  const id = needId(given, 'a finding');
  const { client, routes } = await connect(cli);
  const body = needBody(routes.acceptFinding, { reason, days }, { reason: '--reason', days: '--days' });
  const finding = await client.acceptFinding({ params: { id }, body });
  if (json) return cli.output.json(finding);
  printFindings(cli, [finding]);
}

async function unacceptFinding(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const id = needId(given, 'a finding');
  const { client } = await connect(cli);
  const finding = await client.unacceptFinding({ params: { id } });
  if (json) return cli.output.json(finding);
  printFindings(cli, [finding]);
}
