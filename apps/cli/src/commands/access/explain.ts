import type { AccessExplanation } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { connect, needBody } from '../../connection/connect.ts';
import { needId, resolveAsset } from '../../connection/resolve.ts';
import { type ExitCode, exitCodes } from '../../errors.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { addPlaceOptions, type PlaceOptions, placeOf } from './place-options.ts';

interface ExplainOptions extends JsonOption, PlaceOptions {
  readonly subject?: string;
  readonly asset?: string;
  readonly at?: string;
  readonly address?: string;
  readonly country?: string;
  readonly purpose?: string;
}

const optionNames = {
  permission: '<permission>',
  'facts.at': '--at',
  'facts.address': '--address',
  'facts.country': '--country',
  'facts.purpose': '--purpose',
};

export function addExplain(access: Command, cli: Running): void {
  addPlaceOptions(
    addCommand(access, 'explain <permission>', 'Say why something is allowed or refused, grant by grant')
      .option('--subject <id>', 'for this user, service account or device; left out: for yourself')
      .option('--asset <asset>', 'at the place of this asset: id, name or endpoint'),
  )
    .option('--at <instant>', 'as if it were then')
    .option('--address <address>', 'as if it came from there')
    .option('--country <code>', 'as if it came from there')
    .option('--purpose <name>', 'as if it were for that')
    .action(ending(cli, (permission: string, options: ExplainOptions) => explainAccess(cli, permission, options)));
}

async function explainAccess(cli: Cli, permission: string, options: ExplainOptions): Promise<ExitCode> {
  const connection = await connect(cli);
  const { client, routes, api } = connection;
  const { subject, asset, at, address, country, purpose } = options;
  const facts = Object.entries({ at, address, country, purpose }).filter(([, value]) => value !== undefined);
  const body = {
    permission,
    ...(subject === undefined ? {} : { subjectId: needId(subject, 'a subject') }),
    ...placeOf(options),
    ...(asset === undefined ? {} : { resource: { type: 'asset', id: (await resolveAsset(connection, asset)).id } }),
    ...(facts.length === 0 ? {} : { facts: Object.fromEntries(facts) }),
  };
  needBody(routes.explainAccess, body, optionNames);
  const explanation = await client.explainAccess({ body: api.explainAccessBody.parse(body) });
  if (options.json) cli.output.json(explanation);
  else printExplanation(cli, explanation);
  return explanation.allowed ? exitCodes.done : exitCodes.negative;
}

function printExplanation(cli: Cli, explanation: AccessExplanation): void {
  const { allowed, sentence, grants, truncated, approvals } = explanation;
  const { paint } = cli.output;
  cli.output.line(`${paint(allowed ? 'allowed' : 'refused', allowed ? 'green' : 'red')}  ${safeText(sentence)}`);
  for (const grant of grants) {
    const where = grant.placeId === null ? grant.level : `${grant.level} ${grant.placeId}`;
    const verb = grant.effect === 'deny' ? 'denies' : 'gives';
    const inherited = grant.inherited ? ', inherited' : '';
    cli.output.line(
      `  ${grant.grantId}  ${verb} ${safeText(grant.role)} on the ${where}${inherited}: ${stateOf(grant)}`,
    );
  }
  if (truncated) cli.output.line('  and more grants');
  for (const approval of approvals ?? []) cli.output.line(`  then ${safeText(approvalText(approval))}`);
}

type Outlook = NonNullable<AccessExplanation['approvals']>[number];

function approvalText({ operation, thresholds, signatureRequired, approvers, truncated }: Outlook): string {
  const demands = thresholds.map(({ quorum, approverRole }) => {
    const count = quorum === 1 ? 'one other' : `${quorum} others`;
    return approverRole === null ? count : `${count} of the role ${approverRole}`;
  });
  const who =
    approvers === null
      ? ''
      : approvers.length === 0
        ? '; nobody could approve it now'
        : `; who may: ${approvers.map(({ name }) => name).join(', ')}${truncated ? ' and others' : ''}`;
  return `${operation} waits for ${demands.join(' and ')}${signatureRequired ? ', signed' : ''}${who}`;
}

function stateOf({ applies, reaching, lacking }: AccessExplanation['grants'][number]): string {
  if (!reaching) return 'elsewhere';
  const lacks = lacking.map(({ condition, standing }) => (standing === 'unknown' ? `${condition} unknown` : condition));
  if (lacks.length === 0) return 'applies';
  return applies ? `applies (${lacks.join(', ')})` : `lacks ${lacks.join(', ')}`;
}
