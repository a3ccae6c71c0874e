// `npm start`: database, migrations, server; in this order up, and in the opposite order down. launch.mjs has installed
// and compiled before; this process stays as long as the server, so it loads as little as it can.
//
// The launcher holds no secret beyond the start: the superuser's URL goes to the short-lived migrate process alone, and
// the server gets an address without credentials (QV_DATABASE).
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EXIT_CONFIGURATION, openDataFolder, StartError } from './data-folder.ts';
import { childEnvironment, openDatabase } from './open-database.ts';
import { PostgresError, type RunningPostgres } from './postgres/index.ts';
import type { HeldLock } from './process-lock.mjs';
import { identify, type RunFile, removeRunFile, writeRunFile } from './run-file.ts';
import { ServerProcess } from './server-process.ts';
import { lockDataFolder, waitForFormerServer } from './single-start.ts';
import { StopRequest } from './stop-request.ts';

export interface StartOptions {
  /** The checkout. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
  /** Program that checks the settings and ends; undefined for the real one. */
  readonly settingsEntry?: string;
  /** Program that migrates and ends; undefined for the real one. */
  readonly migrateEntry?: string;
  readonly serverEntry?: string;
  readonly drainMs?: number;
}

/** Starts everything and stays until it is told to stop. Resolves to the exit code of the process. */
export async function start(options: StartOptions): Promise<number> {
  const { root, env, print } = options;
  const dataDir = openDataFolder(resolve(env.QV_DATA_DIR || join(root, '.quantumvault')));
  const lock = await lockDataFolder(dataDir, print);
  const stop = new StopRequest();
  try {
    if (process.pid === 1)
      print(
        'Note: this is the first process of its container. Run the container with --init, so that ended processes are collected.',
      );
    await waitForFormerServer(dataDir, print);
    return await serve(options, dataDir, lock, stop);
  } finally {
    stop.dispose();
    removeRunFile(dataDir);
    lock.release();
  }
}

interface ProgramEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Runs the migrations. It alone gets a URL with the right to create roles, and only while it lives. */
function runMigrate(entry: string, env: NodeJS.ProcessEnv, url: string): Promise<ProgramEnd> {
  return new Promise((settle) => {
    const child = spawn(process.execPath, [entry], {
      env: { ...env, DATABASE_URL: url },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', () => settle({ code: 1, signal: null }));
    child.on('exit', (code, signal) => settle({ code, signal }));
  });
}

/** Asks the server's own schema before anything is made: a misspelt setting must not leave a database behind. */
async function checkSettings({ root, env, settingsEntry }: StartOptions, dataDir: string): Promise<number> {
  const entry = settingsEntry ?? join(root, 'apps/server/dist/main.settings.js');
  const kept = Object.entries(env).filter(([name]) => !/^(DATABASE_URL|DATABASE_URL_FILE|npm_.*)$/.test(name));
  const { promise, resolve } = Promise.withResolvers<number>();
  const child = spawn(process.execPath, [entry], {
    env: { ...Object.fromEntries(kept), QV_DATA_DIR: dataDir },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  child.on('error', () => resolve(1));
  child.on('exit', (code) => resolve(code ?? 1));
  return promise;
}

const MIGRATE_ATTEMPTS = 3;

/**
 * Migrates; each migration is one transaction, so a run that was killed, or whose database was, is simply run again.
 * Resolves to the exit code.
 */
async function migrate(options: {
  entry: string;
  env: NodeJS.ProcessEnv;
  url: () => string;
  postgres: RunningPostgres | undefined;
  print: (line: string) => void;
}): Promise<number> {
  const { entry, env, url, postgres, print } = options;
  for (let attempt = 1; ; attempt += 1) {
    let databaseDied = false;
    const unsubscribe = postgres?.onExit(() => {
      databaseDied = true;
    });
    const end = await runMigrate(entry, env, url());
    // An adopted server's end is noticed by polling: give the notice time to arrive.
    if (end.code !== 0 && postgres !== undefined) await sleep(500);
    unsubscribe?.();
    if (end.code === 0) return 0;
    if (attempt >= MIGRATE_ATTEMPTS || (end.signal === null && !databaseDied)) return end.code ?? 1;
    print('The migration was interrupted; running it again.');
    await sleep(1_000);
  }
}

async function serve(options: StartOptions, dataDir: string, lock: HeldLock, stop: StopRequest): Promise<number> {
  const { root, print } = options;
  const refused = await checkSettings(options, dataDir);
  if (refused !== 0) return refused;
  const database = await openDatabase({ dataDir, env: options.env, print });
  const { postgres } = database;
  let run: RunFile = {
    version: 1,
    startedAt: new Date().toISOString(),
    launcher: identify(process.pid),
    server: null,
    url: null,
    postgres: null,
  };
  const record = (change: Partial<RunFile>): void => {
    run = { ...run, ...change, postgres: describe(postgres) };
    writeRunFile(dataDir, run);
  };
  record({});
  postgres?.onRestart(() => record({}));
  try {
    if (stop.isAsked) return 0;
    const env = childEnvironment({ dataDir, env: options.env, print }, database);
    const started = performance.now();
    const migrated = await migrate({
      entry: options.migrateEntry ?? join(root, 'apps/server/dist/main.migrate.js'),
      env,
      url: () => postgres?.url() ?? database.target.url,
      postgres,
      print,
    });
    if (migrated !== 0) {
      print('The database could not be migrated; the message is above. Nothing was started.');
      return migrated;
    }
    print(`Migrations are up to date (${Math.round(performance.now() - started)} ms).`);
    if (stop.isAsked) return 0;
    return await runServer({ options, dataDir, env, record, lock, stop });
  } finally {
    if (postgres !== undefined) {
      await postgres.stop();
      print('Database stopped.');
    }
  }
}

function describe(postgres: RunningPostgres | undefined): RunFile['postgres'] {
  if (postgres === undefined) return null;
  const { port, database } = postgres.connection();
  const { cluster, version, adopted, socketFolder: socketDir, user } = postgres;
  return { ...identify(postgres.pid), socketDir, port, database, cluster, version, adopted, user: user ?? null };
}

async function runServer(context: {
  options: StartOptions;
  dataDir: string;
  env: NodeJS.ProcessEnv;
  record: (change: Partial<RunFile>) => void;
  lock: HeldLock;
  stop: StopRequest;
}): Promise<number> {
  const { options, dataDir, env, record, lock, stop } = context;
  const { root, print, drainMs } = options;
  let giveUp: (exitCode: number) => void = () => {};
  const givenUp = new Promise<number>((settle) => {
    giveUp = settle;
  });
  let isFirstStart = false;
  const server = new ServerProcess({
    entry: options.serverEntry ?? join(root, 'apps/server/dist/main.js'),
    env,
    log: print,
    ...(drainMs === undefined ? {} : { drainMs }),
    onStart: (pid) => record({ server: identify(pid), url: null }),
    onMessage: (message) => {
      if (message.type === 'bootstrapped') {
        isFirstStart = true;
        print(
          `First start: an administrator was made. E-mail, password and API key are in ${message.file} (only you can read it); move them to a safe place and delete the file.`,
        );
        return;
      }
      record({ url: message.url });
      lock.update({ url: message.url });
      print(
        `QuantumVault is ready: ${message.url} (server started in ${message.startMs} ms). Data: ${dataDir}. Stop with Ctrl-C.`,
      );
      if (isFirstStart) {
        isFirstStart = false;
        print(`In a browser, ${welcomeAddress(message.url)} leads from here to the first scan and its proof.`);
      }
    },
    onGivenUp: (exitCode) => giveUp(exitCode),
  });
  server.start();
  const outcome = await Promise.race([stop.asked, givenUp]);
  if (typeof outcome === 'number') return outcome;
  print(`Stopping (${outcome}) ...`);
  await server.stop();
  print('Server stopped.');
  return 0;
}

/** Turns an error into a sentence and an exit code; anything unexpected keeps its stack. */
export async function main(options: StartOptions): Promise<number> {
  try {
    return await start(options);
  } catch (error) {
    if (error instanceof StartError) {
      console.error(`quantumvault: ${error.message}`);
      return error.exitCode;
    }
    if (error instanceof PostgresError) {
      console.error(`quantumvault: ${error.message} [${error.code}]`);
      return EXIT_CONFIGURATION;
    }
    console.error(error);
    return 1;
  }
}

/** Browsers keep passkeys for a name, and never for a bare address. */
function welcomeAddress(url: string): string {
  const address = new URL('/welcome', url);
  if (address.hostname === '127.0.0.1') address.hostname = 'localhost';
  return address.href;
}

if (import.meta.main) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
  process.exitCode = await main({ root, env: process.env, print: (line) => console.log(line) });
}
