import type { RoleView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { type Connection, collect, connect, needBody } from '../../connection/connect.ts';
import { CliError } from '../../errors.ts';
import { formatInstant } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { printFields, printTable } from '../../terminal/table.ts';
import { parseCount } from '../option-values.ts';

interface RoleOptions extends JsonOption {
  readonly name?: string;
  readonly description?: string;
  readonly permissions?: string;
}

const optionNames = { name: '<name>', description: '--description', permissions: '--permissions' };
const rolesMax = 1_000;

export function addRoles(program: Command, cli: Running): void {
  const roles = program.command('roles').description('Roles: sets of permissions, built in or your own');
  addCommand(roles, 'list', 'List built-in and custom roles', { isDefault: true })
    .option('--limit <count>', 'at most this many', parseCount, 200)
    .action(ending(cli, (options: JsonOption & { limit: number }) => listRoles(cli, options)));
  addCommand(roles, 'show <role>', 'Show a role with its permissions').action(
    ending(cli, (role: string, options: JsonOption) => showRole(cli, role, options)),
  );
  addCommand(roles, 'create <name>', 'Make a role of permissions that you hold')
    .requiredOption('--permissions <names>', 'comma-separated, e.g. asset.read,asset.scan')
    .option('--description <text>', 'what it is for')
    .action(ending(cli, (name: string, options: RoleOptions) => createRole(cli, name, options)));
  addCommand(roles, 'update <role>', 'Change a custom role, at once and for everybody who holds it')
    .option('--name <name>', 'a new name')
    .option('--permissions <names>', 'all of them from now on, comma-separated')
    .option('--description <text>', 'what it is for')
    .action(ending(cli, (role: string, options: RoleOptions) => updateRole(cli, role, options)));
  addCommand(roles, 'delete <role>', 'Delete a custom role that nobody holds').action(
    ending(cli, (role: string) => deleteRole(cli, role)),
  );
}

async function resolveRole({ client }: Connection, given: string): Promise<RoleView> {
  const all = await collect(rolesMax, (page) => client.listRoles({ query: page }));
  const found = all.find(({ id, name }) => id === given.toLowerCase() || name === given);
  if (found === undefined) throw new CliError('CLI_NOT_FOUND', `There is no role "${safeText(given)}".`);
  return found;
}

async function customRole(
  connection: Connection,
  given: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const { id, name } = await resolveRole(connection, given);
  if (id === null) throw new CliError('CLI_WRONG_USE', `${name} is built in and does not change.`);
  return { id, name };
}

async function listRoles(cli: Cli, { limit, json }: JsonOption & { limit: number }): Promise<void> {
  const { client } = await connect(cli);
  const items = await collect(limit, (page) => client.listRoles({ query: page }));
  if (json) return cli.output.json(items);
  printTable(
    cli.output,
    [{ title: 'NAME' }, { title: 'KIND' }, { title: 'PERMISSIONS', align: 'right' }, { title: 'DESCRIPTION' }],
    items.map(({ name, builtIn, permissions, description }) => [
      name,
      builtIn ? 'built in' : 'custom',
      String(permissions.length),
      description || '-',
    ]),
  );
}

async function showRole(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const role = await resolveRole(await connect(cli), given);
  if (json) return cli.output.json(role);
  printRole(cli, role);
}

function printRole(cli: Cli, { id, name, description, builtIn, permissions, createdAt }: RoleView): void {
  printFields(cli.output, [
    ['role', builtIn ? `${name} (built in)` : name],
    ...(id === null ? [] : [['id', id] as const]),
    ['description', description || '-'],
    ...(createdAt === null ? [] : [['created', formatInstant(createdAt)] as const]),
    ...permissions.map((permission, index) => [index === 0 ? 'permissions' : '', permission] as const),
  ]);
}

const bodyOf = ({ name, description, permissions }: RoleOptions): object => ({
  ...(name === undefined ? {} : { name }),
  ...(description === undefined ? {} : { description }),
  ...(permissions === undefined ? {} : { permissions: permissions.split(',').map((part) => part.trim()) }),
});

async function createRole(cli: Cli, name: string, { json, ...options }: RoleOptions): Promise<void> {
  const { client, routes, api } = await connect(cli);
  const body = needBody(routes.createRole, bodyOf({ ...options, name }), optionNames);
  const role = await client.createRole({ body: api.createRoleBody.parse(body) });
  if (json) return cli.output.json(role);
  printRole(cli, role);
}

async function updateRole(cli: Cli, given: string, { json, ...options }: RoleOptions): Promise<void> {
  const connection = await connect(cli);
  const { client, routes, api } = connection;
  const body = api.updateRoleBody.parse(
    needBody(routes.updateRole, bodyOf(options), { ...optionNames, name: '--name' }),
  );
  const { id } = await customRole(connection, given);
  const { etag } = await api.callRoute(connection.options, routes.getRole, { params: { id } });
  const role = await client.updateRole({ params: { id }, body }, etag === null ? {} : { ifMatch: etag });
  if (json) return cli.output.json(role);
  printRole(cli, role);
}

async function deleteRole(cli: Cli, given: string): Promise<void> {
  const connection = await connect(cli);
  const { id, name } = await customRole(connection, given);
  await connection.client.deleteRole({ params: { id } });
  cli.output.line(`The role ${safeText(name)} is deleted.`);
}
