import type { ServiceAccountView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { type Connection, collect, connect, needBody } from '../../connection/connect.ts';
import { needId } from '../../connection/resolve.ts';
import { CliError } from '../../errors.ts';
import { formatInstant } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { printFields, printTable } from '../../terminal/table.ts';
import { parseCount } from '../option-values.ts';

interface AccountOptions extends JsonOption {
  readonly name?: string;
  readonly description?: string;
  readonly owner?: string;
}

const optionNames = { name: '--name', description: '--description', ownerId: '--owner' };
// As many as an organization may have.
const accountsMax = 1_000;

export function addServiceAccounts(program: Command, cli: Running): void {
  const accounts = program
    .command('service-accounts')
    .description('Service accounts: what programs act as; qv grants gives them roles, qv api-keys their keys');
  addCommand(accounts, 'list', 'List service accounts, oldest first', { isDefault: true })
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: JsonOption & { limit: number }) => listAccounts(cli, options)));
  addCommand(accounts, 'show <account>', 'Show one, by id or name').action(
    ending(cli, (account: string, options: JsonOption) => showAccount(cli, account, options)),
  );
  addCommand(accounts, 'create <name>', 'Create a service account, which may nothing yet')
    .option('--description <text>', 'what it is for')
    .option('--owner <id>', 'the user who answers for it; you, when it is left out')
    .action(ending(cli, (name: string, options: AccountOptions) => createAccount(cli, name, options)));
  addCommand(accounts, 'update <account>', 'Change name, description or owner')
    .option('--name <name>', 'a new name')
    .option('--description <text>', 'what it is for')
    .option('--owner <id>', 'the user who answers for it')
    .action(ending(cli, (account: string, options: AccountOptions) => updateAccount(cli, account, options)));
  addCommand(
    accounts,
    'suspend <account>',
    'Suspend it: none of its credentials works from the next request on',
  ).action(
    ending(cli, (account: string, options: JsonOption) => enable(cli, account, { ...options, isEnabled: false })),
  );
  addCommand(accounts, 'resume <account>', 'Let a suspended one in again').action(
    ending(cli, (account: string, options: JsonOption) => enable(cli, account, { ...options, isEnabled: true })),
  );
  addCommand(accounts, 'delete <account>', 'Delete it with its keys and grants; the log keeps its id').action(
    ending(cli, (account: string, options: JsonOption) => deleteAccount(cli, account, options)),
  );
}

/** A service account by id or name; a name that several have is no answer. */
export async function resolveServiceAccount({ client }: Connection, given: string): Promise<ServiceAccountView> {
  const all = await collect(accountsMax, (page) => client.listServiceAccounts({ query: page }));
  const found = all.filter(({ id, name }) => id === given.toLowerCase() || name === given);
  const [only] = found;
  if (only === undefined) throw new CliError('CLI_NOT_FOUND', `There is no service account "${safeText(given)}".`);
  if (found.length > 1)
    throw new CliError('CLI_WRONG_USE', `More than one service account answers to "${safeText(given)}"; give the id.`);
  return only;
}

async function listAccounts(cli: Cli, { limit, json }: JsonOption & { limit: number }): Promise<void> {
  const { client } = await connect(cli);
  const items = await collect(limit, (page) => client.listServiceAccounts({ query: page }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No service accounts.');
  printTable(
    cli.output,
    [{ title: 'ID' }, { title: 'NAME' }, { title: 'STATUS' }, { title: 'ROLES' }, { title: 'DESCRIPTION' }],
    items.map(({ id, name, status, roles, description }) => [
      id,
      name,
      status,
      roles.length === 0 ? '-' : roles.join(', '),
      description || '-',
    ]),
  );
}

function printAccount(cli: Cli, account: ServiceAccountView): void {
  printFields(cli.output, [
    ['service account', account.id],
    ['name', account.name],
    ['description', account.description || '-'],
    ['owner', account.ownerId ?? '-'],
    ['status', account.status],
    ['roles', account.roles.length === 0 ? '-' : account.roles.join(', ')],
    ['created', formatInstant(account.createdAt)],
  ]);
}

async function showAccount(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const account = await resolveServiceAccount(await connect(cli), given);
  if (json) return cli.output.json(account);
  printAccount(cli, account);
}

const bodyOf = ({ name, description, owner }: AccountOptions): object => ({
  ...(name === undefined ? {} : { name }),
  ...(description === undefined ? {} : { description }),
  ...(owner === undefined ? {} : { ownerId: needId(owner, 'an owner') }),
});

async function createAccount(cli: Cli, name: string, { json, ...options }: AccountOptions): Promise<void> {
  const { client, routes, api } = await connect(cli);
  const body = needBody(routes.createServiceAccount, bodyOf({ ...options, name }), { ...optionNames, name: '<name>' });
  const account = await client.createServiceAccount({ body: api.createServiceAccountBody.parse(body) });
  if (json) return cli.output.json(account);
  printAccount(cli, account);
}

/** Reads the account, changes it as it was read, and gives it back. */
async function change(connection: Connection, given: string, body: object): Promise<ServiceAccountView> {
  const { client, routes, api, options } = connection;
  const checked = api.updateServiceAccountBody.parse(needBody(routes.updateServiceAccount, body, optionNames));
  const { id } = await resolveServiceAccount(connection, given);
  const { etag } = await api.callRoute(options, routes.getServiceAccount, { params: { id } });
  return client.updateServiceAccount({ params: { id }, body: checked }, etag === null ? {} : { ifMatch: etag });
}

async function updateAccount(cli: Cli, given: string, { json, ...options }: AccountOptions): Promise<void> {
  const account = await change(await connect(cli), given, bodyOf(options));
  if (json) return cli.output.json(account);
  printAccount(cli, account);
}

async function enable(
  cli: Cli,
  given: string,
  { json, isEnabled }: JsonOption & { readonly isEnabled: boolean },
): Promise<void> {
  const account = await change(await connect(cli), given, { isEnabled });
  if (json) return cli.output.json(account);
  cli.output.line(`The service account ${safeText(account.name)} is ${account.status}.`);
}

async function deleteAccount(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const connection = await connect(cli);
  const { id, name } = await resolveServiceAccount(connection, given);
  await connection.client.deleteServiceAccount({ params: { id } });
  if (json) return cli.output.json({ id, status: 'deleted' });
  cli.output.line(`The service account ${safeText(name)} is deleted.`);
}
