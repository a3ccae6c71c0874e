/**
 * Debian's `openssl s_server` with the arguments a test asks for, and a certificate chain made for it on the spot.
 *
 * It stands for the servers people really run: an OpenSSL of the 3.0 series, classical key exchange, RSA or ECDSA.
 */
import { missingPrograms } from './debian-packages.ts';
import { accepts, PrivateDaemon } from './private-daemon.ts';
import { freePort, type Service } from './service.ts';
import { type IssueOptions, opensslProgram, TestAuthority } from './test-authority.ts';

export interface OpensslServerOptions extends IssueOptions {
  /** Further arguments of `openssl s_server`, for example `['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256']`. */
  readonly args?: readonly string[];
}

export class OpensslServer implements Service {
  readonly name = 'openssl';
  readonly #options: OpensslServerOptions;
  readonly #daemon = new PrivateDaemon('openssl');
  #port = 0;

  constructor(options: OpensslServerOptions = {}) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  /** PEM file of the authority that issued the server's certificate. Exists between `start` and `stop`. */
  get authorityFile(): string {
    return this.#daemon.file('ca.pem');
  }

  missing(): string | undefined {
    return missingPrograms(opensslProgram);
  }

  async start(): Promise<void> {
    const authority = new TestAuthority(this.#daemon.open());
    const { key, certificate } = authority.issue('server', this.#options);
    this.#port = await freePort();
    const files = ['-cert', certificate, '-key', key, '-cert_chain', authority.file];
    const where = ['-accept', `127.0.0.1:${this.#port}`, '-www'];
    this.#daemon.run('openssl', ['s_server', ...where, ...files, ...(this.#options.args ?? [])]);
  }

  async ready(timeoutMs = 10_000): Promise<void> {
    await this.#daemon.ready(() => accepts(this.#port), timeoutMs);
  }

  async stop(): Promise<void> {
    await this.#daemon.stop('SIGTERM');
  }
}
