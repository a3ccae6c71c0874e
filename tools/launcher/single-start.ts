// One launcher per data folder, one server per launcher: also after either was killed.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT_ALREADY_RUNNING, StartError } from './data-folder.ts';
import { acquireLockWithin, type HeldLock, processIdentity } from './process-lock.mjs';
import { isAlive, readRunFile } from './run-file.ts';
import { DRAIN_MS } from './server-process.ts';

// A launcher in a container that was killed cannot be looked up from the next container; its heartbeat dies in 20 s.
const LOCK_WAIT_MS = 25_000;

/** Takes the data folder, or throws StartError (exit code 3) that says who has it. */
export async function lockDataFolder(dataDir: string, print: (line: string) => void): Promise<HeldLock> {
  const path = join(dataDir, 'launcher.lock');
  const lock = await acquireLockWithin(path, {
    // A holder that can be looked up is there to stay; only one that cannot may still turn out to be dead.
    waitMs: 0,
    details: { startedAt: new Date().toISOString() },
  });
  if (lock.held) return lock;
  const { pid, identity } = lock.holder;
  const isVisible = identity !== undefined && processIdentity(pid) === identity;
  const later = isVisible
    ? lock
    : await acquireLockWithin(path, {
        waitMs: LOCK_WAIT_MS,
        onWait: () => print('Another QuantumVault may be using this data folder; waiting to see whether it lives.'),
      });
  if (later.held) return later;
  const url = readRunFile(dataDir)?.url ?? 'not ready yet';
  throw new StartError(
    EXIT_ALREADY_RUNNING,
    `QuantumVault is already running on ${dataDir} (pid ${later.holder.pid}, ${url}). Stop it first, or set QV_DATA_DIR and QV_PORT for a second one.`,
  );
}

/** A killed launcher's server notices within moments and drains; its port and its jobs are waited for. */
export async function waitForFormerServer(dataDir: string, print: (line: string) => void): Promise<void> {
  const former = readRunFile(dataDir)?.server;
  if (!former || !isAlive(former)) return;
  print(`The server of a former start (pid ${former.pid}) is still stopping; waiting for it.`);
  const deadline = Date.now() + DRAIN_MS + 5_000;
  while (isAlive(former)) {
    if (Date.now() > deadline) {
      print(`It does not stop and is killed (pid ${former.pid}).`);
      kill(former.pid);
    }
    await sleep(50);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in this very moment.
  }
}
