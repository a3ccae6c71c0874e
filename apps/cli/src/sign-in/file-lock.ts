import { closeSync, constants, openSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import { CliError, systemCode } from '../errors.ts';

const waitMaxMs = 60_000;
const lookMs = 25;

/**
 * Runs `work` while no other process holds the lock of that file. Node has no file locks of its own; SQLite, which is part
 * of it, has: the operating system's, which end with the process however it ends. A file that is made and removed would
 * stay behind after a crash, and two who clear it away at once would both go on. Nothing is ever written into it.
 */
export async function withFileLock<T>(file: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const { DatabaseSync } = await import('node:sqlite');
  try {
    closeSync(openSync(file, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600));
  } catch (error) {
    throw new CliError('CLI_FILE_UNWRITABLE', `${file} cannot be opened (${systemCode(error)}).`);
  }
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    for (const until = clock.now() + waitMaxMs; !isTaken(lock, file); await clock.sleep(lookMs)) {
      if (clock.now() > until)
        throw new CliError('CLI_NOT_RUNNING', `Another qv has held ${file} for too long; end it and try again.`);
    }
    return await work();
  } finally {
    lock.close();
  }
}

const busyCode = 5;

function isTaken(lock: { exec(sql: string): void }, file: string): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'errcode') === busyCode) return false;
    throw new CliError('CLI_FILE_UNWRITABLE', `${file} cannot be locked (${systemCode(error)}).`);
  }
}
