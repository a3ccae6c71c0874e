import type { OrganizationView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { type Connection, collect, connect, needBody } from '../../connection/connect.ts';
import { needId } from '../../connection/resolve.ts';
import { formatInstant } from '../../terminal/format.ts';
import { printFields, printTable } from '../../terminal/table.ts';
import { parseCount } from '../option-values.ts';
import { addQuotas } from './quotas.ts';

interface CreateOptions extends JsonOption {
  readonly administrator: string;
  readonly environment?: string;
  readonly environmentType?: string;
}

const optionNames = {
  name: '<name>',
  'administrator.email': '--administrator',
  'environment.name': '--environment',
  'environment.type': '--environment-type',
};

export function addOrg(program: Command, cli: Running): void {
  const org = program.command('org').description('The organization; all of them for administrators of the platform');
  addCommand(org, 'show [id]', 'Show the own organization, or another one', { isDefault: true }).action(
    ending(cli, async (id: string | undefined, { json }: JsonOption) => {
      const connection = await connect(cli);
      answer(cli, await connection.client.getOrganization({ params: { id: await idOf(connection, id) } }), json);
    }),
  );
  addCommand(org, 'list', 'List all organizations, oldest first')
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: JsonOption & { limit: number }) => listOrganizations(cli, options)));
  addCommand(org, 'create <name>', 'Create an organization with its first administrator, whose key is shown once')
    .requiredOption('--administrator <email>', 'address of the first administrator')
    .option('--environment <name>', 'name of its first environment', 'production')
    .option('--environment-type <type>', 'production, staging, development or local', 'production')
    .action(ending(cli, (name: string, options: CreateOptions) => createOrganization(cli, name, options)));
  addCommand(org, 'rename <name>', 'Rename the own organization').action(
    ending(cli, (name: string, { json }: JsonOption) => renameOrganization(cli, name, json)),
  );
  addCommand(org, 'suspend <id>', 'Answer nobody of an organization any more').action(
    ending(cli, async (text: string, { json }: JsonOption) => {
      const id = needId(text, 'an organization');
      const { client } = await connect(cli);
      answer(cli, await client.suspendOrganization({ params: { id } }), json);
    }),
  );
  addCommand(org, 'resume <id>', 'Answer the members of a suspended organization again').action(
    ending(cli, async (text: string, { json }: JsonOption) => {
      const id = needId(text, 'an organization');
      const { client } = await connect(cli);
      answer(cli, await client.resumeOrganization({ params: { id } }), json);
    }),
  );
  addQuotas(org, cli);
}

async function idOf({ client }: Connection, text: string | undefined): Promise<string> {
  return text === undefined ? (await client.whoAmI({})).organizationId : needId(text, 'an organization');
}

function answer(cli: Cli, organization: OrganizationView, json: boolean | undefined): void {
  if (json) {
    cli.output.json(organization);
    return;
  }
  printFields(cli.output, [
    ['organization', organization.id],
    ['name', organization.name],
    ['status', organization.status],
    ['created', formatInstant(organization.createdAt)],
  ]);
}

async function listOrganizations(cli: Cli, { limit, json }: JsonOption & { limit: number }): Promise<void> {
  const { client } = await connect(cli);
  const items = await collect(limit, (page) => client.listOrganizations({ query: page }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No organizations: only the platform lists them.');
  printTable(
    cli.output,
    [{ title: 'ID' }, { title: 'STATUS' }, { title: 'CREATED' }, { title: 'NAME' }],
    items.map(({ id, status, createdAt, name }) => [id, status, formatInstant(createdAt), name]),
  );
}

async function createOrganization(cli: Cli, name: string, options: CreateOptions): Promise<void> {
  const { client, routes, api } = await connect(cli);
  const draft = needBody(
    routes.createOrganization,
    {
      name,
      administrator: { email: options.administrator },
      environment: { name: options.environment, type: options.environmentType },
    },
    optionNames,
  );
  const made = await client.createOrganization({ body: api.createOrganizationBody.parse(draft) });
  if (options.json) return cli.output.json(made);
  answer(cli, made.organization, false);
  printFields(cli.output, [
    ['environment', made.environmentId],
    ['administrator', `${made.administrator.id} ${made.administrator.email}`],
    ['api key', made.administrator.apiKey ?? 'was shown before'],
  ]);
  cli.output.note('Hand the key over safely: it is not shown again.');
}

async function renameOrganization(cli: Cli, name: string, json: boolean | undefined): Promise<void> {
  const connection = await connect(cli);
  const { client, options, routes, api } = connection;
  const body = api.renameBody.parse(needBody(routes.renameOrganization, { name }, optionNames));
  const id = await idOf(connection, undefined);
  const { etag } = await api.callRoute(options, routes.getOrganization, { params: { id } });
  answer(cli, await client.renameOrganization({ params: { id }, body }, etag === null ? {} : { ifMatch: etag }), json);
}
