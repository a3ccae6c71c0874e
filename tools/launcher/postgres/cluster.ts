// Makes a new cluster: complete and under its final name, or not at all.
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { PostgresError, systemErrorCode } from './errors.ts';
import type { Placement } from './placement.ts';
import { DATABASE, type DatabaseRecord, syncFolder } from './record.ts';
import { type ProgramResult, runProgram } from './run-program.ts';

const WORK_PREFIX = 'initdb-';

export const clusterExists = (placement: Placement): boolean => existsSync(join(placement.cluster, 'PG_VERSION'));

/** Refuses a cluster that was made by another major version: its files mean something else. */
export function checkClusterVersion(placement: Placement, binaries: Binaries): void {
  const found = readFileSync(join(placement.cluster, 'PG_VERSION'), 'utf8').trim();
  if (found === binaries.major) return;
  throw new PostgresError(
    'POSTGRES_VERSION_MISMATCH',
    `The database in ${placement.cluster} was made by PostgreSQL ${found}; this release brings PostgreSQL ${binaries.major}. Start it with the release that made it, back up, and restore into a new data folder.`,
  );
}

/** Runs initdb and creates the database. The caller holds the start lock. */
export async function createCluster(options: {
  placement: Placement;
  binaries: Binaries;
  record: DatabaseRecord;
}): Promise<void> {
  const { placement, binaries, record } = options;
  const { place, user } = placement;
  if (user === undefined) requireOwnName();
  removeLeftovers(place);
  const work = mkdtempSync(join(place, WORK_PREFIX));
  try {
    if (user !== undefined) chownSync(work, user.uid, user.gid);
    const fresh = join(work, 'data');
    const passwordFile = join(work, 'password');
    writeFileSync(passwordFile, `${record.password}\n`, { mode: 0o600, flag: 'wx' });
    if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
    const args = [
      ['-D', fresh],
      ['--username', record.role],
      [`--pwfile=${passwordFile}`],
      ['--auth-local=scram-sha-256', '--auth-host=scram-sha-256'],
      ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ['--data-checksums', '--no-instructions'],
    ].flat();
    const run = (program: string, programArgs: string[], input?: string): Promise<ProgramResult> =>
      runProgram({
        program: join(binaries.native, 'bin', program),
        args: programArgs,
        user,
        cwd: place,
        ...(input === undefined ? {} : { input }),
      });
    expectSuccess('initdb', await run('initdb', args), record);
    rmSync(passwordFile);
    // In single-user mode there is no server yet, hence no login and no window in which the database is missing.
    const single = ['--single', '-D', fresh, '-c', 'fsync=on', 'postgres'];
    expectSuccess('postgres --single', await run('postgres', single, `CREATE DATABASE ${DATABASE}\n`), record);
    renameSync(fresh, placement.cluster);
    syncFolder(place);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** initdb looks its own user up by name; containers often run under a number that has none. */
function requireOwnName(): void {
  try {
    userInfo();
  } catch (error) {
    throw new PostgresError(
      'POSTGRES_NO_UNPRIVILEGED_USER',
      `User id ${process.getuid?.()} has no entry in /etc/passwd, which creating the database needs. Add one, or run as a user that has one.`,
      { cause: error },
    );
  }
}

function expectSuccess(what: string, result: ProgramResult, record: DatabaseRecord): void {
  // Single-user mode exits with 0 even after an SQL error.
  if (result.code === 0 && !/^.*(ERROR|FATAL|PANIC): /m.test(result.output)) return;
  const output = result.output.replaceAll(record.password, '***').trim().split('\n').slice(-8).join('\n');
  throw new PostgresError(
    'POSTGRES_INITDB_FAILED',
    `Creating the database failed (${what}, exit code ${result.code}):\n${output}`,
  );
}

/** What a start that was killed left behind; it never became the cluster. */
function removeLeftovers(place: string): void {
  for (const name of readdirSync(place)) {
    if (!name.startsWith(WORK_PREFIX)) continue;
    rmSync(join(place, name), { recursive: true, force: true });
  }
}

/** Turns "permission denied" on the cluster into a sentence: typically it was first started by another user. */
export function checkClusterAccess(placement: Placement): void {
  try {
    if (!existsSync(placement.place)) return;
    readdirSync(placement.place);
    if (existsSync(placement.cluster)) readdirSync(placement.cluster);
    if (placement.user !== undefined || process.getuid === undefined || !existsSync(placement.cluster)) return;
    const owner = statSync(placement.cluster).uid;
    if (owner === process.getuid()) return;
    throw new PostgresError(
      'POSTGRES_FOLDER_DENIED',
      `The database in ${placement.cluster} belongs to user id ${owner}; start as that user.`,
    );
  } catch (error) {
    if (systemErrorCode(error) !== 'EACCES') throw error;
    throw new PostgresError(
      'POSTGRES_FOLDER_DENIED',
      `${placement.place} cannot be read: it was made by another user. Start as that user, or use another QV_DATA_DIR.`,
      { cause: error },
    );
  }
}
