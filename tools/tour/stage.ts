/**
 * What the tour needs around it: a folder, an installation of QuantumVault that is its own, and TLS servers. Everything is
 * ended by its own process id, in the opposite order of its start, and the folder goes with it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accepts } from '../services/private-daemon.ts';
import { endChild, freePort } from '../services/service.ts';

const root = resolve(import.meta.dirname, '../..');
const readyMs = 90_000;
/** The launcher gives its server 20 s to finish, and PostgreSQL some more. */
const stopMs = 60_000;

/** A sentence for the person who takes the tour; printed without a stack. */
export class TourError extends Error {}

export interface ServerKind {
  readonly port: number;
  readonly kind?: 'classical' | 'hybrid' | 'ml-dsa';
  readonly bundle?: string;
}

export class Stage {
  /** Where commands run and files are written. */
  readonly folder: string;
  readonly dataDir: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #children = new Map<string, ChildProcess>();

  private constructor(folder: string, dataDir: string, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.dataDir = dataDir;
    this.#env = env;
  }

  /** A temporary folder with room for an installation of its own. Nothing of the caller's settings leads into it. */
  static own(): Stage {
    const folder = makeFolder();
    const dataDir = join(folder, '.quantumvault');
    mkdirSync(dataDir, { mode: 0o711 });
    const foreign = /^(QV_|DATABASE_URL|NODE_OPTIONS$|npm_)/;
    const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
    return new Stage(folder, dataDir, { ...Object.fromEntries(kept), QV_DATA_DIR: dataDir });
  }

  /** A temporary folder beside the installation that runs already, which keeps what the tour adds to it. */
  static beside(dataDir: string): Stage {
    return new Stage(makeFolder(), dataDir, { ...process.env, QV_DATA_DIR: dataDir });
  }

  /** `npm start`, until it serves. */
  async startInstallation(): Promise<void> {
    const port = await freePort();
    const child = this.#spawn('installation', [join(root, 'tools/launcher/launch.mjs'), 'start'], {
      QV_PORT: String(port),
      QV_LOG_LEVEL: 'warn',
    });
    await this.#until(child, 'QuantumVault', () => isReady(`http://127.0.0.1:${port}/health/ready`), readyMs);
  }

  /** `npm run example:tls`, until it listens. */
  async startServer({ port, kind, bundle }: ServerKind): Promise<void> {
    const program = join(root, 'tools/examples/tls-server.ts');
    const child = this.#spawn(`server ${port}`, [
      ...['--disable-warning=ExperimentalWarning', program, '--port', String(port)],
      ...(kind === undefined ? [] : ['--kind', kind]),
      ...(bundle === undefined ? [] : ['--bundle', bundle]),
    ]);
    await this.#until(child, `the TLS server on port ${port}`, () => accepts(port), 15_000);
  }

  async stopServer(port: number): Promise<void> {
    await endChild(this.#children.get(`server ${port}`), 'SIGTERM');
    this.#children.delete(`server ${port}`);
  }

  /** Runs `qv` to its end. */
  async qv(words: readonly string[]): Promise<{ readonly exitCode: number | null; readonly output: string }> {
    const child = this.#spawn('qv', [join(root, 'apps/cli/bin/qv.mjs'), ...words]);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const exitCode = await new Promise<number | null>((settle, fail) => {
      child.once('error', fail);
      child.once('close', settle);
    });
    this.#children.delete('qv');
    return { exitCode, output };
  }

  async close(): Promise<void> {
    for (const child of [...this.#children.values()].reverse()) await endChild(child, 'SIGTERM', stopMs);
    this.#children.clear();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #spawn(name: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    const child = spawn(process.execPath, words, {
      cwd: this.folder,
      env: { ...this.#env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.set(name, child);
    return child;
  }

  async #until(child: ChildProcess, what: string, isUp: () => Promise<boolean>, waitMs: number): Promise<void> {
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4000);
      });
    }
    for (const end = performance.now() + waitMs; !(await isUp()); await sleep(50)) {
      if (child.exitCode !== null || child.signalCode !== null) throw new TourError(`${what} ended:\n${said}`);
      if (performance.now() > end) throw new TourError(`${what} is not ready after ${waitMs / 1000} s:\n${said}`);
    }
  }
}

function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'qv-tour-')));
  // As root, PostgreSQL runs as another user, which must be able to pass.
  chmodSync(folder, 0o711);
  return folder;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** The ports of the README where they are wanted and free, else any: nobody's server is in the way of a tour. */
export async function tourPorts(areUsual: boolean): Promise<readonly [number, number, number]> {
  if (!areUsual) return [await freePort(), await freePort(), await freePort()];
  const pick = async (wanted: number): Promise<number> => ((await accepts(wanted)) ? freePort() : wanted);
  return [await pick(8443), await pick(8444), await pick(8445)];
}
