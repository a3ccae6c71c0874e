import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpClient } from '../src/connection/http.ts';
import { CliError } from '../src/errors.ts';
import { run } from '../src/program.ts';
import { Output, type Sink } from '../src/terminal/output.ts';
import { type ContractServer, type Handlers, startContractServer } from './contract-server.ts';

/** A canary: it must never be seen in any output. */
export const apiKey = `qv_canarycanary_${'S'.repeat(43)}`;
/** What transcripts show instead of the test server's random port. */
export const shownUrl = 'http://127.0.0.1:8920';

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** Both, in the order in which they were written. */
  readonly all: string;
  /** What was written to standard output as bytes. */
  readonly bytes: Uint8Array;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  /** What comes in on standard input. */
  readonly input?: Uint8Array;
  /** What the person types when asked, one text per question, shown or not. Standard input is then a terminal. */
  readonly secrets?: readonly string[];
  /** Called instead of waiting; what it throws ends the command. */
  readonly onSleep?: (milliseconds: number) => void;
}

/** A command line in a folder of its own, with a server that answers by the contract. */
export interface Workplace extends AsyncDisposable {
  readonly server: ContractServer;
  /** Current folder and data folder at once. */
  readonly folder: string;
  qv(command: string, options?: RunOptions): Promise<Ran>;
}

export async function openWorkplace(handlers: Handlers = {}): Promise<Workplace> {
  const server = await startContractServer(handlers, apiKey);
  const folder = mkdtempSync(join(tmpdir(), 'qv-cli-'));
  const bootstrap = {
    email: 'admin@localhost',
    password: 'canary-password',
    apiKey,
    organizationId: 'x',
    url: shownUrl,
  };
  writeFileSync(join(folder, 'bootstrap-admin.json'), JSON.stringify(bootstrap), { mode: 0o600 });
  return {
    server,
    folder,
    qv: (command, options = {}) => runQv(command.split(' ').filter(Boolean), { server, folder, options }),
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
      await server[Symbol.asyncDispose]();
    },
  };
}

async function runQv(
  words: readonly string[],
  { server, folder, options }: { server: ContractServer; folder: string; options: RunOptions },
): Promise<Ran> {
  const { environment = {}, isTerminal = false, onSleep, input = new Uint8Array(0), secrets } = options;
  const raw: Uint8Array[] = [];
  const written: { to: 'out' | 'err'; text: string }[] = [];
  const typed = [...(secrets ?? [])];
  const nextTyped = (): string => {
    const text = typed.shift();
    if (text === undefined) throw new CliError('CLI_WRONG_USE', 'no terminal in this test');
    return text;
  };
  const sink = (to: 'out' | 'err'): Sink => ({
    write: (text) => written.push({ to, text: text.replaceAll(folder, '<folder>') }),
    isTerminal,
    columns: 100,
  });
  const given: Readonly<Record<string, string>> = {
    QV_DATA_DIR: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    ...environment,
  };
  let now = Date.parse('2026-11-24T12:00:00Z');
  const exitCode = await run(words, {
    output: new Output({ out: sink('out'), err: sink('err'), allowsColours: true }),
    environment: { get: (name) => given[name], folder },
    clock: {
      now: () => now,
      sleep: async (milliseconds) => {
        now += milliseconds;
        onSleep?.(milliseconds);
        await new Promise((resolve) => setImmediate(resolve));
      },
    },
    standard: {
      async *input() {
        yield input.slice(); // The command frees what it was given.
      },
      write: async (bytes) => {
        raw.push(bytes.slice());
      },
      askSecret: async () => new TextEncoder().encode(nextTyped()),
      askLine: async () => nextTyped(),
      canAsk: secrets !== undefined,
    },
    http: (url, init) => httpClient({ get: (name) => given[name], folder })(url.replace(shownUrl, server.url), init),
  });
  const textOf = (to?: 'out' | 'err'): string =>
    written.flatMap((part) => (to === undefined || part.to === to ? [part.text] : [])).join('');
  const bytes = new Uint8Array(Buffer.concat(raw));
  const ran = { exitCode, out: textOf('out'), err: textOf('err'), all: textOf(), bytes };
  // No command may ever print a credential, whatever the test looks at.
  if (/qv_canarycanary|canary-password|SSSSS/.test(ran.all)) throw new Error(`a secret was printed: ${ran.all}`);
  return ran;
}

/** A command and what it said, as a terminal shows it. */
export async function transcriptOf(
  workplace: Workplace,
  commands: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  let text = '';
  for (const command of commands) {
    const { all, exitCode } = await workplace.qv(command, options);
    text += `$ qv ${command}\n${all}${exitCode === 0 ? '' : `[exit code ${exitCode}]\n`}\n`;
  }
  return text;
}
