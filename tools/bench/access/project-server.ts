import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type pg from 'pg';
import { Installation } from '../../../tests/harness/installation.ts';
import { cpuSecondsOf, measuredCore, memoryOf, otherCore, pin, pinWithChildren } from './cores.ts';
import { type LoadResult, load } from './http-load.ts';

const clients = 64;
const seconds = 3;

export interface Measured extends LoadResult {
  /** Processor time of the measured process for one request, in microseconds. */
  readonly cpuMicros: number;
}

/**
 * The product as `npm start` runs it and the bare server beside it, each alone on one core while it is measured; PostgreSQL,
 * launcher and load are on the other ("per core").
 */
export class ProjectServer {
  readonly #installation: Installation;
  readonly #bare: ChildProcess;
  readonly #bareUrl: string;
  readonly #path: string;

  private constructor(parts: { installation: Installation; bare: ChildProcess; bareUrl: string; projectId: string }) {
    this.#installation = parts.installation;
    this.#bare = parts.bare;
    this.#bareUrl = parts.bareUrl;
    this.#path = `/api/projects/${parts.projectId}`;
  }

  static async open(): Promise<ProjectServer> {
    const installation = await Installation.prepare({
      QV_LOG_LEVEL: 'error',
      QV_RATE_LIMIT_PER_MINUTE: '1000000',
      QV_QUOTA_REQUESTS_PER_MINUTE: '100000000',
      QV_QUOTA_REQUESTS_PER_DAY: '10000000000',
    });
    try {
      await installation.start();
      const { client } = installation;
      const environment = (await client.listEnvironments({})).items[0];
      const project = await client.createProject({ body: { environmentId: environment?.id ?? '', name: 'measured' } });
      const sql = await installation.sql();
      const bare = await startBare(sql);
      await sql.end();
      const { server, launcher, postgres } = installation.pids();
      pinWithChildren(postgres.pid, otherCore);
      pin(launcher.pid, otherCore);
      pin(process.pid, otherCore);
      pin(server.pid, measuredCore);
      pin(bare.pid, measuredCore);
      return new ProjectServer({ installation, bare: bare.child, bareUrl: bare.url, projectId: project.id });
    } catch (error) {
      await installation.remove();
      throw error;
    }
  }

  /** Reads the project with an API key, as often as 64 clients can. */
  product(): Promise<Measured> {
    const { signIn, url } = this.#installation;
    return this.#measure(url, this.#installation.pids().server.pid, { 'x-api-key': signIn.apiKey });
  }

  bare(): Promise<Measured> {
    return this.#measure(this.#bareUrl, this.#bare.pid ?? 0, {});
  }

  async #measure(url: string, pid: number, headers: Readonly<Record<string, string>>): Promise<Measured> {
    const before = cpuSecondsOf(pid);
    const result = await load({ url, path: this.#path, headers, clients, seconds });
    return { ...result, cpuMicros: ((cpuSecondsOf(pid) - before) / result.requests) * 1e6 };
  }

  /** What the server process has in memory now and has had at most, in MiB; launcher and PostgreSQL apart (QUA-8). */
  memory(): { readonly now: number; readonly peak: number } {
    return memoryOf(this.#installation.pids().server.pid);
  }

  bareMemory(): { readonly now: number; readonly peak: number } {
    return memoryOf(this.#bare.pid ?? 0);
  }

  async close(): Promise<void> {
    this.#bare.kill();
    await this.#installation.remove();
  }
}

async function startBare(sql: pg.Client): Promise<{ child: ChildProcess; pid: number; url: string }> {
  const child = fork(path.join(import.meta.dirname, 'bare-server.ts'), { execArgv: ['--conditions=source'] });
  const { host, port, database, user, password } = sql;
  child.send({ host, port, database, user, password });
  const [url] = await once(child, 'message');
  return { child, pid: child.pid ?? 0, url: String(url) };
}
