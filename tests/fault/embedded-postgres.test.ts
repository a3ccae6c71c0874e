// RES-10 for the embedded database: whatever is killed, no acknowledged row is lost and the next start serves again.
// QV_FAULT_ROUNDS=20 runs the full loop; the default is a short one.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresError, type RunningPostgres, startPostgres } from '../../tools/launcher/postgres/index.ts';
import { processIdentity } from '../../tools/launcher/process-lock.mjs';

const ROUNDS = Number(process.env.QV_FAULT_ROUNDS ?? 2);
const isSupported = process.platform !== 'win32';
const isLinux = process.platform === 'linux';
const base = openFolder('qv-fault-');

/** A temporary folder that PostgreSQL's user may enter when the tests run as root. */
function openFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o711);
  return folder;
}

interface Facts {
  readonly pid: number;
  readonly adopted: boolean;
  readonly startMs: number;
}

/** A process that serves the data folder and writes to it. */
class Writer {
  readonly acknowledged: number[];
  readonly #child: ChildProcess;
  readonly #stderr: string[] = [];
  #started: Facts | undefined;
  #restarts = 0;
  #pid = 0;

  constructor(dataDir: string, acknowledged: number[], first: number) {
    this.acknowledged = acknowledged;
    this.#child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'embedded-postgres-writer.ts'), dataDir, String(first)],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#stderr.push(chunk.toString('utf8')));
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('no output');
    createInterface({ input: stdout }).on('line', (line) => {
      const message: { id?: number; started?: Facts; restarted?: Facts } = JSON.parse(line);
      if (message.id !== undefined) this.acknowledged.push(message.id);
      const facts = message.started ?? message.restarted;
      if (facts !== undefined) this.#pid = facts.pid;
      if (message.started !== undefined) this.#started = message.started;
      if (message.restarted !== undefined) this.#restarts += 1;
    });
  }

  get postmaster(): number {
    return this.#pid;
  }
  get restarts(): number {
    return this.#restarts;
  }

  async #until(what: string, isTrue: () => boolean, ms = 30_000): Promise<void> {
    const deadline = Date.now() + ms;
    while (!isTrue()) {
      if (Date.now() > deadline || (this.#child.exitCode !== null && !isTrue())) {
        throw new Error(`${what} did not happen: ${this.#stderr.join('')}`);
      }
      await sleep(10);
    }
  }

  async started(): Promise<Facts> {
    await this.#until('the start', () => this.#started !== undefined);
    if (this.#started === undefined) throw new Error('not started');
    return this.#started;
  }

  async restarted(times: number): Promise<void> {
    await this.#until('the restart of PostgreSQL', () => this.#restarts >= times);
  }

  /** Waits until `count` more rows were acknowledged. */
  async writes(count: number): Promise<void> {
    const goal = this.acknowledged.length + count;
    await this.#until(`${count} more rows`, () => this.acknowledged.length >= goal);
  }

  /** `kill -9`, then everything that was still in the pipe is read. */
  async kill(): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await closed;
  }
}

async function missingRows(postgres: RunningPostgres, acknowledged: readonly number[]): Promise<string[]> {
  const client = new pg.Client(postgres.connection());
  await client.connect();
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM unnest($1::bigint[]) AS wanted(id) EXCEPT SELECT id FROM acknowledged',
    [acknowledged],
  );
  await client.end();
  return rows.map((row) => row.id);
}

async function countRows(dataDir: string, acknowledged: readonly number[]): Promise<void> {
  const postgres = await startPostgres({ dataDir, log: () => {} });
  try {
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(await missingRows(postgres, acknowledged)).toEqual([]);
  } finally {
    await postgres.stop();
  }
}

function killHard(pid: number): void {
  process.kill(pid, 'SIGKILL');
}

describe.skipIf(!isSupported)('embedded PostgreSQL under kill -9', { timeout: 60_000 + ROUNDS * 30_000 }, () => {
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  it(`RES-10: Node killed ${ROUNDS} times: the server outlives it, is adopted, and no acknowledged row is lost`, async () => {
    const dataDir = join(base, 'node');
    const acknowledged: number[] = [];
    let postmaster = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const writer = new Writer(dataDir, acknowledged, round * 1_000_000);
      const facts = await writer.started();
      expect(facts.adopted).toBe(round > 0);
      if (round > 0) expect(facts.pid).toBe(postmaster);
      postmaster = facts.pid;
      await writer.writes(50);
      await writer.kill();
    }
    await countRows(dataDir, acknowledged);
  });

  it(`RES-10: PostgreSQL killed ${ROUNDS} times: it is restarted and no acknowledged row is lost`, async () => {
    const dataDir = join(base, 'postgres');
    const acknowledged: number[] = [];
    const writer = new Writer(dataDir, acknowledged, 0);
    await writer.started();
    for (let round = 0; round < ROUNDS; round += 1) {
      await writer.writes(50);
      const before = writer.postmaster;
      killHard(before);
      await writer.restarted(round + 1);
      expect(writer.postmaster).not.toBe(before);
      await writer.writes(10);
    }
    await writer.kill();
    await countRows(dataDir, acknowledged);
  });

  it(`RES-10: both killed ${ROUNDS} times: the next start recovers and no acknowledged row is lost`, async () => {
    const dataDir = join(base, 'both');
    const acknowledged: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const writer = new Writer(dataDir, acknowledged, round * 1_000_000);
      const facts = await writer.started();
      expect(facts.adopted).toBe(false);
      await writer.writes(50);
      // Both orders: the second kill meets a process that has or has not noticed the first.
      if (round % 2 === 0) {
        killHard(facts.pid);
        await writer.kill();
      } else {
        await writer.kill();
        killHard(facts.pid);
      }
    }
    await countRows(dataDir, acknowledged);
  });
});

describe.skipIf(!isSupported)('embedded PostgreSQL', { timeout: 60_000 }, () => {
  const folder = openFolder('qv-embedded-');
  const dataDir = join(folder, 'data');
  let postgres: RunningPostgres;
  beforeAll(async () => {
    postgres = await startPostgres({ dataDir, log: () => {} });
  });
  afterAll(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const settings = async (): Promise<Record<string, string>> => {
    const client = new pg.Client(postgres.url());
    await client.connect();
    const { rows } = await client.query<{ name: string; setting: string }>('SELECT name, setting FROM pg_settings');
    await client.end();
    return Object.fromEntries(rows.map((row) => [row.name, row.setting]));
  };

  it('listens on a socket in a 0700 folder, has no TCP port and no TLS, and checksums its pages', async () => {
    const all = await settings();
    expect(all).toMatchObject({
      listen_addresses: '',
      ssl: 'off',
      data_checksums: 'on',
      fsync: 'on',
      synchronous_commit: 'on',
    });
    expect(all.unix_socket_directories).toBe(postgres.socketFolder);
    expect(statSync(postgres.socketFolder).mode & 0o777).toBe(0o700);
  });

  it.skipIf(!isLinux)('runs as an unprivileged user without groups of root', () => {
    const status = readFileSync(`/proc/${postgres.pid}/status`, 'utf8');
    const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1];
    expect(uid).not.toBe('0');
    if (process.getuid?.() === 0) expect(/^Groups:[ \t]*(.*)$/m.exec(status)?.[1]?.trim()).toBe('');
  });

  it.skipIf(!isLinux)('passes no variable of the caller to the server', () => {
    const names = readFileSync(`/proc/${postgres.pid}/environ`, 'utf8')
      .split('\0')
      .map((pair) => pair.split('=')[0]);
    expect(names.filter((name) => /^(QV_|DATABASE|HOME|npm_)/.test(name ?? ''))).toEqual([]);
  });

  it('every login needs the right password, whoever asks', async () => {
    const wrong = new pg.Client(postgres.connection({ password: 'wrong' }));
    await expect(wrong.connect()).rejects.toMatchObject({ code: '28P01' });
    const client = new pg.Client(postgres.connection());
    await client.connect();
    const { rows } = await client.query<{ auth_method: string; type: string }>(
      'SELECT type, auth_method FROM pg_hba_file_rules',
    );
    await client.end();
    expect(rows.filter((row) => !['scram-sha-256', 'reject'].includes(row.auth_method))).toEqual([]);
    expect(rows.filter((row) => row.type === 'local').length).toBeGreaterThan(0);
  });

  it.skipIf(!isLinux)('keeps the password in one file that only its owner reads, and out of arguments and logs', () => {
    const { password } = postgres.connection();
    expect(statSync(join(dataDir, 'postgres.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(`/proc/${postgres.pid}/cmdline`, 'utf8')).not.toContain(password);
    expect(readFileSync(join(dataDir, 'logs', 'postgres.log'), 'utf8')).not.toContain(password);
  });

  it('logs no value of a failing statement', async () => {
    const client = new pg.Client(postgres.connection());
    await client.connect();
    await client.query('CREATE TABLE unique_text (value text PRIMARY KEY)');
    await client.query('INSERT INTO unique_text VALUES ($1)', ['canary-duplicate']);
    await expect(client.query('INSERT INTO unique_text VALUES ($1)', ['canary-duplicate'])).rejects.toThrow();
    await expect(client.query("SELECT 'canary-literal'::int")).rejects.toThrow();
    await expect(client.query('SELECT $1::int', ['canary-parameter'])).rejects.toThrow();
    await client.end();
    expect(readFileSync(join(dataDir, 'logs', 'postgres.log'), 'utf8')).not.toContain('canary');
  });

  it('its superuser cannot change the settings from SQL', async () => {
    const client = new pg.Client(postgres.connection());
    await client.connect();
    await expect(client.query("ALTER SYSTEM SET fsync = 'off'")).rejects.toThrow(/ALTER SYSTEM is not allowed/);
    await client.end();
  });

  it('a second start on the same folder adopts the running server, and stopping it stops it for both', async () => {
    const second = await startPostgres({ dataDir, log: () => {} });
    expect(second.adopted).toBe(true);
    expect(second.pid).toBe(postgres.pid);
    second.release();
    expect(processIdentity(postgres.pid)).not.toBeNull();
  });

  it('two first starts at once make one database', async () => {
    const both = join(folder, 'twice');
    const [a, b] = await Promise.all([
      startPostgres({ dataDir: both, log: () => {} }),
      startPostgres({ dataDir: both, log: () => {} }),
    ]);
    expect(a.pid).toBe(b.pid);
    expect([a.adopted, b.adopted].sort()).toEqual([false, true]);
    b.release();
    await a.stop();
    expect(processIdentity(a.pid)).toBeNull();
  });

  it('refuses to go on without the password file, and without the database it remembers', async () => {
    const lost = join(folder, 'lost');
    const first = await startPostgres({ dataDir: lost, log: () => {} });
    await first.stop();
    const record = readFileSync(join(lost, 'postgres.json'));
    rmSync(join(lost, 'postgres.json'));
    await expect(startPostgres({ dataDir: lost, log: () => {} })).rejects.toMatchObject({
      code: 'POSTGRES_PASSWORD_MISSING',
    });
    writeFileSync(join(lost, 'postgres.json'), record, { mode: 0o600 });
    writeFileSync(join(first.cluster, 'PG_VERSION'), '15\n');
    await expect(startPostgres({ dataDir: lost, log: () => {} })).rejects.toMatchObject({
      code: 'POSTGRES_VERSION_MISMATCH',
    });
    rmSync(first.cluster, { recursive: true });
    await expect(startPostgres({ dataDir: lost, log: () => {} })).rejects.toBeInstanceOf(PostgresError);
    await expect(startPostgres({ dataDir: lost, log: () => {} })).rejects.toMatchObject({
      code: 'POSTGRES_DATA_MISSING',
    });
  });

  it.skipIf(process.platform !== 'linux')(
    'a stranger with the number of a dead postmaster does not block the start',
    async () => {
      const taken = join(folder, 'taken');
      const first = await startPostgres({ dataDir: taken, log: () => {}, restart: false });
      const pidFile = join(first.cluster, 'postmaster.pid');
      killHard(first.pid);
      first.release();
      // As in a new container: the number now belongs to a process that has nothing to do with PostgreSQL. It must be of
      // the database user, because PostgreSQL looks at its own user's processes only.
      const { uid } = statSync(pidFile);
      const stranger = spawn(
        '/bin/sleep',
        ['60'],
        process.getuid?.() === 0 ? { uid, stdio: 'ignore' } : { stdio: 'ignore' },
      );
      try {
        const lines = readFileSync(pidFile, 'utf8').split('\n');
        writeFileSync(pidFile, [String(stranger.pid), ...lines.slice(1)].join('\n'));
        const second = await startPostgres({ dataDir: taken, log: () => {} });
        expect(second.adopted).toBe(false);
        expect(stranger.exitCode).toBeNull();
        await second.stop();
      } finally {
        stranger.kill('SIGKILL');
      }
    },
  );

  it('a data folder whose path is too long for a socket gets a private folder for it elsewhere', async () => {
    const long = join(folder, 'x'.repeat(110), 'data');
    const started = await startPostgres({ dataDir: long, log: () => {} });
    expect(Buffer.byteLength(`${started.socketFolder}/.s.PGSQL.5432`)).toBeLessThanOrEqual(100);
    expect(statSync(started.socketFolder).mode & 0o777).toBe(0o700);
    const client = new pg.Client(started.connection());
    await client.connect();
    await client.end();
    await started.stop();
    rmSync(started.socketFolder, { recursive: true, force: true });
  });

  it('as root below a closed folder, the database goes to a system folder and says so', async (ctx) => {
    if (process.getuid?.() !== 0) ctx.skip('needs root');
    const closed = mkdtempSync(join(tmpdir(), 'qv-closed-'));
    const systemFolder = join(folder, 'system');
    const said: string[] = [];
    try {
      const started = await startPostgres({
        dataDir: join(closed, 'data'),
        systemFolder,
        log: (line) => said.push(line),
      });
      expect(started.cluster.startsWith(systemFolder)).toBe(true);
      expect(said.join('\n')).toContain(systemFolder);
      expect(statSync(join(closed, 'data', 'postgres.json')).mode & 0o777).toBe(0o600);
      await started.stop();
      const again = await startPostgres({ dataDir: join(closed, 'data'), systemFolder, log: () => {} });
      expect(again.coldStart).toBe(false);
      await again.stop();
    } finally {
      rmSync(closed, { recursive: true, force: true });
    }
  });
});
