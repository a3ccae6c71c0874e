import type { QuotaView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { connect, needBody } from '../../connection/connect.ts';
import { needId } from '../../connection/resolve.ts';
import { CliError } from '../../errors.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { printTable } from '../../terminal/table.ts';

interface QuotaOptions extends JsonOption {
  readonly set?: readonly string[];
}

export function addQuotas(org: Command, cli: Running): void {
  addCommand(org, 'quota [id]', 'Show what the own organization may have and what it uses, or another one')
    .option('--set <quota=number...>', 'set quotas, as the platform does; "default" takes one back to the settings')
    .action(ending(cli, (id: string | undefined, options: QuotaOptions) => quotas(cli, id, options)));
}

async function quotas(cli: Cli, text: string | undefined, { set, json }: QuotaOptions): Promise<void> {
  const given = text === undefined ? null : needId(text, 'an organization');
  if (set === undefined) {
    const { client } = await connect(cli);
    const id = given ?? (await client.whoAmI({})).organizationId;
    return answer(cli, (await client.getQuotas({ params: { id } })).items, json);
  }
  // Whoever runs the platform has an organization too: which one is meant is never guessed.
  if (given === null) throw new CliError('CLI_WRONG_USE', '--set needs the id of the organization');
  const change = Object.fromEntries(set.map(quotaOf));
  const { client, routes, api } = await connect(cli);
  const body = api.changeQuotasBody.parse(needBody(routes.changeQuotas, change));
  answer(cli, (await client.changeQuotas({ params: { id: given }, body })).items, json);
}

function quotaOf(text: string): [kind: string, quota: number | null] {
  const [, kind, value] = /^([a-z-]+)=([0-9]{1,15}|default)$/.exec(text) ?? [];
  if (kind === undefined || value === undefined)
    throw new CliError('CLI_WRONG_USE', `"${safeText(text)}" is not a quota, =, and a number or "default".`);
  return [kind, value === 'default' ? null : Number(value)];
}

function answer(cli: Cli, items: readonly QuotaView[], json: boolean | undefined): void {
  if (json) {
    cli.output.json(items);
    return;
  }
  printTable(
    cli.output,
    [{ title: 'QUOTA' }, { title: 'LIMIT' }, { title: 'USED' }, { title: 'SET BY' }],
    items.map(({ kind, limit, used, isOverride }) => [
      kind,
      String(limit),
      used === null ? '-' : String(used),
      isOverride ? 'platform' : 'settings',
    ]),
  );
}
