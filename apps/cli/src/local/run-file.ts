// `<data dir>/run.json`, written by the launcher: which processes serve this data folder. It holds no secret.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../errors.ts';
import { readJsonObject, textField } from './json-file.ts';

export interface LocalProcess {
  readonly pid: number;
  /** Exactly that process lives; another one with a recycled number does not count. */
  readonly isAlive: boolean;
}

export interface LocalPostgres extends LocalProcess {
  readonly socketDir: string;
  readonly port: number;
  readonly database: string;
  readonly version: string | undefined;
}

export interface RunFile {
  readonly startedAt: string | undefined;
  readonly url: string | undefined;
  readonly launcher: LocalProcess | null;
  readonly server: LocalProcess | null;
  /** Null when the database is outside (DATABASE_URL). */
  readonly postgres: LocalPostgres | null;
}

/** Undefined when nothing runs here, or when the file was cut off by a crash. */
export function readRunFile(folder: string): RunFile | undefined {
  let value: Readonly<Record<string, unknown>> | undefined;
  try {
    value = readJsonObject(join(folder, 'run.json'));
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
  if (value?.version !== 1) return undefined;
  return {
    startedAt: textField(value, 'startedAt'),
    url: textField(value, 'url'),
    launcher: localProcess(value.launcher),
    server: localProcess(value.server),
    postgres: localPostgres(value.postgres),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null ? { ...value } : null;
}

function localProcess(value: unknown): LocalProcess | null {
  const fields = fieldsOf(value);
  const pid = fields?.pid;
  if (fields === null || typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return null;
  const identity = fields.identity;
  return { pid, isAlive: typeof identity === 'string' && lives(pid, identity) };
}

function localPostgres(value: unknown): LocalPostgres | null {
  const running = localProcess(value);
  const fields = fieldsOf(value);
  if (running === null || fields === null) return null;
  const socketDir = textField(fields, 'socketDir');
  const database = textField(fields, 'database');
  const port = fields.port;
  if (socketDir === undefined || database === undefined || typeof port !== 'number') return null;
  return { ...running, socketDir, port, database, version: textField(fields, 'version') };
}

/** The launcher notes a process by its start time on Linux; elsewhere the number alone must do. */
function lives(pid: number, identity: string): boolean {
  const [kind, ticks] = identity.split(':');
  if (process.platform === 'linux' && kind === 'ticks') {
    try {
      // The command name, in parentheses, may itself contain spaces and parentheses: read after the last one.
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] !== 'Z' && fields[0] !== 'X' && fields[19] === ticks;
    } catch {
      return false;
    }
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && Reflect.get(error, 'code') === 'EPERM';
  }
}
