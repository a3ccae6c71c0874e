// Embedded PostgreSQL: one call starts it, adopts a running one, keeps it running and stops it.
//
//   const postgres = await startPostgres({ dataDir: '/srv/qv', log: console.log });
//   const client = new pg.Client(postgres.connection());
//   ...
//   await postgres.stop();
//
// The server outlives a killed caller on purpose; the next call with the same data folder adopts it. See
// docs/design/embedded-postgres.md for what can go wrong and what was tried.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDataFolder } from '../data-folder.ts';
import { acquireLockWithin } from '../process-lock.mjs';
import { type Binaries, locateBinaries, prepareBinaries } from './binaries.ts';
import { checkClusterAccess, checkClusterVersion, clusterExists, createCluster } from './cluster.ts';
import { type ConnectionFacts, connectionUrl } from './connection.ts';
import { PostgresError } from './errors.ts';
import { keepLogBounded, logPath } from './log-file.ts';
import { decidePlacement, type Placement, preparePlacement, prepareSocketFolder, SOCKET_PORT } from './placement.ts';
import { type Postmaster, startPostmaster, stopPostmaster } from './postmaster.ts';
import { DATABASE, type DatabaseRecord, newRecord, readRecord, writeRecord } from './record.ts';
import { type DatabaseSettings, writeSettings } from './settings.ts';

export { type ConnectionFacts, connectionUrl } from './connection.ts';
export { PostgresError, type PostgresErrorCode } from './errors.ts';
export { BOOTSTRAP_ROLE, DATABASE } from './record.ts';

export interface PostgresOptions {
  readonly dataDir: string;
  readonly log: (line: string) => void;
  /** Settings that override the built-in ones; for tests and benchmarks. */
  readonly settings?: DatabaseSettings;
  /** Start again when the server dies; true by default. */
  readonly restart?: boolean;
  /** Where a database that cannot live in the data folder goes; for tests. */
  readonly systemFolder?: string;
}

export interface PostgresExit {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: string | null;
}

export interface RunningPostgres {
  /** Process id of the current postmaster; changes when it is restarted. */
  readonly pid: number;
  readonly adopted: boolean;
  /** True when this call created the database. */
  readonly coldStart: boolean;
  readonly startMs: number;
  readonly version: string;
  /** Folder of the cluster itself. */
  readonly cluster: string;
  readonly socketFolder: string;
  /** Name of the user it runs as, when not the caller's. */
  readonly user: string | undefined;
  /** Facts for `pg`. Without arguments: the superuser and the application's database. */
  connection(as?: Partial<ConnectionFacts>): ConnectionFacts;
  /** The same as a URL; it contains the password. */
  url(as?: Partial<ConnectionFacts>): string;
  /** Called each time the server ends unasked. Returns the function that unsubscribes. */
  onExit(listener: (exit: PostgresExit) => void): () => void;
  /** Called when the server is back after such an end. */
  onRestart(listener: (pid: number) => void): () => void;
  /** Fast shutdown, escalating; also for an adopted server. Safe to call twice. */
  stop(): Promise<void>;
  /** Stops watching and leaves the server running. */
  release(): void;
}

// initdb takes seconds on a slow disk, and another start may be in front of us.
const START_LOCK_WAIT_MS = 60_000;
const BACKOFF_MS = [100, 200, 500, 1_000, 2_000, 5_000] as const;
// A server that lived this long did not die of its start.
const STABLE_MS = 60_000;

interface Prepared {
  readonly placement: Placement;
  readonly binaries: Binaries;
  readonly record: DatabaseRecord;
  readonly socketFolder: string;
  readonly coldStart: boolean;
  readonly settingsChanged: boolean;
}

/** Starts or adopts the embedded PostgreSQL of a data folder. Throws PostgresError with a sentence for the operator. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const started = performance.now();
  if (process.platform === 'win32') {
    throw new PostgresError(
      'POSTGRES_PLATFORM_UNSUPPORTED',
      'The embedded PostgreSQL does not run on Windows yet (it is reached by a Unix socket only). Set DATABASE_URL to a PostgreSQL 15 or newer.',
    );
  }
  const dataDir = openDataFolder(options.dataDir);
  const lock = await acquireLockWithin(join(dataDir, 'postgres-start.lock'), { waitMs: START_LOCK_WAIT_MS });
  if (!lock.held)
    throw new PostgresError(
      'POSTGRES_BUSY',
      `Another process (pid ${lock.holder.pid}) is starting the database of ${dataDir}.`,
    );
  try {
    const prepared = await prepare(dataDir, options);
    return await supervise(prepared, options, started);
  } finally {
    lock.release();
  }
}

async function prepare(dataDir: string, options: PostgresOptions): Promise<Prepared> {
  const { log, systemFolder, settings } = options;
  const known = readRecord(dataDir);
  const placement = decidePlacement({ dataDir, recordedPlace: known?.place, systemFolder });
  checkClusterAccess(placement);
  const record = known ?? newRecord(placement.place);
  const coldStart = !clusterExists(placement);
  if (coldStart && record.isCreated) {
    throw new PostgresError(
      'POSTGRES_DATA_MISSING',
      `The database was in ${record.place} and is not there any more. Bring that folder back, or start with a new data folder and restore a backup.`,
    );
  }
  if (!coldStart && known === undefined) {
    throw new PostgresError(
      'POSTGRES_PASSWORD_MISSING',
      `${join(dataDir, 'postgres.json')} is missing: without the password in it nobody can log in to the database in ${placement.cluster}. Restore it from a backup.`,
    );
  }
  const found = locateBinaries();
  if (!coldStart) checkClusterVersion(placement, found);
  preparePlacement(placement);
  const binaries = prepareBinaries({ found, user: placement.user, copyTo: placement.binariesFolder, log });
  if (placement.movedBecause !== undefined && coldStart)
    log(`The database lives in ${placement.place}: ${placement.movedBecause}.`);
  if (coldStart) {
    // The password is on disk before the first server knows it; a crash in between starts over.
    writeRecord(dataDir, { ...record, place: placement.place });
    await createCluster({ placement, binaries, record });
  }
  if (!record.isCreated) writeRecord(dataDir, { ...record, place: placement.place, isCreated: true });
  const socketFolder = prepareSocketFolder(placement.place, placement.user);
  const settingsChanged = writeSettings({ placement, socketFolder, extra: settings });
  return { placement, binaries, record, socketFolder, coldStart, settingsChanged };
}

async function supervise(prepared: Prepared, options: PostgresOptions, started: number): Promise<RunningPostgres> {
  const { placement, binaries, record } = prepared;
  const log = logPath(placement.dataDir);
  const facts = (host: string): ConnectionFacts => ({
    host,
    port: SOCKET_PORT,
    user: record.role,
    password: record.password,
    database: DATABASE,
  });
  let isStopping = false;
  const start = (): Promise<Postmaster> =>
    startPostmaster({
      placement,
      binaries,
      socketFolder: prepareSocketFolder(placement.place, placement.user),
      log,
      facts,
      isCancelled: () => isStopping,
    });

  let current = await start();
  const startMs = Math.round(performance.now() - started);
  if (current.isAdopted && prepared.settingsChanged) process.kill(current.pid, 'SIGHUP');
  const stopBounding = keepLogBounded(log);
  const exits = new Set<(exit: PostgresExit) => void>();
  const restarts = new Set<(pid: number) => void>();
  let restarting: Promise<void> = Promise.resolve();

  const restart = async (): Promise<void> => {
    for (let attempt = 0; !isStopping; attempt += 1) {
      await sleep(BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length - 1)]);
      if (isStopping) return;
      try {
        current = await start();
        for (const listener of restarts) listener(current.pid);
        options.log(`PostgreSQL is back (pid ${current.pid}).`);
        watch();
        return;
      } catch (error) {
        options.log(
          `PostgreSQL could not be restarted, trying again: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  };
  const watch = (): void => {
    const watched = current;
    const since = Date.now();
    void watched.gone.then(({ code, signal }) => {
      if (isStopping) return;
      const lived = Date.now() - since;
      options.log(
        `PostgreSQL (pid ${watched.pid}) ended unasked (${signal ?? (code === null ? 'reason unknown' : `exit code ${code}`)}).`,
      );
      for (const listener of exits) listener({ pid: watched.pid, code, signal });
      if (options.restart === false) return;
      // One that keeps dying young is not restarted in a tight loop.
      restarting = (lived < STABLE_MS ? sleep(BACKOFF_MS[0]) : Promise.resolve()).then(restart);
    });
  };
  watch();

  const subscribe = <T>(set: Set<T>, listener: T): (() => void) => {
    set.add(listener);
    return () => set.delete(listener);
  };
  const release = (): void => {
    isStopping = true;
    stopBounding();
  };
  const connection = (as?: Partial<ConnectionFacts>): ConnectionFacts => ({ ...facts(current.socketFolder), ...as });
  return {
    get pid() {
      return current.pid;
    },
    get adopted() {
      return current.isAdopted;
    },
    get socketFolder() {
      return current.socketFolder;
    },
    coldStart: prepared.coldStart,
    startMs,
    version: binaries.version,
    cluster: placement.cluster,
    user: placement.user?.name,
    connection,
    url: (as) => connectionUrl(connection(as)),
    onExit: (listener) => subscribe(exits, listener),
    onRestart: (listener) => subscribe(restarts, listener),
    release,
    async stop() {
      release();
      await restarting;
      await stopPostmaster(current);
    },
  };
}
