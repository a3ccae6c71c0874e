import type { ApiKeyView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { collect, connect, needBody } from '../../connection/connect.ts';
import { needId } from '../../connection/resolve.ts';
import { formatInstant } from '../../terminal/format.ts';
import { printFields, printTable } from '../../terminal/table.ts';
import { addPlaceOptions, type PlaceOptions, placeOf } from '../access/place-options.ts';
import { parseCount, parseWhole } from '../option-values.ts';
import { addSecretOptions, keepSecret, type SecretOptions } from './secret-output.ts';
import { resolveServiceAccount } from './service-accounts.ts';

interface ListOptions extends JsonOption {
  readonly organization?: boolean;
  readonly owner?: string;
  readonly ended?: boolean;
  readonly limit: number;
}

interface CreateOptions extends SecretOptions, PlaceOptions {
  readonly serviceAccount?: string;
  readonly permissions?: string;
  readonly network: readonly string[];
  readonly days?: number;
}

interface RotateOptions extends SecretOptions {
  readonly organization?: boolean;
  readonly overlap: number;
}

const optionNames = {
  name: '<name>',
  permissions: '--permissions',
  allowedNetworks: '--network',
  expiresInDays: '--days',
};
const asAdministrator = 'a key of the organization, as its administrator, and not an own one';

export function addApiKeys(program: Command, cli: Running): void {
  const keys = program.command('api-keys').description('API keys: your own, and those of service accounts');
  addCommand(keys, 'list', 'List API keys, newest first', { isDefault: true })
    .option('--organization', 'of everybody in the organization')
    .option('--owner <id>', 'of this user or service account (with --organization)')
    .option('--ended', 'also those that are revoked or have expired')
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: ListOptions) => listKeys(cli, options)));
  addSecretOptions(
    addPlaceOptions(
      addCommand(keys, 'create <name>', 'Make a key that may no more than you')
        .option('--service-account <account>', 'for this service account (id or name), and not for yourself')
        .option('--permissions <names>', 'for these alone, comma-separated, e.g. asset.read,asset.scan')
        .option('--network <cidr>', 'from this network alone; may be given again', gather, [])
        .option('--days <count>', 'ends after so many days', parseWhole(1, 3650)),
    ),
  ).action(ending(cli, (name: string, options: CreateOptions) => createKey(cli, name, options)));
  addSecretOptions(
    addCommand(keys, 'rotate <id>', 'Replace a key by one with the same limits')
      .option('--organization', asAdministrator)
      .option('--overlap <hours>', 'how long the old key stays good beside the new one', parseWhole(0, 720), 24),
  ).action(ending(cli, (id: string, options: RotateOptions) => rotateKey(cli, id, options)));
  addCommand(keys, 'revoke <id>', 'Revoke a key: it is dead from the next request on')
    .option('--organization', asAdministrator)
    .action(
      ending(cli, (id: string, options: { readonly organization?: boolean } & JsonOption) =>
        revokeKey(cli, id, options),
      ),
    );
}

const gather = (text: string, before: readonly string[]): readonly string[] => [...before, text];

const untilText = ({ state, expiresAt, revokedAt }: ApiKeyView): string => {
  if (revokedAt !== null) return `revoked ${formatInstant(revokedAt)}`;
  if (expiresAt === null) return '-';
  return state === 'expired' ? `expired ${formatInstant(expiresAt)}` : formatInstant(expiresAt);
};

function limitsText(key: ApiKeyView): string {
  const place = [
    ...(key.environmentId === null ? [] : [`environment ${key.environmentId}`]),
    ...(key.projectId === null ? [] : [`project ${key.projectId}`]),
    ...(key.serviceId === null ? [] : [`service ${key.serviceId}`]),
  ];
  const limits = [
    ...(key.origin === 'setting' ? ['OF A SETTING: replace it'] : []),
    ...(key.permissions === null ? [] : [`${key.permissions.length} permissions`]),
    ...place,
    ...key.allowedNetworks,
  ];
  return limits.length === 0 ? '-' : limits.join(', ');
}

async function listKeys(cli: Cli, { organization, owner, ended, limit, json }: ListOptions): Promise<void> {
  const { client } = await connect(cli);
  const includeEnded = ended === true ? ('true' as const) : ('false' as const);
  const ofOwner = owner === undefined ? {} : { ownerId: needId(owner, 'an owner') };
  const isOfAll = organization === true || owner !== undefined;
  const items = await collect(limit, (page) =>
    isOfAll
      ? client.listApiKeys({ query: { ...page, ...ofOwner, includeEnded } })
      : client.listOwnApiKeys({ query: { ...page, includeEnded } }),
  );
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No API keys.');
  printTable(
    cli.output,
    [
      { title: 'ID' },
      { title: 'NAME' },
      { title: 'PREFIX' },
      ...(isOfAll ? [{ title: 'OWNER' }] : []),
      { title: 'STATE' },
      { title: 'UNTIL' },
      { title: 'LAST USE' },
      { title: 'LIMITS' },
    ],
    items.map((key) => [
      key.id,
      key.name,
      key.prefix,
      ...(isOfAll ? [key.owner.name] : []),
      key.state,
      untilText(key),
      key.lastUsedAt === null ? '-' : formatInstant(key.lastUsedAt),
      limitsText(key),
    ]),
  );
}

function printKey(cli: Cli, key: ApiKeyView): void {
  printFields(cli.output, [
    ['API key', key.id],
    ['name', key.name],
    ['begins with', key.prefix],
    ['of', `${key.owner.name} (${key.owner.kind})`],
    ['until', untilText(key)],
    ...(key.replaces === null ? [] : [['replaces', key.replaces] as const]),
    ['limits', limitsText(key)],
  ]);
}

async function createKey(cli: Cli, name: string, options: CreateOptions): Promise<void> {
  const { serviceAccount, permissions, network, days } = options;
  const connection = await connect(cli);
  const { client, routes, api } = connection;
  const limits = {
    name,
    ...(permissions === undefined ? {} : { permissions: permissions.split(',').map((part) => part.trim()) }),
    ...placeOf(options).place,
    allowedNetworks: [...network],
    ...(days === undefined ? {} : { expiresInDays: days }),
  };
  const own = needBody(routes.createOwnApiKey, limits, optionNames);
  const ask = async () => {
    if (serviceAccount === undefined) return client.createOwnApiKey({ body: api.createOwnApiKeyBody.parse(own) });
    const { id: serviceAccountId } = await resolveServiceAccount(connection, serviceAccount);
    return client.createApiKey({ body: api.createApiKeyBody.parse({ ...own, serviceAccountId }) });
  };
  await keepSecret(cli, options, { ask, print: ({ key }) => printKey(cli, key) });
}

async function rotateKey(cli: Cli, text: string, options: RotateOptions): Promise<void> {
  const id = needId(text, 'an API key');
  const { client } = await connect(cli);
  const call = { params: { id }, body: { overlapHours: options.overlap } };
  await keepSecret(cli, options, {
    ask: () => (options.organization === true ? client.rotateApiKey(call) : client.rotateOwnApiKey(call)),
    print: ({ key }) => printKey(cli, key),
  });
}

async function revokeKey(
  cli: Cli,
  text: string,
  { organization, json }: { readonly organization?: boolean } & JsonOption,
): Promise<void> {
  const id = needId(text, 'an API key');
  const { client } = await connect(cli);
  if (organization === true) await client.revokeApiKey({ params: { id } });
  else await client.revokeOwnApiKey({ params: { id } });
  if (json) return cli.output.json({ id, state: 'revoked' });
  cli.output.line(`The API key ${id} is revoked.`);
}
