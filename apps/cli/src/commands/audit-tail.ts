import type { AuditEventView } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { type Connection, collect, connect } from '../connection/connect.ts';
import { isPassing } from '../connection/failures.ts';
import { formatInstant } from '../terminal/format.ts';
import { safeText } from '../terminal/safe-text.ts';
import { stateStyle } from '../terminal/style.ts';
import { parseCount } from './option-values.ts';

interface TailOptions extends JsonOption {
  readonly follow?: boolean;
  readonly limit: number;
  readonly action?: string;
  readonly resource?: string;
}

const pollMs = 1_000;
const pageMax = 200;

export function addAuditTail(audit: Command, cli: Running): void {
  addCommand(audit, 'tail', 'Show the last events of the organization, oldest first')
    .option('-f, --follow', 'go on as new events come; with --json one event per line')
    .option('-n, --limit <count>', 'how many to begin with', parseCount, 20)
    .option('--action <noun.verb>', 'only this action')
    .option('--resource <id>', 'only events of this resource')
    .action(ending(cli, (options: TailOptions) => tail(cli, options)));
}

async function tail(cli: Cli, options: TailOptions): Promise<void> {
  const connection = await connect(cli);
  const first = await newest(connection, options, options.limit);
  if (options.json && !options.follow) return cli.output.json(first);
  for (const event of first) print(cli, event, options);
  if (options.follow) await follow(cli, connection, options, first);
}

/** The newest `limit` events, oldest of them first. */
async function newest(
  { client }: Connection,
  { action, resource }: TailOptions,
  limit: number,
): Promise<AuditEventView[]> {
  const filter = {
    ...(action === undefined ? {} : { action }),
    ...(resource === undefined ? {} : { resourceId: resource }),
  };
  const items = await collect(limit, (page) => client.listAudit({ query: { ...filter, ...page } }));
  return items.reverse();
}

/**
 * Asks for what came since, until it is stopped. Pages are read back to an event that was printed already, so a burst
 * of more events than a page holds loses none.
 */
async function follow(
  cli: Cli,
  connection: Connection,
  options: TailOptions,
  first: readonly AuditEventView[],
): Promise<never> {
  let known = new Set(first.map(({ id }) => id));
  let isAbsent = false;
  for (;;) {
    await cli.clock.sleep(pollMs);
    try {
      const fresh = await since(connection, options, known);
      for (const event of fresh) print(cli, event, options);
      // Only the newest page can come again; older ids need not be remembered.
      known = new Set([...known, ...fresh.map(({ id }) => id)].slice(-2 * pageMax));
      isAbsent = false;
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (!isAbsent) cli.output.note('qv: the server does not answer; waiting for it ...');
      isAbsent = true;
    }
  }
}

async function since(
  connection: Connection,
  options: TailOptions,
  known: ReadonlySet<string>,
): Promise<AuditEventView[]> {
  for (let limit = 20; ; limit *= 10) {
    const events = await newest(connection, options, limit);
    const oldestKnown = events.findIndex(({ id }) => known.has(id));
    const isAll = events.length < limit || limit > 100_000;
    // What is older than all that was printed was left out on purpose (--limit).
    if (oldestKnown >= 0 || isAll) return events.slice(Math.max(0, oldestKnown)).filter(({ id }) => !known.has(id));
  }
}

function print(cli: Cli, event: AuditEventView, { json }: TailOptions): void {
  if (json) {
    cli.output.jsonLine(event);
    return;
  }
  const { paint } = cli.output;
  const { actor, resource, reason } = event;
  const parts = [
    paint(formatInstant(event.time), 'dim'),
    paint(event.outcome.padEnd(7), stateStyle(event.outcome)),
    safeText(event.action).padEnd(24),
    safeText(`${resource.type} ${resource.id}`),
    paint(safeText(`by ${actor.kind} ${actor.id}`), 'dim'),
    ...(reason === null ? [] : [safeText(`(${reason.code})`)]),
  ];
  cli.output.line(parts.join('  '));
}
