import type { AssetView, PolicyView } from '@quantumvault/api';
import { type Command, Option } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { collect, connect, needBody } from '../connection/connect.ts';
import { resolveAsset, resolvePolicy } from '../connection/resolve.ts';
import { CliError } from '../errors.ts';
import { readTextFile } from '../local/input-file.ts';
import { formatInstant, formatList } from '../terminal/format.ts';
import { safeText } from '../terminal/safe-text.ts';
import { printFields, printTable } from '../terminal/table.ts';
import { parseCount, parseDays, parseWhole } from './option-values.ts';
import { printSimulation } from './protect.ts';

type Spec = PolicyView['spec'];

interface SpecOptions extends JsonOption {
  readonly name?: string;
  readonly file?: string;
  readonly mode?: Spec['mode'];
  readonly kem?: string;
  readonly signature?: string;
  readonly aead?: string;
  readonly rotationDays?: number;
  readonly level?: number;
  readonly assetTypes?: string;
  readonly deadline?: string | false;
}

const optionNames = {
  name: '--name',
  'spec.mode': '--mode',
  'spec.kem': '--kem',
  'spec.signature': '--signature',
  'spec.aead': '--aead',
  'spec.rotationDays': '--rotation-days',
  'spec.targetLevel': '--level',
  'spec.assetTypes': '--asset-types',
  'spec.deadline': '--deadline',
};

function addSpecOptions(command: Command): Command {
  return command
    .option('--file <json>', 'read the policy from a JSON file; options given beside it win')
    .addOption(new Option('--mode <mode>', 'which kinds of algorithms').choices(['classical', 'pqc', 'hybrid']))
    .option('--kem <ids>', 'key establishment: registry ids (qv crypto info) in order of preference, comma-separated')
    .option('--signature <ids>', 'signatures, likewise')
    .option('--aead <ids>', 'ciphers, likewise')
    .option('--rotation-days <days>', 'days after which keys are replaced', parseDays)
    .option('--level <category>', 'NIST category that must be reached, 0 to 5; 0 in classical mode', parseWhole(0, 5))
    .option('--asset-types <types>', 'comma-separated types that the policy is for; all when left out')
    .option('--deadline <date>', 'day by which every asset must be protected, YYYY-MM-DD');
}

interface ImpactOptions extends JsonOption {
  readonly type?: AssetView['type'];
  readonly limit: number;
}

export function addPolicies(program: Command, cli: Running): void {
  const policies = program.command('policies').description('Protection policies: which algorithms an asset needs');
  addCommand(policies, 'list', 'List protection policies', { isDefault: true })
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: JsonOption & { limit: number }) => listPolicies(cli, options)));
  addCommand(policies, 'show <policy>', 'Show one protection policy, by id or name').action(
    ending(cli, (policy: string, options: JsonOption) => showPolicy(cli, policy, options)),
  );
  addSpecOptions(
    addCommand(policies, 'create', 'Create a protection policy').option('--name <name>', 'its name'),
  ).action(ending(cli, (options: SpecOptions) => createPolicy(cli, options)));
  addSpecOptions(
    addCommand(policies, 'update <policy>', 'Change a protection policy: a new version').option(
      '--name <name>',
      'a new name',
    ),
  )
    .option('--no-deadline', 'take the deadline away')
    .action(ending(cli, (policy: string, options: SpecOptions) => updatePolicy(cli, policy, options)));
  addCommand(
    policies,
    'simulate <policy> <asset>',
    'Say what a protection policy would change on an asset; changes nothing',
  ).action(ending(cli, (policy: string, asset: string, options: JsonOption) => simulate(cli, policy, asset, options)));
  addCommand(
    policies,
    'impact <policy>',
    'Say what a protection policy would change on assets, riskiest first; changes nothing',
  )
    .option('--type <type>', 'only assets of this type')
    .option('--limit <count>', 'look at so many at most', parseCount, 50)
    .action(ending(cli, (policy: string, options: ImpactOptions) => impact(cli, policy, options)));
}

async function impact(cli: Cli, given: string, { type, limit, json }: ImpactOptions): Promise<void> {
  const connection = await connect(cli);
  const { name, spec } = await resolvePolicy(connection, given);
  const filter = type === undefined ? {} : { type };
  const items = await collect(limit, (page) =>
    connection.client.simulatePolicy({ body: { name, spec, filter, ...page } }),
  );
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No assets.');
  printTable(
    cli.output,
    [{ title: 'OUTCOME' }, { title: 'RISK' }, { title: 'ASSET' }, { title: 'WHAT' }],
    items.map(({ outcome, riskBefore, riskAfter, name: asset, changes, reason }) => [
      outcome,
      `${riskBefore.score.toFixed(1)} -> ${riskAfter.score.toFixed(1)}`,
      asset,
      reason ?? formatList(changes.map(({ from, to }) => `${from ?? '-'} -> ${to}`)),
    ]),
  );
}

async function listPolicies(cli: Cli, { limit, json }: JsonOption & { limit: number }): Promise<void> {
  const { client } = await connect(cli);
  const items = await collect(limit, (page) => client.listPolicies({ query: page }));
  if (json) return cli.output.json(items);
  printTable(
    cli.output,
    [{ title: 'ID' }, { title: 'MODE' }, { title: 'VERSION', align: 'right' }, { title: 'KEM' }, { title: 'NAME' }],
    items.map(({ id, name, builtIn, version, spec }) => [
      id,
      spec.mode,
      String(version),
      formatList(spec.kem),
      builtIn ? `${name} (built in)` : name,
    ]),
  );
}

async function showPolicy(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const policy = await resolvePolicy(await connect(cli), given);
  if (json) return cli.output.json(policy);
  printPolicy(cli, policy);
}

function printPolicy(cli: Cli, { id, name, builtIn, version, spec, updatedAt }: PolicyView): void {
  printFields(cli.output, [
    ['id', id],
    ['name', builtIn ? `${name} (built in)` : name],
    ['version', `${version}, ${formatInstant(updatedAt)}`],
    ['mode', spec.mode],
    ['key establishment', formatList(spec.kem)],
    ['signature', formatList(spec.signature)],
    ['cipher', formatList(spec.aead)],
    ['rotation', `every ${spec.rotationDays} days`],
    ['level', `NIST category ${spec.targetLevel}`],
    ['for', spec.assetTypes.length === 0 ? 'every type of asset' : formatList(spec.assetTypes)],
    ['deadline', spec.deadline ?? '-'],
  ]);
}

const listOf = (text: string | undefined): string[] | undefined => text?.split(',').map((item) => item.trim());

/** What the options say of a specification; each is only there when it was given. */
function specOf(options: SpecOptions): Partial<Record<keyof Spec, unknown>> {
  const { mode, kem, signature, aead, rotationDays, level, assetTypes, deadline } = options;
  const given = {
    mode,
    kem: listOf(kem),
    signature: listOf(signature),
    aead: listOf(aead),
    rotationDays,
    targetLevel: level,
    assetTypes: listOf(assetTypes),
    deadline: deadline === false ? null : deadline,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** `{name?, spec?}` from a file, read as what it is: unknown until the contract has parsed it. */
function readPolicyFile(file: string | undefined): { readonly name?: unknown; readonly spec?: object } {
  if (file === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(readTextFile(file));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError('CLI_FILE_UNREADABLE', `${file} is not JSON.`);
  }
  if (typeof value !== 'object' || value === null)
    throw new CliError('CLI_FILE_UNREADABLE', `${file} holds no policy.`);
  const { name, spec } = { name: undefined, spec: undefined, ...value } as { name: unknown; spec: unknown };
  return {
    ...(name === undefined ? {} : { name }),
    ...(typeof spec === 'object' && spec !== null ? { spec } : {}),
  };
}

async function createPolicy(cli: Cli, options: SpecOptions): Promise<void> {
  const file = readPolicyFile(options.file);
  const { client, routes, api } = await connect(cli);
  const draft = { name: options.name ?? file.name, spec: { ...file.spec, ...specOf(options) } };
  needBody(routes.createPolicy, draft, optionNames);
  const policy = await client.createPolicy({ body: api.createPolicyBody.parse(draft) });
  if (options.json) return cli.output.json(policy);
  printPolicy(cli, policy);
}

async function updatePolicy(cli: Cli, given: string, options: SpecOptions): Promise<void> {
  const file = readPolicyFile(options.file);
  const change = { ...file.spec, ...specOf(options) };
  const name = options.name ?? file.name;
  const connection = await connect(cli);
  const { api, routes } = connection;
  const { id } = await resolvePolicy(connection, given);
  const current = await api.callRoute(connection.options, routes.getPolicy, { params: { id } });
  const draft = {
    ...(name === undefined ? {} : { name }),
    ...(Object.keys(change).length === 0 ? {} : { spec: { ...current.value.spec, ...change } }),
  };
  needBody(routes.updatePolicy, draft, optionNames);
  const body = api.updatePolicyBody.parse(draft);
  const policy = await connection.client.updatePolicy(
    { params: { id }, body },
    current.etag === null ? {} : { ifMatch: current.etag },
  );
  if (options.json) return cli.output.json(policy);
  cli.output.line(`${safeText(policy.name)} is now version ${policy.version}.`);
}

async function simulate(cli: Cli, policyGiven: string, assetGiven: string, { json }: JsonOption): Promise<void> {
  const connection = await connect(cli);
  const policy = await resolvePolicy(connection, policyGiven);
  const asset = await resolveAsset(connection, assetGiven);
  const body = { policyId: policy.id, simulate: true };
  const { simulation } = await connection.client.applyPolicy({ params: { id: asset.id }, body });
  if (json) return cli.output.json(simulation);
  printSimulation(cli, asset.name, simulation);
}
