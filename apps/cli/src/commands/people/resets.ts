import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { connect, needBody } from '../../connection/connect.ts';
import { deliverSecret, needSecretPlace } from '../../sign-in/secret-delivery.ts';
import { formatInstant, plural } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { tokenOption } from './invitations.ts';
import { resolveUser } from './users.ts';

interface TokenOptions extends JsonOption {
  readonly tokenFile?: string;
}

export function addResets(users: Command, cli: Running): void {
  addCommand(
    users,
    'reset-password <user>',
    'End the sessions of somebody, and make a one-time token for a new password',
  )
    .option(...tokenOption)
    .action(ending(cli, (user: string, options: TokenOptions) => resetPassword(cli, user, options)));
  addCommand(users, 'reset-factors <user>', 'Remove the second factors of somebody who has lost them')
    .requiredOption('--reason <text>', 'how you know that it is the person; kept encrypted in the audit log')
    .action(ending(cli, (user: string, options: JsonOption & { reason: string }) => resetFactors(cli, user, options)));
  addCommand(
    users,
    'require-password-change <user>',
    'End the sessions of somebody, who must choose a new password',
  ).action(ending(cli, (user: string, options: JsonOption) => requireChange(cli, user, options)));
  addCommand(users, 'unlock <user>', 'Forget the failed sign-ins of somebody').action(
    ending(cli, (user: string, options: JsonOption) => unlock(cli, user, options)),
  );
}

async function resetPassword(cli: Cli, given: string, { tokenFile, json }: TokenOptions): Promise<void> {
  const place = { file: tokenFile, option: '--token-file', json };
  needSecretPlace(cli, place);
  const connection = await connect(cli);
  const { id, email } = await resolveUser(connection, given);
  const { token, expiresAt } = await connection.client.createPasswordReset({ params: { id } });
  deliverSecret(cli, place, [token]);
  if (json) cli.output.json({ userId: id, expiresAt });
  else
    cli.output.note(
      `${safeText(email)} sets a password with qv password reset and this token, until ${formatInstant(expiresAt)}.`,
    );
  cli.output.note('Hand it over on a way that only the person reads.');
}

async function resetFactors(cli: Cli, given: string, { reason, json }: JsonOption & { reason: string }): Promise<void> {
  const connection = await connect(cli);
  const { client, routes } = connection;
  const body = needBody(routes.resetUserFactors, { reason }, { reason: '--reason' });
  const { id, email } = await resolveUser(connection, given);
  const { removed } = await client.resetUserFactors({ params: { id }, body });
  if (json) return cli.output.json({ userId: id, removed });
  cli.output.line(`${plural(removed, 'second factor')} of ${safeText(email)} removed.`);
}

async function requireChange(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const connection = await connect(cli);
  const { id, email } = await resolveUser(connection, given);
  await connection.client.requirePasswordChange({ params: { id } });
  if (json) return cli.output.json({ userId: id });
  cli.output.line(`${safeText(email)} is signed out, and chooses a new password at the next sign-in.`);
}

async function unlock(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const connection = await connect(cli);
  const { id, email } = await resolveUser(connection, given);
  await connection.client.unlockSignIn({ params: { id } });
  if (json) return cli.output.json({ userId: id });
  cli.output.line(`${safeText(email)} is unlocked.`);
}
