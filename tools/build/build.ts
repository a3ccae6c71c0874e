// Compiles every workspace's `src` into the `dist` beside it with swc, and copies what is not TypeScript.
//
// A build may run while a server reads the same `dist`: each output is written under another name and renamed over the
// old one, so no reader sees half a file. Two builds at once take turns. Nothing is written when nothing changed, so a
// checkout that somebody else owns and has built works as it is.
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { acquireLockWithin } from '../launcher/process-lock.mjs';
import { type BuildSource, buildUnits, checkFreshness, type Freshness, indexPath, listFiles } from './freshness.mjs';

const BUILD_WAIT_MS = 5 * 60_000;

export interface BuildReport {
  readonly compiled: number;
  readonly copied: number;
  readonly removed: number;
  readonly total: number;
  readonly ms: number;
}

/** Raised when a source does not compile; the message is swc's, with file and line. */
export class BuildError extends Error {
  readonly code: 'BUILD_COMPILE_FAILED' | 'BUILD_BUSY' | 'BUILD_READ_ONLY';
  constructor(code: BuildError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BuildError';
    this.code = code;
  }
}

function replaceFile(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.tmp-${process.pid}`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

async function compile(root: string, entry: BuildSource): Promise<void> {
  // Loaded only when there is something to compile: the native compiler costs more than the whole check.
  const swc = await import('@swc/core');
  const source = join(root, entry.source);
  const out = join(root, entry.outputs[0] ?? '');
  const result = await swc
    .transform(readFileSync(source, 'utf8'), {
      filename: source,
      sourceFileName: relative(dirname(out), source),
      configFile: join(root, '.swcrc'),
      swcrc: true,
      cwd: root,
      root,
    })
    .catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new BuildError('BUILD_COMPILE_FAILED', `${entry.source}: ${reason}`, { cause: error });
    });
  // The map first: code without its map is harmless, a map that is not there yet is a broken link.
  if (result.map !== undefined) replaceFile(`${out}.map`, result.map);
  replaceFile(out, `${result.code}//# sourceMappingURL=${basename(out)}.map\n`);
}

/** Deletes from each `dist` what no source makes any more, empty folders included. */
function removeStrays(root: string, expected: ReadonlySet<string>): number {
  let removed = 0;
  for (const unit of buildUnits(root)) {
    const dist = join(root, unit, 'dist');
    if (statSync(dist, { throwIfNoEntry: false }) === undefined) continue;
    for (const path of listFiles(dist)) {
      if (expected.has(`${unit}/dist/${path}`)) continue;
      unlinkSync(join(dist, path));
      removed += 1;
    }
    removeEmptyFolders(dist);
  }
  return removed;
}

function removeEmptyFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    removeEmptyFolders(path);
    if (readdirSync(path).length === 0) rmdirSync(path);
  }
}

function writeIndex(root: string, state: Freshness): void {
  replaceFile(indexPath(root), JSON.stringify({ compiler: state.compiler, files: state.files }));
}

async function buildStale(root: string, state: Freshness): Promise<Omit<BuildReport, 'ms' | 'total'>> {
  const compiled = state.stale.filter((entry) => entry.compiled);
  const copied = state.stale.filter((entry) => !entry.compiled);
  await Promise.all(compiled.map((entry) => compile(root, entry)));
  for (const entry of copied) replaceFile(join(root, entry.outputs[0] ?? ''), readFileSync(join(root, entry.source)));
  const removed = removeStrays(root, new Set(state.sources.flatMap((entry) => entry.outputs)));
  // Last, so that an interrupted build is seen as unfinished.
  writeIndex(root, state);
  return { compiled: compiled.length, copied: copied.length, removed };
}

const isDenied = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code));

/** Brings every `dist` up to date. Throws BuildError when a source does not compile or the folder cannot be written. */
export async function build(root: string, print: (line: string) => void = () => {}): Promise<BuildReport> {
  const started = performance.now();
  const state = checkFreshness(root);
  const done = (report: Omit<BuildReport, 'ms' | 'total'>): BuildReport => ({
    ...report,
    total: state.sources.length,
    ms: Math.round(performance.now() - started),
  });
  try {
    if (state.fresh) {
      if (state.touched) tryWriteIndex(root, state);
      return done({ compiled: 0, copied: 0, removed: 0 });
    }
    const lock = await acquireLockWithin(join(root, '.cache', 'build.lock'), {
      waitMs: BUILD_WAIT_MS,
      onWait: (holder) => print(`Another build is running (pid ${holder.pid}); waiting for it.`),
    });
    if (!lock.held)
      throw new BuildError('BUILD_BUSY', `Another build (pid ${lock.holder.pid}) did not finish in time.`);
    try {
      // Looked at again: whoever held the lock may have built the same sources.
      return done(await buildStale(root, checkFreshness(root)));
    } finally {
      lock.release();
    }
  } catch (error) {
    if (!isDenied(error)) throw error;
    const reason = error instanceof Error ? error.message : '';
    throw new BuildError(
      'BUILD_READ_ONLY',
      `The sources changed but dist cannot be written (${reason}). Run "npm run build" as the owner.`,
      { cause: error },
    );
  }
}

function tryWriteIndex(root: string, state: Freshness): void {
  try {
    writeIndex(root, state);
  } catch (error) {
    // The index only saves hashing; a checkout owned by somebody else keeps working without the saving.
    if (!isDenied(error)) throw error;
  }
}

if (import.meta.main) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
  try {
    const report = await build(root, (line) => console.error(line));
    const { compiled, copied, removed, total, ms } = report;
    const nothing = compiled + copied + removed === 0;
    if (!process.argv.includes('--quiet')) {
      console.log(
        nothing
          ? `Build is up to date (${total} files, ${ms} ms).`
          : `Built: ${compiled} compiled, ${copied} copied, ${removed} removed (${ms} ms).`,
      );
    }
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(`quantumvault: ${error.message}`);
    process.exitCode = 1;
  }
}
