import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { connect, needBody } from '../../connection/connect.ts';
import { findAddress, findServerAndCredential, warnWithoutTls } from '../../connection/server-address.ts';
import { uninterrupted } from '../../local/uninterrupted.ts';
import { askForNewPassword, askForPassword } from '../../sign-in/ask.ts';
import { sessionOf } from '../../sign-in/credential.ts';
import { CredentialStore } from '../../sign-in/credential-store.ts';
import { takeToken } from './one-time-token.ts';

interface ResetOptions extends JsonOption {
  readonly tokenFile?: string;
}

const optionNames = { currentPassword: 'the current password', newPassword: 'the new password', token: 'the token' };

export function addPassword(program: Command, cli: Running): void {
  const password = program.command('password').description('Your password');
  addCommand(password, 'change', 'Change it: all your other sessions end').action(
    ending(cli, (options: JsonOption) => changePassword(cli, options)),
  );
  addCommand(password, 'reset', 'Set a new one with a one-time token that an administrator made')
    .option('--token-file <file>', 'the file that holds the token; otherwise it is asked for')
    .action(ending(cli, (options: ResetOptions) => resetPassword(cli, options)));
}

async function changePassword(cli: Cli, { json }: JsonOption): Promise<void> {
  const { url } = findServerAndCredential(cli);
  const { client, routes } = await connect(cli);
  const currentPassword = await askForPassword(cli, 'Current password: ');
  const newPassword = await askForNewPassword(cli);
  const body = needBody(routes.changePassword, { currentPassword, newPassword }, optionNames);
  // The session goes on under new tokens; lost, they would leave nobody signed in.
  const { status } = await uninterrupted(async () => {
    const changed = await client.changePassword({ body });
    if (changed.status === 'signed-in') {
      const store = new CredentialStore(cli.environment);
      await store.locked(url, cli.clock, async () => store.write(url, sessionOf(changed)));
    }
    return changed;
  });
  if (json) return cli.output.json({ changed: true, isSignedIn: status === 'signed-in' });
  cli.output.line('The password is changed. All your other sessions have ended.');
}

async function resetPassword(cli: Cli, { tokenFile, json }: ResetOptions): Promise<void> {
  const url = findAddress(cli);
  warnWithoutTls(cli, new URL(url), 'token and the password');
  const token = await takeToken(cli, tokenFile, 'Token: ');
  const newPassword = await askForNewPassword(cli);
  const { createClient, routes } = await import('@quantumvault/api');
  const body = needBody(routes.resetPassword, { token, newPassword }, optionNames);
  await createClient({ url, http: cli.http }).resetPassword({ body });
  if (json) return cli.output.json({ changed: true });
  cli.output.line('The password is set. Sign in with qv login --password.');
}
