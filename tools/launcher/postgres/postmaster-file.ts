// `postmaster.pid`, PostgreSQL's own lock. It is read here and never deleted: beside the process id it names the shared
// memory by which PostgreSQL notices orphaned backends of a dead postmaster, and only PostgreSQL may judge that.
import {
  closeSync,
  constants,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { processIdentity } from '../process-lock.mjs';
import { systemErrorCode } from './errors.ts';

export interface PostmasterFile {
  readonly pid: number;
  readonly socketFolder: string;
  readonly isReady: boolean;
  /** Starting up, which includes recovery after a crash. */
  readonly isStarting: boolean;
}

const filePath = (cluster: string): string => join(cluster, 'postmaster.pid');

/** Reads the file; undefined when there is none or it is not yet complete. */
export function readPostmasterFile(cluster: string): PostmasterFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(filePath(cluster), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const status = lines[7]?.trim();
  return { pid, socketFolder: (lines[4] ?? '').trim(), isReady: status === 'ready', isStarting: status === 'starting' };
}

/**
 * Whether a process is a postgres of this cluster (its working folder tells); undefined when that cannot be known. In
 * a container root may not look at other users' processes; only the name is public then, and it can only disprove.
 */
function isPostgresOf(pid: number, cluster: string): boolean | undefined {
  if (processIdentity(pid) === null) return false;
  if (process.platform !== 'linux') return undefined;
  try {
    if (!isNamedPostgres(pid) || userOf(pid) !== statSync(cluster).uid) return false;
    return readlinkSync(`/proc/${pid}/cwd`) === cluster;
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT' ? false : undefined;
  }
}

function isNamedPostgres(pid: number): boolean {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres';
}

/** Only the owner of a cluster can run it; a postgres of anybody else serves another one. */
function userOf(pid: number): number {
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** The processes that are, or may be, postgres processes of this cluster. Undefined where they cannot be listed. */
export function processesOf(cluster: string): number[] | undefined {
  if (process.platform !== 'linux') return undefined;
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return all.filter((pid) => isPostgresOf(pid, cluster) !== false);
}

/** True when the file names a living process that is, as far as can be told, the postmaster of this cluster. */
export function isPostmasterAlive(file: PostmasterFile, cluster: string): boolean {
  return isPostgresOf(file.pid, cluster) ?? true;
}

/** True when that is known for certain. */
export const isProvenPostmaster = (file: PostmasterFile, cluster: string): boolean =>
  isPostgresOf(file.pid, cluster) === true;

// Greater than any process id a kernel hands out.
const NO_SUCH_PID = 2_147_483_646;

/**
 * A process id can be taken over by a stranger (in a container the numbers start again at each start), or stay as a
 * zombie nobody reaps. PostgreSQL then refuses for ever. When it is proven that the named process is not a postgres of
 * this cluster, only that number is replaced by one that cannot exist: PostgreSQL still finds the file and still checks
 * the shared memory itself. Returns true when it did so.
 */
export function neutralizeStrangerPid(cluster: string): boolean {
  const file = readPostmasterFile(cluster);
  if (file === undefined || file.pid === NO_SUCH_PID || isPostgresOf(file.pid, cluster) !== false) return false;
  if ((processesOf(cluster) ?? [file.pid]).length > 0) return false;
  const handle = openSync(filePath(cluster), constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    const rest = readFileSync(handle, 'utf8').split('\n').slice(1).join('\n');
    const content = `${NO_SUCH_PID}\n${rest}`;
    ftruncateSync(handle, 0);
    writeSync(handle, content, 0);
  } finally {
    closeSync(handle);
  }
  return true;
}
