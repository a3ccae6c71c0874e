import type { AccessRequestView, BreakGlassView } from '@quantumvault/api';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { collect, connect, needBody } from '../../connection/connect.ts';
import { needId } from '../../connection/resolve.ts';
import { formatInstant } from '../../terminal/format.ts';
import { printFields, printTable } from '../../terminal/table.ts';
import { parseCount } from '../option-values.ts';
import { placeText } from './grants.ts';
import { addPlaceOptions, type PlaceOptions, placeOf } from './place-options.ts';

interface AskOptions extends JsonOption, PlaceOptions {
  readonly for?: number;
  readonly reason: string;
}
interface ReviewOptions extends JsonOption {
  readonly verdict: 'justified' | 'unjustified';
  readonly note: string;
}

const optionNames = { role: '<role>', durationSeconds: '--for', reason: '--reason', note: '--note' };
const unitSeconds: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 };

/** `30m`, `4h`, `7d`. */
function parseDuration(text: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,3})([mhd])$/.exec(text) ?? [];
  const seconds = unitSeconds[unit];
  if (count === undefined || seconds === undefined) throw new InvalidArgumentError('It must be like 30m, 4h or 7d.');
  return Number(count) * seconds;
}

const addAsk = (command: Command, longest: string): Command =>
  addPlaceOptions(command)
    .option('--for <time>', `how long, e.g. 30m; at most ${longest}`, parseDuration)
    .requiredOption('--reason <text>', 'why; it stays in the log');

export function addTemporary(access: Command, cli: Running): void {
  addAsk(addCommand(access, 'request <role>', 'Ask for a role for a time; somebody else approves it'), '30d').action(
    ending(cli, (role: string, options: AskOptions) => request(cli, role, options)),
  );
  addCommand(access, 'list', 'List own requests, and those that you may decide, newest first')
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: JsonOption & { limit: number }) => listRequests(cli, options)));
  addCommand(access, 'approve <id>', 'Give what somebody else asked for')
    .option('--reason <text>', 'why')
    .action(ending(cli, (id: string, options: JsonOption & { reason?: string }) => approve(cli, id, options)));
  addCommand(access, 'deny <id>', 'Refuse what somebody asked for')
    .requiredOption('--reason <text>', 'why')
    .action(ending(cli, (id: string, options: JsonOption & { reason: string }) => deny(cli, id, options)));
  addCommand(access, 'withdraw <id>', 'Take back an own request').action(
    ending(cli, (id: string, options: JsonOption) => withdraw(cli, id, options)),
  );
  addAsk(
    addCommand(access, 'break-glass <role>', 'Take a role at once in an emergency; the other administrators are told'),
    '4h',
  ).action(ending(cli, (role: string, options: AskOptions) => breakGlass(cli, role, options)));
  addCommand(access, 'emergencies', 'List emergencies with their reviews, newest first')
    .option('--unreviewed', 'only those that nobody has reviewed')
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(
      ending(cli, (options: JsonOption & { limit: number; unreviewed?: boolean }) => listEmergencies(cli, options)),
    );
  addCommand(access, 'review <id>', 'Review the emergency of somebody else')
    .addOption(
      new Option('--verdict <verdict>', 'what was not justified is also ended at once')
        .choices(['justified', 'unjustified'])
        .makeOptionMandatory(),
    )
    .requiredOption('--note <text>', 'what came of it')
    .action(ending(cli, (id: string, options: ReviewOptions) => review(cli, id, options)));
  addCommand(
    access,
    'notices',
    'List what you must know: access of others in emergencies, and resets of your credentials; newest first',
  )
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: JsonOption & { limit: number }) => listNotices(cli, options)));
}

const bodyOf = (role: string, options: AskOptions) => ({
  role,
  reason: options.reason,
  ...(options.for === undefined ? {} : { durationSeconds: options.for }),
  ...placeOf(options),
});

async function request(cli: Cli, role: string, options: AskOptions): Promise<void> {
  const { client, routes, api } = await connect(cli);
  const body = needBody(routes.requestAccess, bodyOf(role, options), optionNames);
  answer(cli, await client.requestAccess({ body: api.requestAccessBody.parse(body) }), options);
}

function answer(cli: Cli, asked: AccessRequestView, { json }: JsonOption): void {
  if (json) {
    cli.output.json(asked);
    return;
  }
  printFields(cli.output, [
    ['request', asked.id],
    ['status', asked.status],
    ['role', asked.role],
    ['place', placeText(asked.place)],
    ['for', `${asked.durationSeconds / 60} minutes`],
    ['reason', asked.reason],
    ['asked', `${formatInstant(asked.createdAt)} by ${asked.subjectId}`],
    ...(asked.decidedAt === null
      ? [['lapses', formatInstant(asked.lapsesAt)] as const]
      : [['decided', `${formatInstant(asked.decidedAt)} by ${asked.decidedBy ?? '-'}`] as const]),
    ...(asked.decisionReason === null ? [] : [['because', asked.decisionReason] as const]),
    ...(asked.grantId === null ? [] : [['grant', asked.grantId] as const]),
  ]);
}

async function listRequests(cli: Cli, { limit, json }: JsonOption & { limit: number }): Promise<void> {
  const { client } = await connect(cli);
  const items = await collect(limit, (page) => client.listAccessRequests({ query: page }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No requests.');
  printTable(
    cli.output,
    [
      { title: 'ID' },
      { title: 'STATUS' },
      { title: 'SUBJECT' },
      { title: 'ROLE' },
      { title: 'PLACE' },
      { title: 'REASON' },
    ],
    items.map((item) => [item.id, item.status, item.subjectId, item.role, placeText(item.place), item.reason]),
  );
}

async function approve(cli: Cli, text: string, options: JsonOption & { reason?: string }): Promise<void> {
  const id = needId(text, 'a request');
  const { client, routes } = await connect(cli);
  const body = needBody(
    routes.approveAccessRequest,
    options.reason === undefined ? {} : { reason: options.reason },
    optionNames,
  );
  answer(cli, await client.approveAccessRequest({ params: { id }, body }), options);
}

async function deny(cli: Cli, text: string, options: JsonOption & { reason: string }): Promise<void> {
  const id = needId(text, 'a request');
  const { client, routes } = await connect(cli);
  const body = needBody(routes.denyAccessRequest, { reason: options.reason }, optionNames);
  answer(cli, await client.denyAccessRequest({ params: { id }, body }), options);
}

async function withdraw(cli: Cli, text: string, options: JsonOption): Promise<void> {
  const id = needId(text, 'a request');
  const { client } = await connect(cli);
  answer(cli, await client.withdrawAccessRequest({ params: { id } }), options);
}

async function breakGlass(cli: Cli, role: string, options: AskOptions): Promise<void> {
  const { client, routes, api } = await connect(cli);
  const body = needBody(routes.breakGlass, bodyOf(role, options), optionNames);
  answerBroken(cli, await client.breakGlass({ body: api.breakGlassBody.parse(body) }), options);
}

function answerBroken(cli: Cli, broken: BreakGlassView, { json }: JsonOption): void {
  if (json) {
    cli.output.json(broken);
    return;
  }
  printFields(cli.output, [
    ['grant', broken.grantId],
    ['role', broken.role],
    ['place', placeText(broken.place)],
    ['taken', `${formatInstant(broken.createdAt)} by ${broken.subjectId}`],
    ['reason', broken.reason],
    ['ends', broken.revokedAt === null ? formatInstant(broken.expiresAt) : `ended ${formatInstant(broken.revokedAt)}`],
    ['review', reviewText(broken)],
    ...(broken.note === null ? [] : [['note', broken.note] as const]),
  ]);
}

function reviewText({ verdict, reviewedBy, reviewDueAt, overdue }: BreakGlassView): string {
  if (verdict !== null) return `${verdict}, by ${reviewedBy ?? '-'}`;
  return `${overdue ? 'OVERDUE since' : 'due'} ${formatInstant(reviewDueAt)}`;
}

async function listEmergencies(
  cli: Cli,
  { limit, unreviewed, json }: JsonOption & { limit: number; unreviewed?: boolean },
): Promise<void> {
  const { client } = await connect(cli);
  const filter = { unreviewed: unreviewed === true ? ('true' as const) : ('false' as const) };
  const items = await collect(limit, (page) => client.listBreakGlass({ query: { ...filter, ...page } }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No emergencies.');
  printTable(
    cli.output,
    [
      { title: 'GRANT' },
      { title: 'TAKEN' },
      { title: 'BY' },
      { title: 'ROLE' },
      { title: 'REVIEW' },
      { title: 'REASON' },
    ],
    items.map((item) => [
      item.grantId,
      formatInstant(item.createdAt),
      item.subjectId,
      item.role,
      reviewText(item),
      item.reason,
    ]),
  );
}

async function review(cli: Cli, text: string, { verdict, note, json }: ReviewOptions): Promise<void> {
  const id = needId(text, 'an emergency');
  const { client, routes } = await connect(cli);
  const body = needBody(routes.reviewBreakGlass, { verdict, note }, optionNames);
  answerBroken(cli, await client.reviewBreakGlass({ params: { id }, body }), json === true ? { json } : {});
}

async function listNotices(cli: Cli, { limit, json }: JsonOption & { limit: number }): Promise<void> {
  const { client } = await connect(cli);
  const items = await collect(limit, (page) => client.listAccessNotices({ query: page }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No notices.');
  printTable(
    cli.output,
    [{ title: 'SINCE' }, { title: 'READ' }, { title: 'ABOUT' }, { title: 'ID' }],
    items.map((item) => [
      formatInstant(item.createdAt),
      item.readAt === null ? '-' : formatInstant(item.readAt),
      `${item.kind} ${item.resourceId}`,
      item.id,
    ]),
  );
  // Whoever sees them here has read them.
  for (const { id } of items.filter(({ readAt }) => readAt === null)) await client.readAccessNotice({ params: { id } });
}
