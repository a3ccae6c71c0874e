/**
 * Debian's nginx with a private configuration: the TLS server that most people run, with one or two certificates.
 */
import { writeFileSync } from 'node:fs';
import { missingPrograms } from './debian-packages.ts';
import { accepts, PrivateDaemon } from './private-daemon.ts';
import { freePort, type Service } from './service.ts';
import { type IssuedFiles, opensslProgram, TestAuthority, type TestKey } from './test-authority.ts';

export interface NginxOptions {
  /** One certificate per key; nginx picks by what the client can verify. ECDSA and RSA unless given. */
  readonly keys?: readonly TestKey[];
  /** Further lines of the server block, for example `ssl_protocols TLSv1.2;`. */
  readonly lines?: readonly string[];
}

export class Nginx implements Service {
  readonly name = 'nginx';
  readonly #options: NginxOptions;
  readonly #daemon = new PrivateDaemon('nginx', { lastSignal: 'SIGTERM' });
  #port = 0;

  constructor(options: NginxOptions = {}) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  missing(): string | undefined {
    return missingPrograms({ file: '/usr/sbin/nginx', debianPackage: 'nginx-light' }, opensslProgram);
  }

  async start(): Promise<void> {
    const authority = new TestAuthority(this.#daemon.open());
    const keys = this.#options.keys ?? ['ec:P-256', 'rsa:2048'];
    const issued = keys.map((key, at) => authority.issue(`server-${at}`, { key }));
    this.#port = await freePort();
    const configuration = this.#daemon.file('nginx.conf');
    writeFileSync(configuration, this.#configuration(issued));
    this.#daemon.run('nginx', ['-p', this.#daemon.folder, '-c', configuration, '-e', 'stderr']);
  }

  async ready(timeoutMs = 10_000): Promise<void> {
    await this.#daemon.ready(() => accepts(this.#port), timeoutMs);
  }

  async stop(): Promise<void> {
    await this.#daemon.stop('SIGTERM');
  }

  #configuration(issued: readonly IssuedFiles[]): string {
    const certificates = issued.flatMap(({ key, chain }) => [
      `ssl_certificate ${chain};`,
      `ssl_certificate_key ${key};`,
    ]);
    // Workers of root would become another user, who may not write into the private folder.
    const user = process.getuid?.() === 0 ? 'user root;' : '';
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
    return `
daemon off;
${user}
worker_processes 1;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
  ${temporary.join('\n  ')}
  server {
    listen 127.0.0.1:${this.#port} ssl;
    server_name localhost;
    ${[...certificates, ...(this.#options.lines ?? [])].join('\n    ')}
    location / { return 204; }
  }
}
`;
  }
}
