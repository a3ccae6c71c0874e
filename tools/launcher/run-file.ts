// `<data dir>/run.json`: which processes serve this data folder, for `qv status` and `qv db url`. Holds no secret.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from './postgres/record.ts';
import { processIdentity } from './process-lock.mjs';

export interface RunningProcess {
  readonly pid: number;
  /** Tells this process from a later one with the same number; see processIdentity. */
  readonly identity: string | null;
}

export interface RunFile {
  readonly version: 1;
  readonly startedAt: string;
  readonly launcher: RunningProcess;
  readonly server: RunningProcess | null;
  /** Set once the server said that it serves. */
  readonly url: string | null;
  /** Null when DATABASE_URL names a database outside. */
  readonly postgres:
    | (RunningProcess & {
        readonly socketDir: string;
        readonly port: number;
        readonly database: string;
        readonly cluster: string;
        readonly version: string;
        readonly adopted: boolean;
        readonly user: string | null;
      })
    | null;
}

const path = (dataDir: string): string => join(dataDir, 'run.json');

export const identify = (pid: number): RunningProcess => ({ pid, identity: processIdentity(pid) });

/** True while exactly that process lives. */
export const isAlive = (running: RunningProcess): boolean =>
  running.identity !== null && processIdentity(running.pid) === running.identity;

export function writeRunFile(dataDir: string, content: RunFile): void {
  writePrivateFile(path(dataDir), `${JSON.stringify(content, null, 2)}\n`);
}

/** Undefined when there is none, or when it was cut off by a crash. */
export function readRunFile(dataDir: string): RunFile | undefined {
  try {
    const value: RunFile = JSON.parse(readFileSync(path(dataDir), 'utf8'));
    return value.version === 1 ? value : undefined;
  } catch {
    return undefined;
  }
}

export const removeRunFile = (dataDir: string): void => rmSync(path(dataDir), { force: true });
