// The launcher against small stand-ins for the migrate and server programs, and a real embedded database.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from './postgres/index.ts';
import { processIdentity } from './process-lock.mjs';
import type { RunFile } from './run-file.ts';

const isSupported = process.platform !== 'win32';
const folder = mkdtempSync(join(tmpdir(), 'qv-start-'));
const program = join(folder, 'start.ts');
const pg = pathToFileURL(createRequire(import.meta.url).resolve('pg')).href;

// Records what it may see, then migrates.
const MIGRATE = `
import pg from ${JSON.stringify(pg)};
import { writeFileSync } from 'node:fs';
const client = new pg.Client(process.env.DATABASE_URL);
await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS proof (id int)');
const { rows } = await client.query('SELECT rolcreaterole FROM pg_roles WHERE rolname = current_user');
await client.end();
writeFileSync(process.env.QV_DATA_DIR + '/migrate-saw.json', JSON.stringify(rows[0]));
`;

const SERVER = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
const dir = process.env.QV_DATA_DIR;
const limits = process.platform === 'linux' ? readFileSync('/proc/self/limits', 'utf8') : '';
writeFileSync(dir + '/server-saw.json', JSON.stringify({ env: process.env, flags: process.execArgv, limits }));
if (process.env.QV_TEST_EXIT) process.exit(Number(process.env.QV_TEST_EXIT));
const server = createServer((_, response) => response.end('ok'));
const stop = (why) => {
  writeFileSync(dir + '/server-stopped', why);
  if (!existsSync(dir + '/hang')) server.close(() => process.exit(0));
};
process.on('SIGTERM', () => stop('SIGTERM'));
process.on('disconnect', () => stop('disconnect'));
server.listen(0, '127.0.0.1', () => {
  process.send({ type: 'bootstrapped', file: dir + '/bootstrap-admin.json' });
  process.send({ type: 'ready', url: 'http://127.0.0.1:' + server.address().port, startMs: 7 });
});
`;

class Launcher {
  readonly #child: ChildProcess;
  output = '';
  readonly ended: Promise<number | null>;

  constructor(dataDir: string, env: NodeJS.ProcessEnv = {}) {
    const { DATABASE_URL: _url, ...inherited } = process.env;
    this.#child = spawn(process.execPath, [program], {
      env: { ...inherited, npm_config_secret: 'x', QV_DATA_DIR: dataDir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer): void => {
      this.output += chunk.toString('utf8');
    };
    this.#child.stdout?.on('data', collect);
    this.#child.stderr?.on('data', collect);
    this.ended = new Promise((resolve) => this.#child.on('close', (code) => resolve(code)));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async says(text: RegExp, times = 1): Promise<void> {
    const deadline = Date.now() + 30_000;
    while ((this.output.match(new RegExp(text, 'g')) ?? []).length < times) {
      if (Date.now() > deadline) throw new Error(`never said ${text}: ${this.output}`);
      await sleep(10);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async stop(): Promise<number | null> {
    this.signal('SIGTERM');
    return this.ended;
  }
}

const readRun = (dataDir: string): RunFile => JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'));
const launchers: Launcher[] = [];
function launch(dataDir: string, env?: NodeJS.ProcessEnv): Launcher {
  const launcher = new Launcher(dataDir, env);
  launchers.push(launcher);
  return launcher;
}

beforeAll(() => {
  chmodSync(folder, 0o711);
  writeFileSync(join(folder, 'migrate.mjs'), MIGRATE);
  writeFileSync(join(folder, 'server.mjs'), SERVER);
  writeFileSync(join(folder, 'settings.mjs'), '');
  const start = JSON.stringify(join(import.meta.dirname, 'start.ts'));
  writeFileSync(
    program,
    `import { main } from ${start};
process.exitCode = await main({ root: ${JSON.stringify(folder)}, env: process.env, print: (line) => console.log(line), drainMs: 1500,
  settingsEntry: ${JSON.stringify(join(folder, 'settings.mjs'))}, migrateEntry: ${JSON.stringify(join(folder, 'migrate.mjs'))}, serverEntry: ${JSON.stringify(join(folder, 'server.mjs'))} });`,
  );
});
afterEach(async () => {
  for (const launcher of launchers.splice(0)) await launcher.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!isSupported)('npm start', { timeout: 60_000 }, () => {
  const dataDir = join(folder, 'data');

  it('brings up database, migrations and server, says where, and takes them down in order', async () => {
    const launcher = launch(dataDir);
    await launcher.says(/is ready: http:\/\/127\.0\.0\.1:\d+/);
    expect(launcher.output).toMatch(/embedded PostgreSQL created and started/);
    expect(launcher.output).toMatch(/bootstrap-admin\.json/);
    await launcher.says(/In a browser, http:\/\/localhost:\d+\/welcome leads/);
    const run = readRun(dataDir);
    expect(statSync(join(dataDir, 'run.json')).mode & 0o777).toBe(0o600);
    expect(run.launcher.pid).toBe(launcher.pid);
    expect(await (await fetch(run.url ?? '')).text()).toBe('ok');
    expect(await launcher.stop()).toBe(0);
    expect(readFileSync(join(dataDir, 'server-stopped'), 'utf8')).toBe('SIGTERM');
    expect(processIdentity(run.server?.pid ?? 0)).toBeNull();
    expect(processIdentity(run.postgres?.pid ?? 0)).toBeNull();
    expect(existsSync(join(dataDir, 'run.json'))).toBe(false);
  });

  it('gives the superuser to the migrate process alone', async () => {
    const launcher = launch(dataDir);
    await launcher.says(/is ready/);
    const saw: { env: Record<string, string>; flags: string[]; limits: string } = JSON.parse(
      readFileSync(join(dataDir, 'server-saw.json'), 'utf8'),
    );
    expect(JSON.parse(readFileSync(join(dataDir, 'migrate-saw.json'), 'utf8'))).toEqual({ rolcreaterole: true });
    expect(saw.env).not.toHaveProperty('DATABASE_URL');
    expect(saw.env).not.toHaveProperty('npm_config_secret');
    expect(saw.env).toMatchObject({ QV_DATA_DIR: dataDir, UV_THREADPOOL_SIZE: '8' });
    expect(saw.flags).toEqual(['--max-semi-space-size=1', '--heap-growing-percent=60', '--disable-sigusr1']);
    // CRY-8: a crash leaves no core dump with keys in it.
    if (process.platform === 'linux') expect(saw.limits).toMatch(/^Max core file size\s+0\s+0\s/m);
    expect(JSON.parse(saw.env.QV_DATABASE ?? '')).toEqual({
      host: expect.stringMatching(/^\//),
      port: 5432,
      database: 'quantumvault',
      ssl: 'off',
    });
    const { password } = JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8'));
    expect(JSON.stringify(saw.env)).not.toContain(password);
    expect(launcher.output).not.toContain(password);
    expect(JSON.stringify(readRun(dataDir))).not.toContain(password);
  });

  it('a second start on the same folder says who runs and exits with 3', async () => {
    const first = launch(dataDir);
    await first.says(/is ready/);
    const second = launch(dataDir);
    expect(await second.ended).toBe(3);
    expect(second.output).toContain(`pid ${first.pid}`);
    expect(second.output).toContain(readRun(dataDir).url ?? 'no url');
  });

  it('RES-10: kill -9 of the launcher: the server stops by itself, the next start takes over the database', async () => {
    const first = launch(dataDir);
    await first.says(/is ready/);
    const before = readRun(dataDir);
    first.signal('SIGKILL');
    await first.ended;
    const second = launch(dataDir);
    await second.says(/is ready/);
    expect(second.output).toMatch(/was still running and is used again/);
    expect(readRun(dataDir).postgres?.pid).toBe(before.postgres?.pid);
    expect(readFileSync(join(dataDir, 'server-stopped'), 'utf8')).toBe('disconnect');
    expect(processIdentity(before.server?.pid ?? 0)).toBeNull();
  });

  it('RES-10: kill -9 of the server: it is started again and run.json follows', async () => {
    const launcher = launch(dataDir);
    await launcher.says(/is ready/);
    const before = readRun(dataDir);
    process.kill(before.server?.pid ?? 0, 'SIGKILL');
    await launcher.says(/is ready/, 2);
    expect(launcher.output).toMatch(/ended unasked \(SIGKILL\)/);
    expect(readRun(dataDir).server?.pid).not.toBe(before.server?.pid);
  });

  it('RES-10: kill -9 of PostgreSQL: it is started again under the running server', async () => {
    const launcher = launch(dataDir);
    await launcher.says(/is ready/);
    const before = readRun(dataDir);
    process.kill(before.postgres?.pid ?? 0, 'SIGKILL');
    await launcher.says(/PostgreSQL is back/);
    const after = readRun(dataDir);
    expect(after.postgres?.pid).not.toBe(before.postgres?.pid);
    expect(after.server).toEqual(before.server);
  });

  it('a server that refuses its configuration is not started again; its exit code is ours', async () => {
    const launcher = launch(dataDir, { QV_TEST_EXIT: '78' });
    expect(await launcher.ended).toBe(78);
    expect(launcher.output.match(/refused to start/g)).toHaveLength(1);
  });

  it('a server that never becomes ready is given up after five attempts', async () => {
    const launcher = launch(dataDir, { QV_TEST_EXIT: '1' });
    expect(await launcher.ended).toBe(1);
    expect(launcher.output).toMatch(/ended 5 times/);
  });

  it('a server that does not drain is killed', async () => {
    writeFileSync(join(dataDir, 'hang'), '');
    const launcher = launch(dataDir);
    await launcher.says(/is ready/);
    expect(await launcher.stop()).toBe(0);
    expect(launcher.output).toMatch(/is killed/);
    rmSync(join(dataDir, 'hang'));
  });

  it('with DATABASE_URL nothing embedded is started, and only the migrate process learns the credentials', async () => {
    const outside = await startPostgres({ dataDir: join(folder, 'outside'), log: () => {} });
    const mine = join(folder, 'with-url');
    const launcher = launch(mine, { DATABASE_URL: outside.url() });
    await launcher.says(/is ready/);
    expect(readRun(mine).postgres).toBeNull();
    expect(existsSync(join(mine, 'postgres.json'))).toBe(false);
    expect(JSON.parse(readFileSync(join(mine, 'migrate-saw.json'), 'utf8'))).toEqual({ rolcreaterole: true });
    const saw = readFileSync(join(mine, 'server-saw.json'), 'utf8');
    const { password } = outside.connection();
    for (const text of [saw, launcher.output, readFileSync(join(mine, 'run.json'), 'utf8')])
      expect(text).not.toContain(password);
    expect(await launcher.stop()).toBe(0);
    expect(processIdentity(outside.pid)).not.toBeNull();
    await outside.stop();
  });

  it('refuses a weak DATABASE_URL and a folder that others may write, before anything starts', async () => {
    const weak = launch(join(folder, 'weak'), { DATABASE_URL: 'postgres://u:s3cret@db.example/app?sslmode=require' });
    expect(await weak.ended).toBe(78);
    expect(weak.output).toMatch(/verify-full/);
    expect(weak.output).not.toContain('s3cret');
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    const launcher = launch(open);
    expect(await launcher.ended).toBe(78);
    expect(launcher.output).toMatch(/can be written by other users/);
  });
});
