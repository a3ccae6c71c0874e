/** The example server of this repository, on the packaged Node 26: OpenSSL 3.5 with hybrid groups and ML-DSA certificates. */
import { join } from 'node:path';
import { accepts, PrivateDaemon } from './private-daemon.ts';
import { freePort, type Service } from './service.ts';

const program = join(import.meta.dirname, '../examples/tls-server.ts');

export class NodeServer implements Service {
  readonly name = 'node';
  readonly #kind: 'classical' | 'hybrid' | 'ml-dsa';
  readonly #daemon = new PrivateDaemon('node');
  #port = 0;

  constructor(kind: 'classical' | 'hybrid' | 'ml-dsa') {
    this.#kind = kind;
  }

  get port(): number {
    return this.#port;
  }

  missing(): string | undefined {
    return Number(process.versions.node.split('.')[0]) >= 24 ? undefined : 'this Node has no post-quantum cryptography';
  }

  async start(): Promise<void> {
    this.#daemon.open();
    this.#port = await freePort();
    this.#daemon.run(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      program,
      '--port',
      String(this.#port),
      '--kind',
      this.#kind,
    ]);
  }

  async ready(timeoutMs = 15_000): Promise<void> {
    await this.#daemon.ready(() => accepts(this.#port), timeoutMs);
  }

  async stop(): Promise<void> {
    await this.#daemon.stop('SIGTERM');
  }
}
