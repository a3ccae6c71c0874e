/**
 * Debian's Exim as a mail server with STARTTLS. It speaks TLS by GnuTLS, so it is also the second TLS library that nobody
 * here wrote. It takes no mail: every recipient is refused, and the queue is a temporary folder.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { missingPrograms } from './debian-packages.ts';
import { accepts, PrivateDaemon } from './private-daemon.ts';
import { freePort, type Service } from './service.ts';
import { type IssueOptions, opensslProgram, TestAuthority } from './test-authority.ts';

export interface EximOptions extends IssueOptions {
  /** GnuTLS priority string, `NORMAL` unless given: TLS 1.0 to 1.3 in Debian 12. */
  readonly priorities?: string;
}

const user = 'Debian-exim';

export class Exim implements Service {
  readonly name = 'exim';
  readonly #options: EximOptions;
  readonly #daemon = new PrivateDaemon('exim');
  #port = 0;

  constructor(options: EximOptions = {}) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  missing(): string | undefined {
    const missing = missingPrograms({ file: '/usr/sbin/exim4', debianPackage: 'exim4-daemon-light' }, opensslProgram);
    if (missing !== undefined) return missing;
    return process.getuid?.() === 0 ? undefined : 'Exim lets nobody but root start it as a daemon';
  }

  async start(): Promise<void> {
    const folder = this.#daemon.open();
    const { key, chain } = new TestAuthority(folder).issue('server', this.#options);
    const spool = this.#daemon.file('spool');
    mkdirSync(spool);
    // Exim gives up root for this user before it opens its log, its queue and its key.
    const owner = idsOf(user);
    for (const path of [spool, key]) chownSync(path, owner.uid, owner.gid);
    this.#port = await freePort();
    const configuration = this.#daemon.file('exim.conf');
    writeFileSync(
      configuration,
      [
        'keep_environment =',
        'primary_hostname = localhost',
        `spool_directory = ${spool}`,
        `log_file_path = ${spool}/%slog`,
        `pid_file_path = ${folder}/exim.pid`,
        `daemon_smtp_ports = ${this.#port}`,
        'local_interfaces = 127.0.0.1',
        'tls_advertise_hosts = *',
        `tls_certificate = ${chain}`,
        `tls_privatekey = ${key}`,
        ...(this.#options.priorities === undefined ? [] : [`tls_require_ciphers = ${this.#options.priorities}`]),
        // No look-ups about whoever connects, and room for a scan's connections.
        'host_lookup =',
        'rfc1413_hosts =',
        'smtp_accept_max = 200',
        'acl_smtp_rcpt = deny',
        '',
      ].join('\n'),
      { mode: 0o644 },
    );
    this.#daemon.run('exim4', ['-C', configuration, '-bdf']);
  }

  async ready(timeoutMs = 10_000): Promise<void> {
    await this.#daemon.ready(() => accepts(this.#port), timeoutMs);
  }

  async stop(): Promise<void> {
    await this.#daemon.stop('SIGTERM');
  }
}

function idsOf(name: string): { readonly uid: number; readonly gid: number } {
  const id = (flag: string): number => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout.trim());
  return { uid: id('-u'), gid: id('-g') };
}
