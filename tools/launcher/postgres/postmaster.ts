// Starts, adopts and stops one postmaster. Restarting is the supervisor's business.
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from '../process-lock.mjs';
import type { Binaries } from './binaries.ts';
import type { ConnectionFacts } from './connection.ts';
import { PostgresError } from './errors.ts';
import { openLog, readLogSince } from './log-file.ts';
import { tryLogin } from './login.ts';
import type { Placement } from './placement.ts';
import {
  isPostmasterAlive,
  isProvenPostmaster,
  neutralizeStrangerPid,
  processesOf,
  readPostmasterFile,
} from './postmaster-file.ts';
import { spawnAs } from './run-program.ts';

/** A killed postmaster's backends were seen to hold the lock for up to 2 s; a busy one may take longer to notice. */
export const LOCK_WAIT_MS = 15_000;
const POLL_MS = 10;
const RETRY_MS = 200;
/** Recovery after a crash replays the log since the last checkpoint; it may take long and must not be interrupted. */
const RECOVERY_WAIT_MS = 10 * 60_000;
const ALIVE_CHECK_MS = 250;
/** Fast shutdown writes a checkpoint: seconds even on a slow disk. */
const FAST_STOP_MS = 20_000;
const IMMEDIATE_STOP_MS = 5_000;

export interface Postmaster {
  readonly pid: number;
  readonly isAdopted: boolean;
  readonly socketFolder: string;
  /** Settles when the process is gone; never rejects. */
  readonly gone: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

export interface StartOptions {
  readonly placement: Placement;
  readonly binaries: Binaries;
  readonly socketFolder: string;
  readonly log: string;
  readonly facts: (socketFolder: string) => ConnectionFacts;
  readonly isCancelled?: () => boolean;
}

// What PostgreSQL says when somebody else still holds the cluster; everything else is final.
const HELD = /lock file ".*" already exists|pre-existing shared memory block|could not create lock file|is empty/;

/** Adopts the running postmaster of this cluster, or starts one; waits up to 15 s for a former one to let go. */
export async function startPostmaster(options: StartOptions): Promise<Postmaster> {
  const deadline = Date.now() + LOCK_WAIT_MS;
  let lastWords = '';
  for (;;) {
    const adopted = await adopt(options, deadline);
    if (adopted !== undefined) return adopted;
    const started = await spawnPostmaster(options);
    if (typeof started !== 'string') return started;
    lastWords = started;
    if (!HELD.test(lastWords))
      throw new PostgresError('POSTGRES_START_FAILED', `PostgreSQL did not start:\n${lastWords}`);
    if (Date.now() > deadline || options.isCancelled?.()) break;
    neutralizeStrangerPid(options.placement.cluster);
    await sleep(RETRY_MS);
  }
  const pids = processesOf(options.placement.cluster) ?? [];
  const who = pids.length > 0 ? ` Processes that hold it: ${pids.join(', ')}.` : '';
  throw new PostgresError(
    'POSTGRES_BUSY',
    `Another PostgreSQL holds ${options.placement.cluster}.${who}\n${lastWords}`,
  );
}

/** Undefined when no postmaster of this cluster lives. Throws when one lives that does not accept our password. */
async function adopt(options: StartOptions, deadline: number): Promise<Postmaster | undefined> {
  const { cluster } = options.placement;
  const began = Date.now();
  for (;;) {
    const file = readPostmasterFile(cluster);
    if (file === undefined || !isPostmasterAlive(file, cluster)) return undefined;
    const identity = processIdentity(file.pid);
    const login = file.isReady ? await tryLogin(options.facts(file.socketFolder)) : { outcome: 'unavailable' as const };
    if (login.outcome === 'ok' && login.dataDirectory === cluster) {
      return { pid: file.pid, isAdopted: true, socketFolder: file.socketFolder, gone: watchPid(file.pid, identity) };
    }
    if (login.outcome !== 'unavailable') {
      throw new PostgresError(
        'POSTGRES_FOREIGN_SERVER',
        `A PostgreSQL (pid ${file.pid}) runs on ${cluster} but refuses the password in postgres.json. Stop it, or restore that file.`,
      );
    }
    // Starting, recovering or stopping. A process that cannot be identified may be a stranger: let PostgreSQL decide.
    const until = file.isStarting && isProvenPostmaster(file, cluster) ? began + RECOVERY_WAIT_MS : deadline;
    if (Date.now() > until || options.isCancelled?.()) return undefined;
    await sleep(RETRY_MS);
  }
}

/** Polls: the process is not our child. */
async function watchPid(pid: number, identity: string | null): Promise<{ code: null; signal: null }> {
  while (identity !== null && processIdentity(pid) === identity) {
    // Not keeping the process alive: whoever only waits for this has nothing else to do.
    await sleep(ALIVE_CHECK_MS, undefined, { ref: false });
  }
  return { code: null, signal: null };
}

/** Starts a postmaster and waits until it serves. Returns its last words when it ended instead. */
async function spawnPostmaster(options: StartOptions): Promise<Postmaster | string> {
  const { placement, binaries, socketFolder, log } = options;
  const { fd, offset } = openLog(log);
  const child = spawnAs({
    program: join(binaries.native, 'bin', 'postgres'),
    args: ['-D', placement.cluster, '-c', `config_file=${join(placement.conf, 'postgresql.conf')}`],
    user: placement.user,
    cwd: placement.place,
    stdio: ['ignore', fd, fd],
    // A session of its own: Ctrl-C at our terminal and our own death leave it running, to be adopted.
    detached: true,
  });
  closeSync(fd);
  let ended: { code: number | null; signal: string | null } | undefined;
  const gone = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    const end = (code: number | null, signal: string | null): void => {
      ended = { code, signal };
      resolve(ended);
    };
    child.on('error', () => end(127, null));
    child.on('exit', end);
  });
  child.unref();
  const deadline = Date.now() + RECOVERY_WAIT_MS;
  while (ended === undefined) {
    const file = readPostmasterFile(placement.cluster);
    if (file?.pid === child.pid && file?.isReady) return { pid: file.pid, isAdopted: false, socketFolder, gone };
    if (options.isCancelled?.()) child.kill('SIGINT');
    if (Date.now() > deadline) {
      child.kill('SIGINT');
      return 'PostgreSQL was not ready within ten minutes.';
    }
    await sleep(POLL_MS);
  }
  const words = readLogSince(log, offset).trim();
  return words === '' ? `postgres ended with ${ended.signal ?? `exit code ${ended.code}`} and said nothing.` : words;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Already gone.
  }
}

/**
 * Stops a postmaster: fast shutdown (open transactions are rolled back, a checkpoint is written), then immediate, then
 * kill. The later steps lose nothing that was acknowledged; the next start recovers from the log.
 */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  const steps = [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', IMMEDIATE_STOP_MS],
    ['SIGKILL', IMMEDIATE_STOP_MS],
  ] as const;
  for (const [name, waitMs] of steps) {
    // Never a signal to a number that may have passed to somebody else.
    if ((await Promise.race([postmaster.gone, Promise.resolve('alive' as const)])) !== 'alive') return;
    signal(postmaster.pid, name);
    const waiting = new AbortController();
    const timeout = sleep(waitMs, 'timeout' as const, { signal: waiting.signal }).catch(() => 'timeout' as const);
    const first = await Promise.race([postmaster.gone, timeout]);
    waiting.abort();
    if (first !== 'timeout') return;
  }
}
