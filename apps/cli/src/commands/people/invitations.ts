import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { connect, needBody } from '../../connection/connect.ts';
import { deliverSecret, needSecretPlace } from '../../sign-in/secret-delivery.ts';
import { formatInstant } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { resolveUser } from './users.ts';

interface TokenOptions extends JsonOption {
  readonly tokenFile?: string;
}
interface InviteOptions extends TokenOptions {
  readonly name?: string;
  readonly role?: readonly string[];
}

const optionNames = { email: '<email>', displayName: '--name', roles: '--role' };
export const tokenOption = [
  '--token-file <file>',
  'write the one-time token to this file, which only you can read',
] as const;

export function addInvitations(users: Command, cli: Running): void {
  addCommand(users, 'invite <email>', 'Invite somebody, and make the one-time token to join with')
    .option('--name <name>', 'how others see the person, until it is changed at joining')
    .option('--role <role>', 'held from joining on; may be given again', (role: string, before: string[] = []) => [
      ...before,
      role,
    ])
    .option(...tokenOption)
    .action(ending(cli, (email: string, options: InviteOptions) => invite(cli, email, options)));
  addCommand(users, 'invite-again <user>', 'Make a new token for somebody who is invited; the one before is void')
    .option(...tokenOption)
    .action(ending(cli, (user: string, options: TokenOptions) => inviteAgain(cli, user, options)));
  addCommand(users, 'uninvite <user>', 'Cancel an invitation').action(
    ending(cli, (user: string, options: JsonOption) => cancel(cli, user, options)),
  );
}

interface Invited {
  readonly user: { readonly id: string; readonly email: string };
  readonly token: string;
  readonly expiresAt: string;
}

async function invite(cli: Cli, email: string, { name, role, tokenFile, json }: InviteOptions): Promise<void> {
  const place = { file: tokenFile, option: '--token-file', json };
  needSecretPlace(cli, place);
  const { client, routes, api } = await connect(cli);
  const given = { email, roles: role ?? [], ...(name === undefined ? {} : { displayName: name }) };
  needBody(routes.inviteUser, given, optionNames);
  tell(cli, await client.inviteUser({ body: api.inviteUserBody.parse(given) }), place);
}

async function inviteAgain(cli: Cli, given: string, { tokenFile, json }: TokenOptions): Promise<void> {
  const place = { file: tokenFile, option: '--token-file', json };
  needSecretPlace(cli, place);
  const connection = await connect(cli);
  const { id } = await resolveUser(connection, given);
  tell(cli, await connection.client.renewInvitation({ params: { id } }), place);
}

function tell(cli: Cli, { user, token, expiresAt }: Invited, place: Parameters<typeof deliverSecret>[1]): void {
  deliverSecret(cli, place, [token]);
  if (place.json) cli.output.json({ user, expiresAt });
  else cli.output.note(`${safeText(user.email)} joins with qv join and this token, until ${formatInstant(expiresAt)}.`);
  cli.output.note('Hand it over on a way that only the person reads.');
}

async function cancel(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const connection = await connect(cli);
  const { id, email } = await resolveUser(connection, given);
  await connection.client.cancelInvitation({ params: { id } });
  if (json) return cli.output.json({ cancelled: id });
  cli.output.line(`The invitation of ${safeText(email)} is cancelled.`);
}
