import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { connect } from '../../connection/connect.ts';
import { findServerAndCredential } from '../../connection/server-address.ts';
import { formatInstant, formatList } from '../../terminal/format.ts';
import { printFields } from '../../terminal/table.ts';

export function addWhoAmI(program: Command, cli: Running): void {
  addCommand(program, 'whoami', 'Say as whom commands act, by which credential, and what that may').action(
    ending(cli, (options: JsonOption) => whoAmI(cli, options)),
  );
}

async function whoAmI(cli: Cli, { json }: JsonOption): Promise<void> {
  const { url, source } = findServerAndCredential(cli);
  const { client } = await connect(cli);
  const me = await client.whoAmI();
  // Read again: the command may just have renewed it.
  const { session } = findServerAndCredential(cli);
  const sessionEndsAt = session?.sessionEndsAt ?? null;
  if (json) return cli.output.json({ url, ...me, source, sessionEndsAt });
  printFields(cli.output, [
    ['server', url],
    [me.kind, me.actorId],
    ['organization', me.organizationId],
    ['credential', `${me.credential}, from ${source ?? '-'}`],
    ...(sessionEndsAt === null ? [] : [['until', formatInstant(sessionEndsAt)] as const]),
    ['roles', formatList(me.roles)],
    ['permissions', `${me.permissions.length} (all of them with --json)`],
  ]);
}
