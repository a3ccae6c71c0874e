/**
 * Debian's OpenLDAP server with StartTLS, by GnuTLS. It holds no directory: what a scan asks for comes before any entry.
 */
import { writeFileSync } from 'node:fs';
import { missingPrograms } from './debian-packages.ts';
import { accepts, PrivateDaemon } from './private-daemon.ts';
import { freePort, type Service } from './service.ts';
import { type IssueOptions, opensslProgram, TestAuthority } from './test-authority.ts';

export interface SlapdOptions extends IssueOptions {
  /** Further lines of its configuration, for example `TLSProtocolMin 3.3`. */
  readonly lines?: readonly string[];
}

export class Slapd implements Service {
  readonly name = 'slapd';
  readonly #options: SlapdOptions;
  readonly #daemon = new PrivateDaemon('slapd');
  #port = 0;

  constructor(options: SlapdOptions = {}) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  missing(): string | undefined {
    return missingPrograms({ file: '/usr/sbin/slapd', debianPackage: 'slapd' }, opensslProgram);
  }

  async start(): Promise<void> {
    const authority = new TestAuthority(this.#daemon.open());
    const { key, certificate } = authority.issue('server', this.#options);
    this.#port = await freePort();
    const configuration = this.#daemon.file('slapd.conf');
    const lines = [
      'include /etc/ldap/schema/core.schema',
      `pidfile ${this.#daemon.file('slapd.pid')}`,
      `TLSCertificateFile ${certificate}`,
      `TLSCertificateKeyFile ${key}`,
      `TLSCACertificateFile ${authority.file}`,
      'TLSVerifyClient never',
      ...(this.#options.lines ?? []),
    ];
    writeFileSync(configuration, `${lines.join('\n')}\n`);
    // A debug level, even none, keeps it in the foreground.
    this.#daemon.run('slapd', ['-h', `ldap://127.0.0.1:${this.#port}/`, '-f', configuration, '-d', 'none']);
  }

  async ready(timeoutMs = 15_000): Promise<void> {
    await this.#daemon.ready(() => accepts(this.#port), timeoutMs);
  }

  async stop(): Promise<void> {
    await this.#daemon.stop('SIGTERM');
  }
}
