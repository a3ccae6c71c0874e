import type { RouteOutput, Routes } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { clientOptions } from '../connection/connect.ts';
import { describeFailure, isPassing, isUnreachable } from '../connection/failures.ts';
import { findServer } from '../connection/server-address.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { dataFolder } from '../local/data-folder.ts';
import { type LocalProcess, readRunFile } from '../local/run-file.ts';
import { formatBytes, formatInstant } from '../terminal/format.ts';
import { stateStyle } from '../terminal/style.ts';
import { type Cell, printFields } from '../terminal/table.ts';

type Status = RouteOutput<Routes['getStatus']>;

export function addStatus(program: Command, cli: Running): void {
  addCommand(program, 'status', 'Say how the server is; when it is down, what can be seen on this machine').action(
    ending(cli, (options: JsonOption) => showStatus(cli, options)),
  );
}

async function showStatus(cli: Cli, { json }: JsonOption): Promise<ExitCode> {
  const server = findServer(cli);
  const { url } = server;
  const local = lookAround(cli);
  const { createClient } = await import('@quantumvault/api');
  const client = createClient(clientOptions(cli, server));
  try {
    if (server.source === undefined) {
      const health = await client.healthReady();
      if (json) cli.output.json({ reachable: true, url, health, local });
      else showHealth(cli, url, health);
      return exitCodes.done;
    }
    const status = await client.getStatus();
    if (json) cli.output.json({ reachable: true, url, ...status, local });
    else showAll(cli, url, status);
    return exitCodes.done;
  } catch (error) {
    if (!isPassing(error)) throw error;
    // 503 comes from a server that is there but cannot serve, for example because its database is away.
    const { message } = describeFailure(error);
    if (json) cli.output.json({ reachable: !isUnreachable(error), url, error: message, local });
    else showLocal(cli, url, local);
    cli.output.note(`qv: ${message}`);
    return exitCodes.unreachable;
  }
}

/** What this machine shows without asking the server. */
function lookAround(cli: Cli) {
  const folder = dataFolder(cli.environment);
  const run = readRunFile(folder);
  const shown = (running: LocalProcess | null | undefined) =>
    running ? { pid: running.pid, running: running.isAlive } : null;
  return {
    dataDir: folder,
    startedAt: run?.startedAt ?? null,
    launcher: shown(run?.launcher),
    server: shown(run?.server),
    postgres: shown(run?.postgres),
  };
}

function showHealth(cli: Cli, url: string, health: Status['health']): void {
  printFields(cli.output, [
    ['server', url],
    ['health', { text: health.status, style: stateStyle(health.status) }],
    ...healthFields(health),
  ]);
  cli.output.note('qv: no API key is set, so only health can be shown (QV_API_KEY_FILE).');
}

function healthFields(health: Status['health']): (readonly [string, Cell])[] {
  return Object.entries(health.parts).map(([name, part]) => [
    `  ${name}`,
    {
      text: part.message === part.status ? part.status : `${part.status}: ${part.message}`,
      style: stateStyle(part.status),
    },
  ]);
}

/** Only when there are some: nobody may overlook them, and nobody needs to read that there are none. */
function emergencyFields({ emergencies }: Status): (readonly [string, Cell])[] {
  if (emergencies === undefined || emergencies.unreviewed === 0) return [];
  const { unreviewed, overdue } = emergencies;
  const text = `${unreviewed} to be reviewed${overdue === 0 ? '' : `, ${overdue} OVERDUE`} (qv access emergencies)`;
  return [['emergencies', { text, style: overdue === 0 ? 'yellow' : 'red' }]];
}

function showAll(cli: Cli, url: string, status: Status): void {
  const { memory, audit, jobs, health, database } = status;
  const bytes = (value: number | null): string => (value === null ? 'not known' : formatBytes(value));
  const chain = audit.chainValid === null ? 'not verified by this process' : audit.chainValid ? 'valid' : 'NOT VALID';
  printFields(cli.output, [
    ['server', `${url}, version ${status.version}, role ${status.role}`],
    ['installation', status.installationId],
    ['started', formatInstant(status.startedAt)],
    ...emergencyFields(status),
    ['health', { text: health.status, style: stateStyle(health.status) }],
    ...healthFields(health),
    ['database', `PostgreSQL ${database.version}, ${database.embedded ? 'embedded' : 'outside (DATABASE_URL)'}`],
    ['audit log', `${audit.logSize} events, ${audit.publishedSize} under a checkpoint, ${audit.pending} waiting`],
    ['audit chain', { text: chain, style: audit.chainValid === false ? 'red' : 'plain' }],
    ['jobs', `${jobs.running} running, ${jobs.pending} waiting`],
    [
      'memory',
      `server ${bytes(memory.serverBytes)}, launcher ${bytes(memory.launcherBytes)}, database ${bytes(memory.databaseBytes)}`,
    ],
  ]);
}

function showLocal(cli: Cli, url: string, local: ReturnType<typeof lookAround>): void {
  const shown = (running: { pid: number; running: boolean } | null): Cell => {
    if (running === null) return 'not started';
    return running.running
      ? { text: `runs, process ${running.pid}`, style: 'green' }
      : { text: `has ended (was process ${running.pid})`, style: 'red' };
  };
  printFields(cli.output, [
    ['server', { text: `${url} does not answer`, style: 'red' }],
    ['data folder', local.dataDir],
    ['launcher', shown(local.launcher)],
    ['server process', shown(local.server)],
    ['database', shown(local.postgres)],
  ]);
}
