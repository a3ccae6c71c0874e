import type { SessionView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { connect, needBody } from '../../connection/connect.ts';
import { needId } from '../../connection/resolve.ts';
import { CliError } from '../../errors.ts';
import { formatInstant, plural } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { printTable } from '../../terminal/table.ts';

interface UserOption extends JsonOption {
  readonly user?: string;
}
interface RevokeOptions extends UserOption {
  readonly all?: boolean;
  readonly others?: boolean;
}
interface ApproveOptions extends JsonOption {
  readonly yes?: boolean;
}

export function addSessions(program: Command, cli: Running): void {
  const sessions = program.command('sessions').description('Sessions: where you are signed in, and devices that wait');
  addCommand(sessions, 'list', 'List sessions that have not ended, newest first', { isDefault: true })
    .option('--user <id>', 'of somebody else')
    .action(ending(cli, (options: UserOption) => listSessions(cli, options)));
  addCommand(sessions, 'revoke [id]', 'End a session, or all')
    .option('--all', 'all of them, also the one that this command uses')
    .option('--others', 'all of your own but the one that this command uses, at once')
    .option('--user <id>', 'of somebody else')
    .action(ending(cli, (id: string | undefined, options: RevokeOptions) => revokeSessions(cli, id, options)));
  addCommand(sessions, 'approve <code>', 'Sign in as yourself the device that shows this code')
    .option('--yes', 'without asking')
    .action(ending(cli, (code: string, options: ApproveOptions) => approveDevice(cli, code, options)));
  addCommand(sessions, 'deny <code>', 'Turn away the device that shows this code').action(
    ending(cli, (code: string, options: JsonOption) => decide(cli, code, 'deny', options)),
  );
}

async function listSessions(cli: Cli, { user, json }: UserOption): Promise<void> {
  const id = user === undefined ? undefined : needId(user, 'a user');
  const { client } = await connect(cli);
  const { items } = id === undefined ? await client.listSessions() : await client.listUserSessions({ params: { id } });
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No sessions.');
  printTable(
    cli.output,
    [{ title: 'ID' }, { title: 'BEGAN' }, { title: 'LAST USED' }, { title: 'FROM' }, { title: 'CLIENT' }],
    items.map((session: SessionView) => [
      session.id,
      formatInstant(session.createdAt),
      session.isCurrent ? { text: 'this one', style: 'green' as const } : formatInstant(session.lastUsedAt),
      session.sourceAddress ?? '-',
      session.userAgent ?? '-',
    ]),
  );
}

async function revokeSessions(cli: Cli, given: string | undefined, options: RevokeOptions): Promise<void> {
  const { all, others, user, json } = options;
  if ([given !== undefined, all === true, others === true].filter(Boolean).length !== 1)
    throw new CliError('CLI_WRONG_USE', 'Give the id of a session, --all or --others.');
  if (others === true && user !== undefined)
    throw new CliError('CLI_WRONG_USE', '--others is about your own sessions: leave --user out.');
  const sessionId = given === undefined ? undefined : needId(given, 'a session');
  const userId = user === undefined ? undefined : needId(user, 'a user');
  const { client } = await connect(cli);
  const revoked =
    userId === undefined
      ? await revokeOwn()
      : await client.revokeUserSessions({ params: { id: userId }, body: { ...(sessionId && { sessionId }) } });
  if (json) return cli.output.json(revoked);
  cli.output.line(`${plural(revoked.revoked, 'session')} ended.`);

  async function revokeOwn(): Promise<{ readonly revoked: number }> {
    if (others === true) return client.revokeOtherSessions();
    const ids = sessionId === undefined ? await idsOfAll() : [sessionId];
    for (const id of ids) await client.revokeSession({ params: { id } });
    return { revoked: ids.length };
  }

  /** The one that asks is the last: without it nothing more could be asked. */
  async function idsOfAll(): Promise<string[]> {
    const { items } = await client.listSessions();
    return items.toSorted((a, b) => Number(a.isCurrent) - Number(b.isCurrent)).map(({ id }) => id);
  }
}

/** Somebody else's device would be signed in as oneself: so its own name is shown first, and nothing is approved unseen. */
async function approveDevice(cli: Cli, given: string, { yes, json }: ApproveOptions): Promise<void> {
  const { client, routes } = await connect(cli);
  const body = needBody(routes.lookUpDeviceSignIn, { userCode: codeOf(given) }, { userCode: '<code>' });
  const { clientName } = await client.lookUpDeviceSignIn({ body });
  cli.output.note(`The device calls itself "${safeText(clientName)}". It will act as you until its session ends.`);
  if (yes !== true) {
    const answer = await cli.standard.askLine('Did you begin this sign-in yourself? [y/N] ', 'say so with --yes.');
    if (!/^y(es)?$/i.test(answer)) throw new CliError('CLI_NOT_APPROVED', 'Not approved.');
  }
  await decide(cli, given, 'approve', { ...(json === undefined ? {} : { json }) });
}

/** As it is read aloud: in any case, with or without the hyphen. */
const codeOf = (given: string): string => given.toUpperCase().replace(/^([A-Z]{4})[ -]?([A-Z]{4})$/, '$1-$2');

async function decide(cli: Cli, given: string, decision: 'approve' | 'deny', { json }: JsonOption): Promise<void> {
  const { client, routes } = await connect(cli);
  const body = { userCode: codeOf(given), decision };
  await client.decideDeviceSignIn({ body: needBody(routes.decideDeviceSignIn, body, { userCode: '<code>' }) });
  if (json) return cli.output.json({ decision });
  cli.output.line(decision === 'approve' ? 'The device is signed in.' : 'The device was turned away.');
}
