import type { GrantView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { collect, connect, needBody } from '../../connection/connect.ts';
import { needId } from '../../connection/resolve.ts';
import { formatInstant } from '../../terminal/format.ts';
import { printFields, printTable } from '../../terminal/table.ts';
import { parseCount } from '../option-values.ts';
import { addConditionOptions, type ConditionOptions, conditionNames, conditionsOf } from './condition-options.ts';
import { addPlaceOptions, type PlaceOptions, placeOf } from './place-options.ts';

interface ListOptions extends JsonOption {
  readonly subject?: string;
  readonly revoked?: boolean;
  readonly limit: number;
}

interface CreateOptions extends JsonOption, PlaceOptions, ConditionOptions {
  readonly deny?: boolean;
}

export function addGrants(program: Command, cli: Running): void {
  const grants = program.command('grants').description('Who may do what, where and under which conditions');
  addCommand(grants, 'list', 'List grants and denials, newest first', { isDefault: true })
    .option('--subject <id>', 'of this user, service account or device')
    .option('--revoked', 'also those that are revoked')
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: ListOptions) => listGrants(cli, options)));
  addCommand(grants, 'show <id>', 'Show one grant').action(
    ending(cli, (id: string, options: JsonOption) => showGrant(cli, id, options)),
  );
  addConditionOptions(
    addPlaceOptions(
      addCommand(grants, 'create <subject> <role>', 'Give a role to a subject, or deny it').option(
        '--deny',
        'deny what the role permits; a denial overrides every grant',
      ),
    ),
  ).action(
    ending(cli, (subject: string, role: string, options: CreateOptions) => createGrant(cli, subject, role, options)),
  );
  addCommand(grants, 'revoke <id>', 'Revoke a grant, or lift a denial').action(
    ending(cli, (id: string) => revokeGrant(cli, id)),
  );
}

export function placeText(place: GrantView['place']): string {
  if (place === null) return 'organization';
  if (place.serviceId !== null) return `service ${place.serviceId}`;
  if (place.projectId !== null) return `project ${place.projectId}`;
  return `environment ${place.environmentId ?? '-'}`;
}

const untilText = ({ revokedAt, expiresAt }: GrantView): string =>
  revokedAt === null ? (expiresAt === null ? '-' : formatInstant(expiresAt)) : `revoked ${formatInstant(revokedAt)}`;

async function listGrants(cli: Cli, { subject, revoked, limit, json }: ListOptions): Promise<void> {
  const { client } = await connect(cli);
  const filter = {
    ...(subject === undefined ? {} : { subjectId: needId(subject, 'a subject') }),
    includeRevoked: revoked === true ? ('true' as const) : ('false' as const),
  };
  const items = await collect(limit, (page) => client.listGrants({ query: { ...filter, ...page } }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No grants.');
  printTable(
    cli.output,
    [{ title: 'ID' }, { title: 'SUBJECT' }, { title: 'ROLE' }, { title: 'UNTIL' }, { title: 'PLACE' }],
    items.map((grant) => [
      grant.id,
      grant.subjectId,
      grant.effect === 'deny' ? `not ${grant.role}` : grant.role,
      untilText(grant),
      placeText(grant.place),
    ]),
  );
}

async function showGrant(cli: Cli, text: string, { json }: JsonOption): Promise<void> {
  const id = needId(text, 'a grant');
  const { client } = await connect(cli);
  const grant = await client.getGrant({ params: { id } });
  if (json) return cli.output.json(grant);
  printGrant(cli, grant);
}

function printGrant(cli: Cli, grant: GrantView): void {
  printFields(cli.output, [
    ['grant', grant.id],
    [grant.effect === 'deny' ? 'denies' : 'gives', grant.role],
    ['subject', grant.subjectId],
    ['place', placeText(grant.place)],
    ['from', grant.notBefore === null ? '-' : formatInstant(grant.notBefore)],
    ['until', untilText(grant)],
    ...Object.entries(grant.rules).map(([name, value]) => [name, JSON.stringify(value)] as const),
    ['source', grant.source],
    ['created', `${formatInstant(grant.createdAt)} by ${grant.grantedBy ?? 'the installation'}`],
  ]);
}

async function createGrant(cli: Cli, subject: string, role: string, options: CreateOptions): Promise<void> {
  const body = {
    subjectId: needId(subject, 'a subject'),
    role,
    effect: options.deny === true ? ('deny' as const) : ('allow' as const),
    ...placeOf(options),
    ...conditionsOf(options),
  };
  const { client, routes, api } = await connect(cli);
  needBody(routes.createGrant, body, conditionNames);
  const grant = await client.createGrant({ body: api.createGrantBody.parse(body) });
  if (options.json) return cli.output.json(grant);
  printGrant(cli, grant);
}

async function revokeGrant(cli: Cli, text: string): Promise<void> {
  const id = needId(text, 'a grant');
  const { client } = await connect(cli);
  await client.revokeGrant({ params: { id } });
  cli.output.line(`Grant ${id} is revoked.`);
}
