import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type QuantumVaultClient } from '@quantumvault/api';
import pg from 'pg';
import { isProvenPostmaster, readPostmasterFile } from '../../tools/launcher/postgres/postmaster-file.ts';
import { readRecord } from '../../tools/launcher/postgres/record.ts';
import { identify, isAlive, type RunFile, type RunningProcess, readRunFile } from '../../tools/launcher/run-file.ts';
import { freePort } from './free-port.ts';

const root = path.resolve(import.meta.dirname, '../..');
const readyMs = 90_000;
// The launcher gives the server 20 s to drain and PostgreSQL some more.
const stopMs = 60_000;

export type PartName = 'server' | 'launcher' | 'postgres';

export interface SignIn {
  readonly email: string;
  readonly password: string;
  readonly apiKey: string;
  readonly organizationId: string;
  readonly url: string;
}

export interface ProgramEnd {
  readonly code: number | null;
  readonly output: string;
}

/** What a person's shell passes on, without what would lead the program elsewhere or tell it that it is under test. */
function plainEnvironment(own: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const foreign = /^(QV_|DATABASE_URL|VITEST|NODE_ENV$|NODE_OPTIONS$|TEST$|DEV$|PROD$|MODE$|npm_)/;
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))), ...own };
}

/** Runs a program to its end and collects all that it says; killed after a minute. */
async function runProgram(args: readonly string[], env: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  const code = await new Promise<number | null>((settle) => child.on('close', settle));
  return { code, output };
}

/** `kill -9`, and waits until that very process is gone. False when it was gone before. */
async function killHard(victim: RunningProcess): Promise<boolean> {
  if (!isAlive(victim)) return false;
  process.kill(victim.pid, 'SIGKILL');
  while (isAlive(victim)) await sleep(2);
  return true;
}

/**
 * A real installation: `npm start` as a child process (launcher, PostgreSQL, migrations, server) on a data folder and a
 * port of its own. Everything in it can be killed. `remove()` it when done.
 */
export class Installation {
  readonly dataDir: string;
  readonly url: string;
  readonly #environment: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #ended: Promise<number | null> = Promise.resolve(null);
  #output = '';
  #client: QuantumVaultClient | undefined;

  constructor(options: { port: number; environment?: Readonly<Record<string, string>> }) {
    const folder = mkdtempSync(path.join(tmpdir(), 'qv-installation-'));
    // As root, PostgreSQL runs as another user, which must be able to pass.
    chmodSync(folder, 0o711);
    this.dataDir = realpathSync(folder);
    this.url = `http://127.0.0.1:${options.port}`;
    this.#environment = {
      QV_DATA_DIR: this.dataDir,
      QV_PORT: String(options.port),
      ...options.environment,
    };
  }

  /** A folder and a port; nothing runs yet. */
  static async prepare(environment: Readonly<Record<string, string>> = {}): Promise<Installation> {
    return new Installation({ port: await freePort(), environment });
  }

  /** Everything that the launcher and the server have said since the first start. */
  get output(): string {
    return this.#output;
  }

  /** The first credentials; there once the first boot is complete. */
  get signIn(): SignIn {
    return JSON.parse(readFileSync(path.join(this.dataDir, 'bootstrap-admin.json'), 'utf8'));
  }

  /** The SDK with the administrator's key. */
  get client(): QuantumVaultClient {
    this.#client ??= createClient({ url: this.url, apiKey: this.signIn.apiKey, http: fetch });
    return this.#client;
  }

  /** Whether the launcher that was started last still runs. */
  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Process id of the launcher that was started last, also before it has said so itself. */
  get launchPid(): number {
    if (this.#child?.pid === undefined) throw new Error('nothing was started');
    return this.#child.pid;
  }

  /** Begins a start and returns at once; see `waitReady`. */
  launch(environment: Readonly<Record<string, string>> = {}): void {
    if (this.isRunning) throw new Error('it runs already');
    const child = spawn(process.execPath, [path.join(root, 'tools/launcher/launch.mjs'), 'start'], {
      cwd: root,
      env: plainEnvironment({ ...this.#environment, ...environment }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString('utf8');
      });
    }
    this.#child = child;
    this.#ended = new Promise((settle) => child.once('exit', (code) => settle(code)));
  }

  /** Starts and waits until it serves. Resolves to the time that took, in milliseconds. */
  async start(environment: Readonly<Record<string, string>> = {}): Promise<number> {
    const since = performance.now();
    this.launch(environment);
    await this.waitReady();
    return performance.now() - since;
  }

  /** Runs a second `npm start` on the same folder until it ends. */
  startAgain(environment: Readonly<Record<string, string>> = {}): Promise<ProgramEnd> {
    return runProgram(
      [path.join(root, 'tools/launcher/launch.mjs'), 'start'],
      plainEnvironment({ ...this.#environment, ...environment }),
    );
  }

  /** Runs `qv` against this installation. */
  qv(...args: string[]): Promise<ProgramEnd> {
    return runProgram(
      [path.join(root, 'apps/cli/bin/qv.mjs'), ...args],
      plainEnvironment({ QV_DATA_DIR: this.dataDir }),
    );
  }

  /** What serves now, by `run.json`; throws when that is not there. */
  pids(): RunFile & { readonly server: RunningProcess; readonly postgres: NonNullable<RunFile['postgres']> } {
    const run = readRunFile(this.dataDir);
    if (!run?.server || !run.postgres) throw new Error(`nothing serves: ${this.#output}`);
    return { ...run, server: run.server, postgres: run.postgres };
  }

  /**
   * Waits until the launcher that this object started last, its server and its PostgreSQL all live and /health/ready
   * answers 200. Throws, with what was said, when the launcher ends or the time is over.
   */
  async waitReady(timeoutMs = readyMs): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await this.#isReady())) {
      if (!this.isRunning || performance.now() > deadline) {
        throw new Error(`${this.isRunning ? 'it is not ready in time' : 'the launcher ended'}:\n${this.#output}`);
      }
      await sleep(10);
    }
  }

  async #isReady(): Promise<boolean> {
    const run = readRunFile(this.dataDir);
    if (!run?.server || !run.postgres || run.url === null || run.launcher.pid !== this.#child?.pid) return false;
    if (![run.launcher, run.server, run.postgres].every(isAlive)) return false;
    try {
      const response = await fetch(new URL('/health/ready', this.url), { signal: AbortSignal.timeout(5_000) });
      await response.arrayBuffer();
      return response.status === 200;
    } catch {
      return false;
    }
  }

  /** A connection as the cluster's superuser, in the schema of the product. Close it when done. */
  async sql(): Promise<pg.Client> {
    const { postgres } = this.pids();
    const record = readRecord(this.dataDir);
    if (record === undefined) throw new Error('postgres.json is missing');
    const client = new pg.Client({
      host: postgres.socketDir,
      port: postgres.port,
      database: postgres.database,
      user: record.role,
      password: record.password,
    });
    // Killing PostgreSQL kills this connection too; the next statement says so.
    client.on('error', () => {});
    await client.connect();
    await client.query('SET search_path = qv');
    return client;
  }

  killServer = (): Promise<void> => this.kill('server');
  killLauncher = (): Promise<void> => this.kill('launcher');
  killPostgres = (): Promise<void> => this.kill('postgres');

  /** `kill -9` of these, in this order and with nothing in between. Resolves when all of them are gone. */
  async kill(...parts: readonly PartName[]): Promise<void> {
    const run = this.pids();
    const victims = parts.map((part) => run[part]);
    const hit = await Promise.all(victims.map(killHard));
    if (hit.includes(false)) throw new Error(`not all of ${parts.join(', ')} were running:\n${this.#output}`);
    if (parts.includes('launcher')) await this.#ended;
  }

  /** `kill -9` of the launcher wherever the start is; nothing else is touched. */
  async killLaunch(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  /** Asks the launcher to stop and waits. Resolves to its exit code, null when it was killed. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || !this.isRunning) return child?.exitCode ?? null;
    const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
    child.kill('SIGTERM');
    const code = await this.#ended;
    clearTimeout(timer);
    return code;
  }

  /** Stops everything, also what a test has left behind, and removes the data folder. */
  async remove(): Promise<void> {
    const run = readRunFile(this.dataDir);
    await this.stop();
    if (run?.server) await killHard(run.server);
    if (run?.postgres) await killHard(run.postgres);
    // A start that was killed before it wrote run.json; only what is certainly ours is touched.
    const cluster = path.join(this.dataDir, 'postgres', 'data');
    const left = readPostmasterFile(cluster);
    if (left !== undefined && isProvenPostmaster(left, cluster)) await killHard(identify(left.pid));
    // The last backends end by themselves when they notice; they may still write for a moment.
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
