/**
 * Builds the console (apps/console) into `apps/console/dist`, when its sources changed: the export is made beside and
 * renamed into place, so that a reader never sees half of it. It is read once by a server when it starts.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { acquireLockWithin } from '../launcher/process-lock.mjs';
import { BuildError } from './build.ts';
import { consoleHash, isConsoleFresh } from './console-freshness.mjs';

const buildWaitMs = 10 * 60_000;

export interface ConsoleReport {
  readonly built: boolean;
  readonly ms: number;
}

/** Brings `apps/console/dist` up to date. Throws BuildError with Next's words when the sources do not compile. */
export async function buildConsole(root: string, print: (line: string) => void = () => {}): Promise<ConsoleReport> {
  const started = performance.now();
  const done = (built: boolean): ConsoleReport => ({ built, ms: Math.round(performance.now() - started) });
  if (isConsoleFresh(root)) return done(false);
  const lock = await acquireLockWithin(join(root, '.cache', 'console.lock'), {
    waitMs: buildWaitMs,
    onWait: (holder) => print(`Another build of the console is running (pid ${holder.pid}); waiting for it.`),
  });
  if (!lock.held) throw new BuildError('BUILD_BUSY', `Another build (pid ${lock.holder.pid}) did not finish in time.`);
  try {
    if (isConsoleFresh(root)) return done(false);
    exportConsole(root);
    return done(true);
  } finally {
    lock.release();
  }
}

function exportConsole(root: string): void {
  const folder = join(root, 'apps/console');
  const hash = consoleHash(root);
  const next = join(root, 'node_modules/next/dist/bin/next');
  rmSync(join(folder, '.export'), { recursive: true, force: true });
  const run = spawnSync(process.execPath, [next, 'build', '--webpack', folder], {
    cwd: root,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const made = join(folder, '.export');
  if (run.status !== 0 || !existsSync(made)) {
    throw new BuildError('BUILD_COMPILE_FAILED', `The console does not build:\n${run.stdout}${run.stderr}`.trimEnd());
  }
  writeFileSync(join(made, 'build.json'), `${JSON.stringify({ hash })}\n`);
  const dist = join(folder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  renameSync(made, dist);
}

if (import.meta.main) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
  try {
    const { built, ms } = await buildConsole(root, (line) => console.error(line));
    if (!process.argv.includes('--quiet'))
      console.log(`${built ? 'Console built' : 'Console is up to date'} (${ms} ms).`);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(`quantumvault: ${error.message}`);
    process.exitCode = 1;
  }
}
