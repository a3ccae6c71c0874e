/**
 * Debian's PostgreSQL 15 as a private cluster: own folder, own port on 127.0.0.1, passwords only, thrown away at the end.
 *
 * The role handed out is what an installation gets from its database administrator: it may create roles and databases
 * and is no superuser, so a test that passes here does not lean on rights that production lacks.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingPrograms } from './debian-packages.ts';
import { PrivateDaemon } from './private-daemon.ts';
import { freePort, type Service } from './service.ts';
import { type IssueOptions, opensslProgram, TestAuthority } from './test-authority.ts';

const binaries = '/usr/lib/postgresql/15/bin';
// Not one of the product's own roles, whose names begin with qv_.
const role = 'quantumvault_installer';
const database = 'quantumvault';

export interface Postgres15Options {
  /** Flush to disk at commit. Off by default: the cluster is thrown away, and tests run several times faster. */
  readonly durable?: boolean;
  readonly maxConnections?: number;
  /** Also accept TLS, with a certificate like this. */
  readonly tls?: IssueOptions;
}

export class Postgres15 implements Service {
  readonly name = 'postgres15';
  readonly #options: Postgres15Options;
  readonly #superuserPassword = randomBytes(24).toString('hex');
  readonly #rolePassword = randomBytes(24).toString('hex');
  // SIGQUIT is PostgreSQL's immediate shutdown: SIGKILL would leave its backends behind.
  readonly #daemon = new PrivateDaemon('postgres15', { lastSignal: 'SIGQUIT' });
  #port = 0;

  constructor(options: Postgres15Options = {}) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
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
    const postgres = { file: join(binaries, 'postgres'), debianPackage: 'postgresql-15' };
    return this.#options.tls === undefined ? missingPrograms(postgres) : missingPrograms(postgres, opensslProgram);
  }

  async start(): Promise<void> {
    const folder = this.#daemon.open();
    const owner = unprivilegedOwner();
    const passwordFile = this.#daemon.file('superuser-password');
    writeFileSync(passwordFile, this.#superuserPassword, { mode: 0o600 });
    if (owner !== undefined) for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid);
    const data = this.#daemon.file('data');
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
      { ...owner, cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
    rmSync(passwordFile, { force: true });
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
    this.#port = await freePort();
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: folder,
      max_connections: String(this.#options.maxConnections ?? 100),
      fsync: this.#options.durable === true ? 'on' : 'off',
      ...(this.#options.tls === undefined ? {} : issueFor(folder, this.#options.tls, owner)),
    };
    const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.#daemon.run(join(binaries, 'postgres'), ['-D', data, '-p', String(this.#port), ...words], owner);
  }

  async ready(timeoutMs = 30_000): Promise<void> {
    const answers = (): boolean => this.#psql('postgres', 'SELECT 1').status === 0;
    await this.#daemon.ready(answers, timeoutMs);
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
    await this.#daemon.stop('SIGINT');
  }

  #psql(databaseName: string, sql: string): { status: number | null; stdout: string; stderr: string } {
    const args = ['-X', '-qAt', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', String(this.#port), '-U', 'postgres'];
    return spawnSync(join(binaries, 'psql'), [...args, '-d', databaseName], {
      input: sql,
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', PGPASSWORD: this.#superuserPassword, PGCONNECT_TIMEOUT: '5' },
    });
  }
}

/** The settings that make it speak TLS. PostgreSQL refuses a key that anybody but its user can read. */
function issueFor(folder: string, options: IssueOptions, owner: Owner | undefined): Record<string, string> {
  const { key, chain } = new TestAuthority(folder).issue('server', options);
  if (owner !== undefined) for (const path of [key, chain]) chownSync(path, owner.uid, owner.gid);
  return { ssl: 'on', ssl_cert_file: chain, ssl_key_file: key };
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root; Debian's package brings the user `postgres` for it. */
function unprivilegedOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}
