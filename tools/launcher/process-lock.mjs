// A lock file that survives `kill -9` of its holder.
//
// The file names its holder by process id *and* start time, so a recycled process id is not mistaken for the holder.
// A holder in another container or on another host cannot be looked up; it counts as alive while its heartbeat (the
// file's modification time) is young. Plain JavaScript, because the installer needs it on an old Node.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';

const HEARTBEAT_MS = 5_000;
// Four missed heartbeats: long enough for a paused machine, short enough to wait for.
const FOREIGN_HOLDER_STALE_MS = 20_000;
// A takeover lasts microseconds; a guard this old was left by a crash.
const GUARD_STALE_MS = 10_000;
// A lock file is created and filled in two steps; an empty one this old was left by a crash between them.
const UNREADABLE_STALE_MS = 3_000;

/** Start time of a living process as an opaque string, or null when there is no such process (zombies do not live). */
export function processIdentity(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (process.platform === 'linux') {
    try {
      // The command name, in parentheses, may itself contain spaces and parentheses: read after the last one.
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? null : `ticks:${fields[19]}`;
    } catch {
      return null;
    }
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return null;
  }
  if (process.platform === 'win32') return 'alive';
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

/** The set of processes in which a process id means something: one boot of one machine, one pid namespace. */
function processSpace() {
  if (process.platform !== 'linux') return hostname();
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Reads the holder of a lock file; null when there is none. Does not judge whether it lives. */
export function readLock(path) {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null && Number.isInteger(value.pid) ? value : null;
  } catch {
    return null;
  }
}

function ageMs(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : Date.now() - stat.mtimeMs;
}

function isHeld(path, holder) {
  const age = ageMs(path);
  if (age === null) return false;
  if (holder === null) return age < UNREADABLE_STALE_MS;
  if (holder.space !== processSpace()) return age < FOREIGN_HOLDER_STALE_MS;
  return processIdentity(holder.pid) === holder.identity;
}

/** The living holder of a lock, or null when the lock is free. */
export function lockHolder(path) {
  const holder = readLock(path);
  return isHeld(path, holder) ? (holder ?? { pid: 0 }) : null;
}

function writeHolder(path, holder, flag) {
  writeFileSync(path, `${JSON.stringify(holder)}\n`, { flag, mode: 0o600 });
}

/** Moves a dead holder's file aside. One process at a time may do so, and it judges again once it may. */
function removeStale(path) {
  const guard = `${path}.takeover`;
  try {
    mkdirSync(guard);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const age = ageMs(guard);
    if (age !== null && age > GUARD_STALE_MS) rmdirSync(guard);
    return;
  }
  try {
    if (!isHeld(path, readLock(path))) unlinkSync(path);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  } finally {
    rmdirSync(guard);
  }
}

/**
 * Takes the lock at `path`, or tells who holds it. `details` are stored with the holder for others to read.
 * The folder is made when missing. The caller releases the lock; a crash releases it as well.
 */
export function acquireLock(path, details = {}) {
  mkdirSync(dirname(path), { recursive: true });
  let mine = {
    ...details,
    pid: process.pid,
    identity: processIdentity(process.pid),
    space: processSpace(),
    nonce: randomBytes(8).toString('hex'),
  };
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      writeHolder(path, mine, 'wx');
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const holder = lockHolder(path);
      if (holder !== null) return { held: false, holder };
      removeStale(path);
      continue;
    }
    const heartbeat = setInterval(() => {
      try {
        const now = new Date();
        utimesSync(path, now, now);
      } catch {
        // The folder went away under us; there is nothing left to guard.
      }
    }, HEARTBEAT_MS);
    heartbeat.unref();
    return {
      held: true,
      update(more) {
        mine = { ...mine, ...more };
        const temporary = `${path}.${mine.nonce}`;
        writeHolder(temporary, mine, 'w');
        renameSync(temporary, path);
      },
      release() {
        clearInterval(heartbeat);
        if (readLock(path)?.nonce === mine.nonce) unlinkSync(path);
      },
    };
  }
  return { held: false, holder: lockHolder(path) ?? { pid: 0 } };
}

/** Like `acquireLock`, but waits up to `waitMs`; `onWait` is called once, with the holder, when it has to. */
export async function acquireLockWithin(path, { waitMs, details, onWait }) {
  const deadline = Date.now() + waitMs;
  let told = false;
  for (;;) {
    const lock = acquireLock(path, details);
    if (lock.held || Date.now() > deadline) return lock;
    if (!told) onWait?.(lock.holder);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
