/**
 * Debian's PostgreSQL 15 as a private cluster: own folder, own port on 127.0.0.1, passwords only, thrown away at the end.
 *
 * The role handed out is what an installation gets from its database administrator: it may create roles and databases
 * and is no superuser, so a test that passes here does not lean on rights that production lacks.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChild, freePort, installDebianPackage, type Service, waitUntil } from './service.ts';

const binaries = '/usr/lib/postgresql/15/bin';
// Not one of the product's own roles, whose names begin with qv_.
const role = 'quantumvault_installer';
const database = 'quantumvault';

export interface Postgres15Options {
  /** Flush to disk at commit. Off by default: the cluster is thrown away, and tests run several times faster. */
  readonly durable?: boolean;
  readonly maxConnections?: number;
}

export class Postgres15 implements Service {
  readonly name = 'postgres15';
  readonly #options: Postgres15Options;
  readonly #superuserPassword = randomBytes(24).toString('hex');
  readonly #rolePassword = randomBytes(24).toString('hex');
  #folder: string | undefined;
  #port = 0;
  #server: ChildProcess | undefined;
  #log = '';
  readonly #onExit = (): void => this.#abandon();

  constructor(options: Postgres15Options = {}) {
    this.#options = options;
  }

  /** Connection URL of the installing role: CREATEROLE, CREATEDB, no superuser. */
  get url(): string {
    return `postgres://${role}:${this.#rolePassword}@127.0.0.1:${this.#port}/${database}`;
  }

  /** Connection URL of the superuser, for tests that play the malicious administrator. */
  get superuserUrl(): string {
    return `postgres://postgres:${this.#superuserPassword}@127.0.0.1:${this.#port}/${database}`;
  }

  missing(): string | undefined {
    const here = (): boolean => existsSync(join(binaries, 'postgres'));
    if (here()) return undefined;
    return installDebianPackage('postgresql-15') ?? (here() ? undefined : `${binaries} is missing after installing`);
  }

  async start(): Promise<void> {
    this.#folder = mkdtempSync(join(tmpdir(), 'qv-postgres15-'));
    process.once('exit', this.#onExit);
    const owner = unprivilegedOwner();
    const passwordFile = join(this.#folder, 'superuser-password');
    writeFileSync(passwordFile, this.#superuserPassword, { mode: 0o600 });
    if (owner !== undefined) for (const path of [this.#folder, passwordFile]) chownSync(path, owner.uid, owner.gid);
    const data = join(this.#folder, 'data');
    const made = spawnSync(
      join(binaries, 'initdb'),
      [
        '-D',
        data,
        '-U',
        'postgres',
        '-E',
        'UTF8',
        '--locale=C.UTF-8',
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
      ],
      { ...owner, cwd: this.#folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
    rmSync(passwordFile, { force: true });
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
    this.#port = await freePort();
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: this.#folder,
      max_connections: String(this.#options.maxConnections ?? 100),
      fsync: this.#options.durable === true ? 'on' : 'off',
    };
    this.#server = spawn(
      join(binaries, 'postgres'),
      ['-D', data, '-p', String(this.#port), ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
      { ...owner, cwd: this.#folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-20_000);
    });
  }

  async ready(timeoutMs = 30_000): Promise<void> {
    const answers = (): boolean => this.#psql('postgres', 'SELECT 1').status === 0;
    await waitUntil('PostgreSQL 15', this.#server, () => this.#log, answers, timeoutMs);
    // The password goes through standard input, so it never stands in a process list.
    const sql = [
      `CREATE ROLE ${role} LOGIN CREATEROLE CREATEDB NOSUPERUSER NOBYPASSRLS NOREPLICATION PASSWORD '${this.#rolePassword}';`,
      `CREATE DATABASE ${database} OWNER ${role};`,
    ];
    const made = this.#psql('postgres', sql.join('\n'));
    if (made.status !== 0) throw new Error(`the installing role could not be made: ${made.stderr}`);
  }

  /** Runs one statement as the superuser and returns what psql prints, unaligned and without headings. */
  query(sql: string): string {
    const run = this.#psql(database, sql);
    if (run.status !== 0) throw new Error(run.stderr);
    return run.stdout.trim();
  }

  async stop(): Promise<void> {
    // SIGINT is PostgreSQL's fast shutdown: connections are cut, nothing waits for clients.
    await endChild(this.#server, 'SIGINT');
    process.off('exit', this.#onExit);
    this.#abandon();
  }

  #psql(databaseName: string, sql: string): { status: number | null; stdout: string; stderr: string } {
    const args = ['-X', '-qAt', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', String(this.#port), '-U', 'postgres'];
    return spawnSync(join(binaries, 'psql'), [...args, '-d', databaseName], {
      input: sql,
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', PGPASSWORD: this.#superuserPassword, PGCONNECT_TIMEOUT: '5' },
    });
  }

  /** The last resort when this process ends without `stop`: no orphan server, no folder left behind. */
  #abandon(): void {
    if (this.#server !== undefined && this.#server.exitCode === null && this.#server.signalCode === null) {
      this.#server.kill('SIGQUIT');
    }
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}

/** PostgreSQL refuses to run as root; Debian's package brings the user `postgres` for it. */
function unprivilegedOwner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}
