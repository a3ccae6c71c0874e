import type { OffboardingView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { connect, needBody } from '../../connection/connect.ts';
import { formatInstant } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { printFields, printTable } from '../../terminal/table.ts';
import { resolveUser } from './users.ts';

interface OffboardOptions extends JsonOption {
  readonly reason?: string;
}

export function addOffboarding(users: Command, cli: Running): void {
  addCommand(users, 'offboard <user>', 'Revoke all that somebody has, at once, and list what to rotate')
    .option('--reason <text>', 'kept encrypted in the audit log')
    .action(ending(cli, (user: string, options: OffboardOptions) => offboard(cli, user, options)));
  addCommand(users, 'offboarding <user>', 'Show the report of an off-boarding again').action(
    ending(cli, (user: string, options: JsonOption) => showReport(cli, user, options)),
  );
}

async function offboard(cli: Cli, given: string, { reason, json }: OffboardOptions): Promise<void> {
  const connection = await connect(cli);
  const { client, routes } = connection;
  const body = needBody(routes.offboardUser, { ...(reason === undefined ? {} : { reason }) }, { reason: '--reason' });
  const { id, email } = await resolveUser(connection, given);
  const report = await client.offboardUser({ params: { id }, body });
  if (json) return cli.output.json(report);
  printReport(cli, email, report);
}

async function showReport(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const connection = await connect(cli);
  const { id, email } = await resolveUser(connection, given);
  const report = await connection.client.getOffboarding({ params: { id } });
  if (json) return cli.output.json(report);
  printReport(cli, email, report);
}

function printReport(cli: Cli, email: string, report: OffboardingView): void {
  const { output } = cli;
  output.line(`${safeText(email)} left at ${formatInstant(report.offboardedAt)}. Revoked:`);
  printFields(
    output,
    Object.entries(report.revoked).map(([name, count]) => [name === 'apiKeys' ? 'API keys' : name, String(count)]),
    '  ',
  );
  output.line();
  if (report.rotate.length === 0) output.line('Nothing that the person has seen is on record: nothing to rotate.');
  else {
    output.line('Rotate, because the person has seen it:');
    printTable(
      output,
      [
        { title: 'KIND' },
        { title: 'NAME' },
        { title: 'LAST SEEN' },
        { title: 'TIMES', align: 'right' },
        { title: 'WHAT TO DO' },
      ],
      report.rotate.map(({ kind, name, resourceId, lastSeenAt, times, advice }) => [
        kind,
        name ?? resourceId,
        formatInstant(lastSeenAt),
        String(times),
        advice,
      ]),
    );
    if (report.isTruncated) output.line('More was seen than this report holds.');
  }
  for (const id of report.serviceAccounts) output.line(`Nobody owns the service account ${safeText(id)} now.`);
  if (report.notKnown.length > 0) output.line(`Not known here: ${safeText(report.notKnown.join('; '))}`);
}
