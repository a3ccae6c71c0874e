import type { AssetView, ReadinessView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { collect, connect, needBody } from '../connection/connect.ts';
import { needId, resolveAsset } from '../connection/resolve.ts';
import { CliError } from '../errors.ts';
import { formatInstant, formatList } from '../terminal/format.ts';
import { safeText } from '../terminal/safe-text.ts';
import { levelStyle, stateStyle } from '../terminal/style.ts';
import { type Cell, printFields, printTable } from '../terminal/table.ts';
import { parseCount, parseYears } from './option-values.ts';

interface ListOptions extends JsonOption {
  readonly sensitivity?: AssetView['sensitivity'];
  readonly exposure?: AssetView['exposure'];
  readonly band?: AssetView['risk']['band'];
  readonly state?: AssetView['state'];
  readonly environment?: string;
  readonly owner?: string;
  readonly tag?: string;
  readonly search?: string;
  readonly keyExchange?: string;
  readonly signature?: string;
  readonly encryption?: string;
  readonly finding?: string;
  readonly protection?: 'applied' | 'none';
  readonly readiness?: ReadinessView;
  readonly type?: AssetView['type'];
  readonly sort?: 'newest' | 'risk';
  readonly archived?: boolean;
  readonly limit: number;
}

interface ClassificationOptions extends JsonOption {
  readonly sensitivity?: AssetView['sensitivity'];
  readonly exposure?: AssetView['exposure'];
  readonly lifetime?: number;
  readonly owner?: string | false;
  readonly tag?: string[];
}

interface ReasonOptions extends JsonOption {
  readonly reason: string;
}

interface AddOptions extends ClassificationOptions {
  readonly name: string;
  readonly type: AssetView['type'];
  readonly endpoint: string;
  readonly environment?: string;
}

const optionNames = {
  dataLifetimeYears: '--lifetime',
  sensitivity: '--sensitivity',
  exposure: '--exposure',
  type: '--type',
};

/** Adds an option's value to the ones before it: `--tag a --tag b`. */
const gather = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** Options that say how much an asset matters; `scan tls --save` has them too. */
export function addClassificationOptions(command: Command): Command {
  return command
    .option('--sensitivity <name>', 'public, internal, confidential, restricted or top-secret')
    .option('--exposure <name>', 'internal, partner or internet')
    .option('--lifetime <years>', 'years for which the data must stay confidential', parseYears);
}

export function addAssets(program: Command, cli: Running): void {
  const assets = program.command('assets').description('The inventory: what is protected, how, and at what risk');
  addCommand(assets, 'list', 'List assets', { isDefault: true })
    .option('--type <type>', 'only assets of this type')
    .option('--sensitivity <name>', 'only of this sensitivity')
    .option('--exposure <name>', 'only of this exposure')
    .option('--band <band>', 'only of this band of risk: low, moderate, high or critical')
    .option('--state <state>', 'active, archived, merged or withdrawn')
    .option('--environment <id>', 'only of this environment')
    .option('--owner <name>', 'only of this owner')
    .option('--tag <tag>', 'only with this tag')
    .option('--search <words>', 'only with these words, or words that begin like them, in name or endpoint')
    .option('--key-exchange <name>', 'only with this key exchange: RSA, or what a modern client gets, e.g. x25519')
    .option('--signature <name>', 'only with a key of this algorithm or family: RSA-2048, RSA, ML-DSA, ...')
    .option('--encryption <name>', 'only with this cipher')
    .option('--finding <rule>', 'only where the last scan found this, e.g. tls-no-pq-group')
    .option('--protection <how>', 'applied or none: whether a policy protects it')
    .option('--readiness <state>', 'what a quantum computer would do: vulnerable, partial, safe or unknown')
    .option('--sort <order>', 'newest or risk')
    .option('--archived', 'archived ones too')
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: ListOptions) => listAssets(cli, options)));
  addCommand(assets, 'show <asset>', 'Show one asset and why its risk is what it is').action(
    ending(cli, (asset: string, options: JsonOption) => showAsset(cli, asset, options)),
  );
  const add = addCommand(assets, 'add', 'Record an asset by hand')
    .requiredOption('--name <name>', 'what people call it')
    .requiredOption('--type <type>', 'tls-endpoint, data-store, certificate, ...')
    .requiredOption('--endpoint <place>', 'where it is, for example db.internal:5432');
  addClassificationOptions(add)
    .option('--owner <name>', 'who answers for it')
    .option('--tag <tag>', 'may be repeated', gather)
    .option('--environment <id>', 'default: the first environment of the organization')
    .action(ending(cli, (options: AddOptions) => addAsset(cli, options)));
  const classify = addCommand(
    assets,
    'classify <asset>',
    'Change how much an asset matters; its risk is computed anew',
  );
  addClassificationOptions(classify)
    .option('--owner <name>', 'who answers for it')
    .option('--no-owner', 'nobody answers for it')
    .option('--tag <tag>', 'may be repeated; replaces the tags', gather)
    .action(ending(cli, (asset: string, options: ClassificationOptions) => classifyAsset(cli, asset, options)));
  addCommand(assets, 'merge <asset> <into>', 'Make one entry of two that are the same thing')
    .requiredOption('--reason <text>', 'why')
    .action(
      ending(cli, (asset: string, into: string, options: ReasonOptions) => mergeAsset(cli, asset, into, options)),
    );
  addCommand(assets, 'withdraw <asset>', 'Take an entry that was a mistake out of the inventory; its history stays')
    .requiredOption('--reason <text>', 'why')
    .action(ending(cli, (asset: string, options: ReasonOptions) => withdrawAsset(cli, asset, options)));
  addCommand(assets, 'archive <asset>', 'Take an asset out of the inventory; its history stays').action(
    ending(cli, (asset: string, options: JsonOption) => archiveAsset(cli, asset, options)),
  );
}

async function listAssets(cli: Cli, { archived, limit, json, environment, ...given }: ListOptions): Promise<void> {
  const { client, api } = await connect(cli);
  const filter = {
    ...given,
    ...(environment === undefined ? {} : { environmentId: needId(environment, 'an environment') }),
    ...(archived ? { includeArchived: 'true' as const } : {}),
  };
  const checked = api.listAssetsQuery.safeParse(filter);
  if (!checked.success) {
    throw new CliError(
      'CLI_WRONG_USE',
      checked.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('; '),
    );
  }
  const items = await collect(limit, (page) => client.listAssets({ query: { ...filter, ...page } }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No assets. Find some with: qv scan tls HOST:PORT --save');
  printAssets(cli, items);
}

/** The table of `assets list`, also printed after a scan was stored. */
export function printAssets(cli: Cli, items: readonly AssetView[]): void {
  printTable(
    cli.output,
    [
      { title: 'ID' },
      { title: 'TYPE' },
      { title: 'RISK', align: 'right' },
      { title: 'BAND' },
      { title: 'STATE' },
      { title: 'NAME' },
    ],
    items.map(({ id, type, risk, encryptionProfile, name, state }) => [
      id,
      type,
      risk.score.toFixed(1),
      { text: risk.band, style: levelStyle(risk.band) },
      state === 'active' ? stateCell(encryptionProfile) : state,
      name,
    ]),
  );
}

const states = { scan: 'scanned', protection: 'protected', declared: 'declared' } as const;

/** How it is known what protects the asset now. */
function stateCell(profile: AssetView['encryptionProfile']): Cell {
  const state = profile === null ? 'unknown' : states[profile.source];
  return { text: state, style: stateStyle(state) };
}

async function showAsset(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const asset = await resolveAsset(await connect(cli), given);
  if (json) return cli.output.json(asset);
  printAsset(cli, asset);
}

function printAsset(cli: Cli, asset: AssetView): void {
  const { risk, encryptionProfile: profile } = asset;
  const { mosca, harvestNowDecryptLater: harvest } = risk;
  const policy = profile?.appliedPolicy;
  printFields(cli.output, [
    ['id', asset.id],
    ['name', asset.name],
    ['type', asset.type],
    ['endpoint', asset.endpoint],
    ['owner', asset.owner ?? '-'],
    ['classification', `${asset.sensitivity}, ${asset.exposure}, secret for ${asset.dataLifetimeYears} years`],
    ['tags', formatList(asset.tags)],
    ['protection', stateCell(profile)],
    ...(profile?.uses ?? []).map(({ role, algorithm }) => [`  ${role}`, algorithm] as const),
    ...(policy === undefined ? [] : ([['  policy', `${policy.policyId}, version ${policy.policyVersion}`]] as const)),
    ['risk', { text: `${risk.score.toFixed(1)} ${risk.band}`, style: levelStyle(risk.band) }],
    [
      '  in time',
      { text: `${mosca.verdict}: ${mosca.because}`, style: mosca.verdict === 'in-time' ? 'green' : 'yellow' },
    ],
    [
      '  read later',
      { text: `${harvest.isExposed ? 'yes' : 'no'}: ${harvest.because}`, style: harvest.isExposed ? 'red' : 'plain' },
    ],
    ['last seen', formatInstant(asset.lastSeenAt)],
    ...(asset.archivedAt === null ? [] : ([['archived', formatInstant(asset.archivedAt)]] as const)),
  ]);
  cli.output.line();
  printTable(
    cli.output,
    [{ title: 'FACTOR' }, { title: 'VALUE', align: 'right' }, { title: 'BECAUSE' }],
    risk.explanation.map(({ factor, value, because }) => [factor, String(value), because]),
  );
  if (risk.weaknesses.length === 0) return;
  cli.output.line();
  printTable(
    cli.output,
    [{ title: 'SEVERITY' }, { title: 'WEAKNESS' }],
    risk.weaknesses.map(({ severity, message }) => [{ text: severity, style: levelStyle(severity) }, message]),
  );
}

function classification({ sensitivity, exposure, lifetime, tag }: ClassificationOptions) {
  return {
    ...(sensitivity === undefined ? {} : { sensitivity }),
    ...(exposure === undefined ? {} : { exposure }),
    ...(lifetime === undefined ? {} : { dataLifetimeYears: lifetime }),
    ...(tag === undefined ? {} : { tags: tag }),
  };
}

async function addAsset(cli: Cli, options: AddOptions): Promise<void> {
  const { name, type, endpoint, owner, environment, json } = options;
  const { client, routes } = await connect(cli);
  const body = {
    name,
    type,
    endpoint,
    ...(typeof owner === 'string' ? { owner } : {}),
    ...(environment === undefined ? {} : { environmentId: environment }),
    ...classification(options),
  };
  const asset = await client.createAsset({
    body: needBody(routes.createAsset, body, { ...optionNames, environmentId: '--environment' }),
  });
  if (json) return cli.output.json(asset);
  printAssets(cli, [asset]);
}

async function classifyAsset(cli: Cli, given: string, options: ClassificationOptions): Promise<void> {
  const connection = await connect(cli);
  const { api, routes } = connection;
  const owner = options.owner === undefined ? {} : { owner: options.owner === false ? null : options.owner };
  const body = needBody(routes.classifyAsset, { ...classification(options), ...owner }, optionNames);
  const { id } = await resolveAsset(connection, given);
  // The change is made from the version that the server has now: If-Match notices who changed it in between.
  const current = await api.callRoute(connection.options, routes.getAsset, { params: { id } });
  const changed = await connection.client.classifyAsset(
    { params: { id }, body },
    current.etag === null ? {} : { ifMatch: current.etag },
  );
  if (options.json) return cli.output.json(changed);
  const { score, band } = changed.risk;
  cli.output.line(
    `${safeText(changed.name)}: risk ${current.value.risk.score.toFixed(1)} -> ${score.toFixed(1)} (${band})`,
  );
}

async function mergeAsset(cli: Cli, given: string, into: string, { reason, json }: ReasonOptions): Promise<void> {
  const connection = await connect(cli);
  const [{ id, name }, { id: intoId }] = [await resolveAsset(connection, given), await resolveAsset(connection, into)];
  const { mergeAsset: contract } = connection.routes;
  const body = needBody(contract, { intoId, reason }, { reason: '--reason' });
  const merged = await connection.client.mergeAsset({ params: { id }, body });
  if (json) return cli.output.json(merged);
  cli.output.line(`${safeText(name)} is merged into ${safeText(merged.name)}.`);
}

async function withdrawAsset(cli: Cli, given: string, { reason, json }: ReasonOptions): Promise<void> {
  const connection = await connect(cli);
  const { id, name } = await resolveAsset(connection, given);
  const body = needBody(connection.routes.withdrawAsset, { reason }, { reason: '--reason' });
  const withdrawn = await connection.client.withdrawAsset({ params: { id }, body });
  if (json) return cli.output.json(withdrawn);
  cli.output.line(`${safeText(name)} is withdrawn.`);
}

async function archiveAsset(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const connection = await connect(cli);
  const { id, name } = await resolveAsset(connection, given);
  await connection.client.archiveAsset({ params: { id } });
  if (json) return cli.output.json({ id, archived: true });
  cli.output.line(`${safeText(name)} is archived.`);
}
