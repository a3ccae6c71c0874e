import type { UserView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { type Connection, collect, connect, needBody } from '../../connection/connect.ts';
import { CliError } from '../../errors.ts';
import { formatInstant, formatList } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { type Cell, printFields, printTable } from '../../terminal/table.ts';
import { parseCount } from '../option-values.ts';
import { addInvitations } from './invitations.ts';
import { addOffboarding } from './offboarding.ts';
import { addResets } from './resets.ts';

interface ListOptions extends JsonOption {
  readonly status?: string;
  readonly email?: string;
  readonly limit: number;
}
interface ReasonOptions extends JsonOption {
  readonly reason?: string;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function addUsers(program: Command, cli: Running): void {
  const users = program
    .command('users')
    .description('The people of the organization, from the invitation to their leaving');
  addCommand(users, 'list', 'List users, oldest first', { isDefault: true })
    .option('--status <status>', 'invited, active, suspended or offboarded')
    .option('--email <beginning>', 'whose address begins so')
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: ListOptions) => listUsers(cli, options)));
  addCommand(users, 'show <user>', 'Show a user, by id or email address').action(
    ending(cli, (user: string, options: JsonOption) => showUser(cli, user, options)),
  );
  addInvitations(users, cli);
  addCommand(users, 'suspend <user>', 'Let a user do nothing from the next request on; nothing is taken away')
    .option('--reason <text>', 'kept encrypted in the audit log')
    .action(ending(cli, (user: string, options: ReasonOptions) => setActive(cli, user, false, options)));
  addCommand(users, 'resume <user>', 'Let a suspended user in again, with the grants as they are')
    .option('--reason <text>', 'kept encrypted in the audit log')
    .action(ending(cli, (user: string, options: ReasonOptions) => setActive(cli, user, true, options)));
  addResets(users, cli);
  addOffboarding(users, cli);
}

/** A user by id or email address, in any case. Throws CLI_NOT_FOUND. */
export async function resolveUser({ client }: Connection, given: string): Promise<UserView> {
  const id = given.toLowerCase();
  if (uuid.test(id)) return client.getUser({ params: { id } });
  const found = await collect(200, (page) => client.listUsers({ query: { ...page, emailPrefix: given } }));
  const user = found.find(({ email }) => email.toLowerCase() === id);
  if (user === undefined) throw new CliError('CLI_NOT_FOUND', `There is no user "${safeText(given)}".`);
  return user;
}

const statusCell = ({ status }: UserView): Cell => ({
  text: status,
  style: status === 'active' ? 'green' : status === 'invited' ? 'cyan' : 'dim',
});

async function listUsers(cli: Cli, { status, email, limit, json }: ListOptions): Promise<void> {
  const { client, api } = await connect(cli);
  const known = api.subjectStatusSchema.options.find((one) => one === status);
  if (status !== undefined && known === undefined)
    throw new CliError('CLI_WRONG_USE', `--status is one of ${api.subjectStatusSchema.options.join(', ')}.`);
  const filter = { ...(known && { status: known }), ...(email === undefined ? {} : { emailPrefix: email }) };
  const items = await collect(limit, (page) => client.listUsers({ query: { ...filter, ...page } }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No users.');
  printTable(
    cli.output,
    [{ title: 'ID' }, { title: 'STATUS' }, { title: 'EMAIL' }, { title: 'NAME' }, { title: 'ROLES' }],
    items.map((user) => [user.id, statusCell(user), user.email, user.displayName || '-', formatList(user.roles)]),
  );
}

async function showUser(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const user = await resolveUser(await connect(cli), given);
  if (json) return cli.output.json(user);
  printUser(cli, user);
}

export function printUser(cli: Cli, user: UserView): void {
  const { invitation } = user;
  printFields(cli.output, [
    ['user', user.id],
    ['email', user.email],
    ['name', user.displayName || '-'],
    ['status', statusCell(user)],
    ['roles', formatList(user.roles)],
    ['password', user.hasPassword ? 'set' : 'none'],
    ...(invitation === null
      ? []
      : [['invitation', `by ${invitation.invitedBy}, good until ${formatInstant(invitation.expiresAt)}`] as const]),
    ['since', formatInstant(user.createdAt)],
  ]);
}

async function setActive(cli: Cli, given: string, isActive: boolean, { reason, json }: ReasonOptions): Promise<void> {
  const connection = await connect(cli);
  const { client, routes } = connection;
  const body = needBody(routes.suspendUser, { ...(reason === undefined ? {} : { reason }) }, { reason: '--reason' });
  const { id } = await resolveUser(connection, given);
  const user = await (isActive
    ? client.resumeUser({ params: { id }, body })
    : client.suspendUser({ params: { id }, body }));
  if (json) return cli.output.json(user);
  cli.output.line(`${safeText(user.email)} is ${isActive ? 'active again' : 'suspended'}.`);
}
