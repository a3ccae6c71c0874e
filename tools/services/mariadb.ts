/**
 * Debian's MariaDB server with TLS. It has no grant tables and no users: TLS is agreed on before any of them is asked.
 */
import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { missingPrograms } from './debian-packages.ts';
import { accepts, PrivateDaemon } from './private-daemon.ts';
import { freePort, type Service } from './service.ts';
import { type IssueOptions, opensslProgram, TestAuthority } from './test-authority.ts';

export interface MariadbOptions extends IssueOptions {
  /** Further arguments, for example `['--tls-version=TLSv1.2']`. */
  readonly args?: readonly string[];
}

export class Mariadb implements Service {
  readonly name = 'mariadb';
  readonly #options: MariadbOptions;
  readonly #daemon = new PrivateDaemon('mariadb');
  #port = 0;

  constructor(options: MariadbOptions = {}) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  missing(): string | undefined {
    return missingPrograms({ file: '/usr/sbin/mariadbd', debianPackage: 'mariadb-server-core' }, opensslProgram);
  }

  async start(): Promise<void> {
    const { key, chain } = new TestAuthority(this.#daemon.open()).issue('server', this.#options);
    const data = this.#daemon.file('data');
    mkdirSync(data, { mode: 0o700 });
    this.#port = await freePort();
    this.#daemon.run('mariadbd', [
      // First, or it is not heeded: the system's own configuration stays out of this.
      '--no-defaults',
      `--user=${userInfo().username}`,
      `--datadir=${data}`,
      `--socket=${this.#daemon.file('socket')}`,
      `--pid-file=${this.#daemon.file('pid')}`,
      '--bind-address=127.0.0.1',
      `--port=${this.#port}`,
      '--skip-grant-tables',
      '--innodb-buffer-pool-size=8M',
      '--performance-schema=off',
      `--ssl-cert=${chain}`,
      `--ssl-key=${key}`,
      // A scan breaks off handshakes by the dozen; nobody is to be locked out for that here.
      '--max-connect-errors=100000',
      ...(this.#options.args ?? []),
    ]);
  }

  async ready(timeoutMs = 30_000): Promise<void> {
    await this.#daemon.ready(() => accepts(this.#port), timeoutMs);
  }

  async stop(): Promise<void> {
    await this.#daemon.stop('SIGTERM');
  }
}
