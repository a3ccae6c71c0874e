/**
 * Debian's Dovecot: IMAP and POP3 with STARTTLS, and IMAP over TLS. Nobody can log in; there is no mailbox.
 */
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { missingPrograms } from './debian-packages.ts';
import { accepts, PrivateDaemon } from './private-daemon.ts';
import { freePort, type Service } from './service.ts';
import { type IssueOptions, opensslProgram, TestAuthority } from './test-authority.ts';

export interface DovecotOptions extends IssueOptions {
  /** Further lines of its configuration, for example `ssl_min_protocol = TLSv1.3`. */
  readonly lines?: readonly string[];
}

const packages = {
  imap: { file: '/usr/lib/dovecot/imap-login', debianPackage: 'dovecot-imapd' },
  pop3: { file: '/usr/lib/dovecot/pop3-login', debianPackage: 'dovecot-pop3d' },
};

export class Dovecot implements Service {
  readonly name = 'dovecot';
  readonly #options: DovecotOptions;
  readonly #daemon = new PrivateDaemon('dovecot', { lastSignal: 'SIGTERM' });
  #ports = { imap: 0, imaps: 0, pop3: 0 };

  constructor(options: DovecotOptions = {}) {
    this.#options = options;
  }

  get ports(): { readonly imap: number; readonly imaps: number; readonly pop3: number } {
    return this.#ports;
  }

  missing(): string | undefined {
    return missingPrograms(packages.imap, packages.pop3, opensslProgram);
  }

  async start(): Promise<void> {
    const folder = this.#daemon.open();
    const { key, chain } = new TestAuthority(folder).issue('server', this.#options);
    this.#ports = { imap: await freePort(), imaps: await freePort(), pop3: await freePort() };
    const { imap, imaps, pop3 } = this.#ports;
    // Root's Dovecot gives up its rights for the users of Debian's package; anybody else's runs as that person.
    const self = userInfo().username;
    const users = process.getuid?.() === 0 ? [] : [`default_internal_user = ${self}`, `default_login_user = ${self}`];
    const configuration = this.#daemon.file('dovecot.conf');
    writeFileSync(
      configuration,
      `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = /dev/stderr
protocols = imap pop3
listen = 127.0.0.1
ssl = yes
ssl_cert = <${chain}
ssl_key = <${key}
mail_max_userip_connections = 0
${[...users, ...(this.#options.lines ?? [])].join('\n')}
passdb {
  driver = passwd-file
  args = /dev/null
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${imap}
  }
  inet_listener imaps {
    port = ${imaps}
  }
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = ${pop3}
  }
  inet_listener pop3s {
    port = 0
  }
}
`,
    );
    this.#daemon.run('dovecot', ['-F', '-c', configuration]);
  }

  async ready(timeoutMs = 15_000): Promise<void> {
    await this.#daemon.ready(async () => {
      for (const port of Object.values(this.#ports)) if (!(await accepts(port))) return false;
      return true;
    }, timeoutMs);
  }

  async stop(): Promise<void> {
    await this.#daemon.stop('SIGTERM');
  }
}
