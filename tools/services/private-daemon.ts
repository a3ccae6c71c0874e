/**
 * What every service here has in common: one folder of its own, one child process, its log, and the promise that neither is
 * left behind, also when the test run dies. A service owns one of these; it is no base class.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChild, waitUntil } from './service.ts';

/** Enough of the log to see why a daemon ended. */
const logCharactersMax = 20_000;

export interface DaemonOptions {
  readonly uid?: number;
  readonly gid?: number;
  /** Nothing else is passed on: what a daemon does must not depend on the shell of the person who tests. */
  readonly env?: Readonly<Record<string, string>>;
}

export class PrivateDaemon {
  readonly #name: string;
  /** What the last resort sends; the signal that makes this daemon take its own children along. */
  readonly #lastSignal: NodeJS.Signals;
  #folder: string | undefined;
  #child: ChildProcess | undefined;
  #log = '';
  readonly #onExit = (): void => this.#abandon();

  constructor(name: string, { lastSignal = 'SIGKILL' }: { readonly lastSignal?: NodeJS.Signals } = {}) {
    this.#name = name;
    this.#lastSignal = lastSignal;
  }

  get folder(): string {
    if (this.#folder === undefined) throw new Error(`${this.#name} was not started`);
    return this.#folder;
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  /** Makes the folder. Others may pass, not look: daemons that leave root need to reach what is theirs in it. */
  open(): string {
    const folder = mkdtempSync(join(tmpdir(), `qv-${this.#name}-`));
    chmodSync(folder, 0o711);
    this.#folder = folder;
    process.once('exit', this.#onExit);
    return folder;
  }

  run(command: string, args: readonly string[], { env, ...owner }: DaemonOptions = {}): void {
    this.#child = spawn(command, args, {
      ...owner,
      cwd: this.folder,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // A program that is not there must fail `ready`, with the reason in the log, and not the whole test run.
    this.#child.on('error', (error) => this.#note(error.message));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#note(text));
    }
  }

  async ready(answers: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
    await waitUntil(this.#name, this.#child, () => this.#log, answers, timeoutMs);
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    await endChild(this.#child, signal);
    process.off('exit', this.#onExit);
    this.#abandon();
  }

  #note(text: string): void {
    this.#log = (this.#log + text).slice(-logCharactersMax);
  }

  #abandon(): void {
    if (this.#child?.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill(this.#lastSignal);
    }
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}

/** Whether somebody listens on 127.0.0.1 there. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
