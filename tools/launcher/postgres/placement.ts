// Where the cluster, its settings and its socket live.
//
//   <place>/data   the cluster, owned by the database user, 0700
//   <place>/conf   settings, not writable by the database user
//   <place>/run    the socket, 0700
//
// <place> is `<data dir>/postgres`. As root it is a system folder when the database user cannot reach the data folder.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chooseDatabaseUser, type DatabaseUser, firstClosedFolder } from './database-user.ts';
import { PostgresError } from './errors.ts';

export const SYSTEM_FOLDER = '/var/lib/quantumvault';
export const SOCKET_PORT = 5432;
// sockaddr_un holds 104 (macOS) or 108 (Linux) bytes; PostgreSQL needs a few for its lock file.
const SOCKET_PATH_BYTES_MAX = 100;
// The setting is a list with quoting rules of its own; other characters go to the temporary folder instead.
const PLAIN_PATH = /^[A-Za-z0-9/_.-]+$/;

export interface Placement {
  readonly dataDir: string;
  readonly place: string;
  readonly cluster: string;
  readonly conf: string;
  /** Undefined when PostgreSQL runs as the current user. */
  readonly user: DatabaseUser | undefined;
  /** Folder for copied binaries, when those of node_modules cannot be used. */
  readonly binariesFolder: string;
  /** Why the database is not in the data folder; undefined when it is. */
  readonly movedBecause: string | undefined;
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Decides where the database lives. `recordedPlace` is where it was put before, and wins. Creates nothing. */
export function decidePlacement(options: {
  dataDir: string;
  recordedPlace?: string | undefined;
  systemFolder?: string | undefined;
  passwd?: string | undefined;
}): Placement {
  const dataDir = realpathSync(options.dataDir);
  const inside = join(dataDir, 'postgres');
  const build = (place: string, user: DatabaseUser | undefined, movedBecause?: string): Placement => ({
    dataDir,
    place,
    cluster: join(place, 'data'),
    conf: join(place, 'conf'),
    user,
    binariesFolder: place === inside && user === undefined ? place : (options.systemFolder ?? SYSTEM_FOLDER),
    movedBecause,
  });
  if (process.getuid?.() !== 0) return build(options.recordedPlace ?? inside, undefined);

  const system = join(options.systemFolder ?? SYSTEM_FOLDER, shortHash(dataDir));
  const known = [options.recordedPlace, inside].find((place) => place !== undefined && existsSync(join(place, 'data')));
  const owner = known === undefined ? undefined : statSync(join(known, 'data')).uid;
  const user = chooseDatabaseUser(options.passwd ?? readFileSync('/etc/passwd', 'utf8'), owner);
  if (user === undefined) {
    throw new PostgresError(
      'POSTGRES_NO_UNPRIVILEGED_USER',
      'PostgreSQL does not run as root, and /etc/passwd has none of the users quantumvault, postgres, nobody (or not the owner of the existing data). Create one: useradd --system quantumvault',
    );
  }
  // The data folder itself can be opened for the user's group when it is root's own; what is above it is not ours.
  const closed = firstClosedFolder(dirname(dataDir), user) ?? (canOpen(dataDir, user) ? undefined : dataDir);
  const reason = closed === undefined ? undefined : `user ${user.name} cannot enter ${closed}`;
  if (known === inside && reason !== undefined) {
    // Never a second, empty database beside one that merely cannot be reached.
    throw new PostgresError(
      'POSTGRES_FOLDER_DENIED',
      `The database in ${inside} cannot be reached: ${reason}. Open that folder for the user, or move the data folder back.`,
    );
  }
  if (known !== undefined) return build(known, user, known === inside ? undefined : reason);
  return reason === undefined ? build(inside, user) : build(system, user, reason);
}

function canOpen(dataDir: string, user: DatabaseUser): boolean {
  return statSync(dataDir).uid === 0 || firstClosedFolder(dataDir, user) === undefined;
}

/** Makes the folders with their owners and modes, and checks that a system folder belongs to this data folder. */
export function preparePlacement(placement: Placement): void {
  const { place, conf, dataDir, user } = placement;
  const isInside = place.startsWith(`${dataDir}/`);
  if (user !== undefined && isInside && statSync(dataDir).uid === 0) openForGroup(dataDir, user);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  if (!isInside) claimSystemFolder(place, dataDir);
  mkdirSync(conf, { recursive: true, mode: 0o700 });
  if (user === undefined) return;
  if (!isInside) chmodSync(dirname(place), 0o755);
  openForGroup(place, user);
  openForGroup(conf, user);
}

/** Owned by root; the group of the database user may enter and do nothing else. */
function openForGroup(folder: string, user: DatabaseUser): void {
  chownSync(folder, 0, user.gid);
  chmodSync(folder, 0o710);
}

/** A copied data folder must not reach for the database of its original. */
function claimSystemFolder(place: string, dataDir: string): void {
  const claim = join(place, 'data-folder');
  const owner = existsSync(claim) ? readFileSync(claim, 'utf8').trim() : dataDir;
  if (owner !== dataDir && existsSync(join(owner, 'postgres.json'))) {
    throw new PostgresError(
      'POSTGRES_FOLDER_COPIED',
      `The database in ${place} belongs to the data folder ${owner}; ${dataDir} seems to be a copy of it. Restore a backup into a new folder instead.`,
    );
  }
  writeFileSync(claim, `${dataDir}\n`, { mode: 0o600 });
}

/** Makes the socket's folder: in `place`, or in the temporary folder when its path would be too long for a socket. */
export function prepareSocketFolder(place: string, user: DatabaseUser | undefined): string {
  const inside = join(place, 'run');
  if (fitsSocket(inside)) return ensurePrivateFolder(inside, user) ? inside : freshFolder(place, user);
  const base = temporaryBase();
  const folder = join(base, `quantumvault-${shortHash(place)}`);
  return ensurePrivateFolder(folder, user) ? folder : freshFolder(join(base, 'quantumvault'), user);
}

function temporaryBase(): string {
  const longest = join(tmpdir(), `quantumvault-${'x'.repeat(16)}`);
  return fitsSocket(longest) ? tmpdir() : '/tmp';
}

export function fitsSocket(folder: string): boolean {
  const path = `${folder}/.s.PGSQL.${SOCKET_PORT}`;
  return Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX && PLAIN_PATH.test(folder);
}

/** True when `folder` is a real folder of the right owner with mode 0700; somebody else may have made it before us. */
function ensurePrivateFolder(folder: string, user: DatabaseUser | undefined): boolean {
  const owner = user?.uid ?? process.getuid?.() ?? 0;
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 });
    if (user !== undefined) chownSync(folder, user.uid, user.gid);
  }
  const stat = lstatSync(folder);
  return stat.isDirectory() && stat.uid === owner && (stat.mode & 0o077) === 0;
}

function freshFolder(prefix: string, user: DatabaseUser | undefined): string {
  const base = fitsSocket(`${prefix}-abcdef`) ? prefix : join('/tmp', 'quantumvault');
  const folder = mkdtempSync(`${base}-`);
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  return folder;
}
