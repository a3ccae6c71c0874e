/**
 * Debian's `openssl s_server` with the arguments a test asks for, and a certificate chain made for it on the spot.
 *
 * It stands for the servers people really run: an OpenSSL of the 3.0 series, classical key exchange, RSA or ECDSA.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChild, freePort, installDebianPackage, type Service, waitUntil } from './service.ts';

export interface OpensslServerOptions {
  /** Key of the end-entity certificate, as `openssl genpkey` spells it. */
  readonly key?: 'rsa:2048' | 'rsa:3072' | 'ec:P-256' | 'ec:P-384' | 'ed25519';
  /** Further arguments of `openssl s_server`, for example `['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256']`. */
  readonly args?: readonly string[];
  /** Subject alternative names; `DNS:localhost,IP:127.0.0.1` unless given. */
  readonly altNames?: string;
  readonly days?: number;
}

const keyArguments = {
  'rsa:2048': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'rsa:3072': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'],
  'ec:P-256': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'ec:P-384': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  ed25519: ['-algorithm', 'ED25519'],
} as const;

export class OpensslServer implements Service {
  readonly name = 'openssl';
  readonly #options: OpensslServerOptions;
  #folder: string | undefined;
  #port = 0;
  #server: ChildProcess | undefined;
  #log = '';
  readonly #onExit = (): void => this.#abandon();

  constructor(options: OpensslServerOptions = {}) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  /** PEM file of the authority that issued the server's certificate. Exists between `start` and `stop`. */
  get authorityFile(): string {
    return join(this.#folder ?? '', 'ca.pem');
  }

  missing(): string | undefined {
    const here = (): boolean => spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0;
    if (here()) return undefined;
    return installDebianPackage('openssl') ?? (here() ? undefined : 'openssl does not run after installing');
  }

  async start(): Promise<void> {
    this.#folder = mkdtempSync(join(tmpdir(), 'qv-openssl-'));
    process.once('exit', this.#onExit);
    this.#issue(this.#folder);
    this.#port = await freePort();
    const files = ['-cert', 'server.pem', '-key', 'server.key', '-cert_chain', 'ca.pem'];
    this.#server = spawn(
      'openssl',
      ['s_server', '-accept', `127.0.0.1:${this.#port}`, '-www', ...files, ...(this.#options.args ?? [])],
      { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [this.#server.stdout, this.#server.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log = (this.#log + text).slice(-20_000);
      });
    }
  }

  async ready(timeoutMs = 10_000): Promise<void> {
    await waitUntil(
      'openssl s_server',
      this.#server,
      () => this.#log,
      () => accepts(this.#port),
      timeoutMs,
    );
  }

  async stop(): Promise<void> {
    await endChild(this.#server, 'SIGTERM');
    process.off('exit', this.#onExit);
    this.#abandon();
  }

  #issue(folder: string): void {
    const key = keyArguments[this.#options.key ?? 'rsa:2048'];
    const days = String(this.#options.days ?? 30);
    const altNames = this.#options.altNames ?? 'DNS:localhost,IP:127.0.0.1';
    writeFileSync(join(folder, 'server.ext'), `subjectAltName=${altNames}\nbasicConstraints=CA:FALSE\n`);
    const steps: string[][] = [
      ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'ca.key'],
      ['req', '-x509', '-new', '-key', 'ca.key', '-subj', '/CN=Test Authority', '-days', days, '-out', 'ca.pem'],
      ['genpkey', ...key, '-out', 'server.key'],
      ['req', '-new', '-key', 'server.key', '-subj', '/CN=localhost', '-out', 'server.csr'],
      ['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'].concat([
        '-days',
        days,
        '-extfile',
        'server.ext',
        '-out',
        'server.pem',
      ]),
    ];
    for (const step of steps) {
      const run = spawnSync('openssl', step, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
      if (run.status !== 0) throw new Error(`openssl ${step[0]} failed: ${run.stderr}`);
    }
  }

  #abandon(): void {
    if (this.#server !== undefined && this.#server.exitCode === null && this.#server.signalCode === null) {
      this.#server.kill('SIGKILL');
    }
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
