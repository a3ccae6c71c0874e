import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { needBody } from '../../connection/connect.ts';
import { findAddress, warnWithoutTls } from '../../connection/server-address.ts';
import { askForNewPassword } from '../../sign-in/ask.ts';
import { printFields } from '../../terminal/table.ts';
import { takeToken } from './one-time-token.ts';

interface JoinOptions extends JsonOption {
  readonly tokenFile?: string;
  readonly name?: string;
}

export function addJoin(program: Command, cli: Running): void {
  addCommand(program, 'join', 'Accept an invitation: choose a name and a password')
    .option('--token-file <file>', 'the file that holds the token; otherwise it is asked for')
    .option('--name <name>', 'how others see you; otherwise asked for')
    .action(ending(cli, (options: JoinOptions) => join(cli, options)));
}

async function join(cli: Cli, { tokenFile, name, json }: JoinOptions): Promise<void> {
  const url = findAddress(cli);
  warnWithoutTls(cli, new URL(url), 'token and the password');
  const token = await takeToken(cli, tokenFile, 'Token of the invitation: ');
  const displayName = name ?? (await cli.standard.askLine('Your name: ', 'give it with --name.'));
  const password = await askForNewPassword(cli);
  const { createClient, routes } = await import('@quantumvault/api');
  const body = needBody(routes.join, { token, password, displayName }, { displayName: '--name', token: 'the token' });
  const joined = await createClient({ url, http: cli.http }).join({ body });
  if (json) return cli.output.json(joined);
  printFields(cli.output, [
    ['joined', url],
    ['organization', joined.organizationId],
    ['as', joined.email],
  ]);
  cli.output.note('Sign in with qv login --password.');
}
