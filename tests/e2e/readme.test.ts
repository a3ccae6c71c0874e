import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../harness/server.ts';

// The README's commands, word for word, in a shell, against a real installation. The folder they run in is the checkout
// as far as they can tell: everything in it is there by a link, and what they make stays in it.

const checkout = path.resolve(import.meta.dirname, '../..');
const readme = readFileSync(path.join(checkout, 'README.md'), 'utf8');

/** The indented lines of a section, in order. */
function commandsOf(heading: string): string[] {
  const section = readme.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`README.md has no section "${heading}"`);
  return section.split('\n').flatMap((line) => (/^ {4}\S/.test(line) ? [line.trim()] : []));
}

const look = commandsOf('Look first');
const start = commandsOf('Start');
const example = commandsOf('The first example');
const scanning = commandsOf('Scanning');
const dataStores = commandsOf('Data stores');
const rights = commandsOf('People and rights');
const files = commandsOf('Files');

interface Ran {
  readonly exitCode: number | null;
  /** Standard output; npm has its own to say on the other. */
  readonly output: string;
  readonly errors: string;
}

/** What a person's shell has, without what the test run has put there. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(QV_|VITEST|NODE_|DATABASE_URL|TEST$|DEV$|PROD$|MODE$|npm_(?!config_(registry|cache)$))/.test(name),
  ),
);

const isFree = (port: number): Promise<boolean> =>
  new Promise((settle) => {
    const probe = createServer();
    probe.once('error', () => settle(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => settle(true)));
  });

const isListening = (port: number): Promise<boolean> =>
  new Promise((settle) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      settle(true);
    });
    socket.once('error', () => settle(false));
  });

class Terminal {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #background: { child: ChildProcess; said: () => string }[] = [];

  constructor(folder: string, port: number) {
    this.folder = folder;
    // The words name neither: a second installation on a machine is told apart by these two, as the README's table says.
    this.#env = { ...environment, QV_PORT: String(port), QV_DATA_DIR: path.join(folder, '.quantumvault') };
  }

  async run(command: string): Promise<Ran> {
    const child = this.#spawn(command);
    const ran = { output: '', errors: '' };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      ran.output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      ran.errors += text;
    });
    const timer = setTimeout(() => kill(child, 'SIGKILL'), 60_000);
    const exitCode = await new Promise<number | null>((settle) => child.once('close', settle));
    clearTimeout(timer);
    return { exitCode, ...ran };
  }

  /** Leaves the command running, as in a second terminal, and waits until `isReady`. */
  async leave(command: string, isReady: () => Promise<boolean>, waitMs: number): Promise<void> {
    const child = this.#spawn(command);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
      });
    this.#background.push({ child, said: () => output });
    for (const endsAt = Date.now() + waitMs; !(await isReady()); await sleep(50)) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${command} ended:\n${output}`);
      if (Date.now() > endsAt) throw new Error(`${command} is not ready in time:\n${output}`);
    }
  }

  /** Ctrl-C in every terminal, the newest first. */
  async close(): Promise<void> {
    for (const { child } of this.#background.splice(0).reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((settle) => child.once('exit', settle));
      kill(child, 'SIGINT');
      const force = setTimeout(() => kill(child, 'SIGKILL'), 40_000);
      await ended;
      clearTimeout(force);
    }
  }

  #spawn(command: string): ChildProcess {
    // A group of its own, as a terminal gives to each command: Ctrl-C reaches npm and what npm has started.
    return spawn('/bin/sh', ['-c', command], {
      cwd: this.folder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  }
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It ended in this very moment.
  }
}

const ports = [8443, 8444];

describe.skipIf(process.platform === 'win32')('README.md', { timeout: 120_000 }, () => {
  let terminal: Terminal | undefined;
  let folder = '';
  let apiPort = 0;
  const taken: number[] = [];
  const outputs = new Map<string, string>();

  beforeAll(async () => {
    for (const port of ports) if (!(await isFree(port))) taken.push(port);
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'qv-readme-')));
    // As root, PostgreSQL runs as another user, which must be able to pass.
    chmodSync(folder, 0o711);
    for (const name of readdirSync(checkout)) {
      if (!['.quantumvault', '.git'].includes(name)) symlinkSync(path.join(checkout, name), path.join(folder, name));
    }
    apiPort = await freePort();
    terminal = new Terminal(folder, apiPort);
  }, 120_000);
  afterAll(async () => {
    await terminal?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }, 120_000);

  const needTerminal = (): Terminal => {
    if (terminal === undefined) throw new Error('no terminal');
    return terminal;
  };

  it('has the commands that this test knows, and no other', () => {
    const shape = [...look, ...start, ...example, ...scanning, ...dataStores, ...files, ...rights].map((command) =>
      command
        .split(' ')
        .slice(0, command.startsWith('npx qv') ? 4 : 3)
        .join(' '),
    );
    expect(shape).toEqual([
      'npm run tour',
      'npm start',
      'npm run example:tls',
      'npx qv scan tls',
      'npx qv assets list',
      'npx qv protect localhost:8443',
      'npm run example:tls',
      'npx qv scan tls',
      'npx qv audit export',
      'npx qv audit verify',
      'npx qv scan tls',
      'npx qv scan tls',
      'npx qv assets add',
      'npx qv protect orders',
      'npx qv data-key orders',
      'npx qv audit tail',
      'npx qv keygen -o',
      'npx qv keygen --sign',
      'npx qv encrypt -R',
      'npx qv decrypt -i',
      'npx qv sign -k',
      'npx qv verify --signers-file',
      'npx qv cert init-ca',
      'npx qv cert issue',
      'npx qv cert verify',
      'npx qv roles list',
      'npx qv roles create',
      'npx qv grants list',
      'npx qv access explain',
      'npx qv service-accounts create',
      'npx qv api-keys create',
      'npx qv api-keys list',
      'npx qv devices enroll-token',
      'npx qv access test',
    ]);
  });

  it('begins with the picture of the tour, which runs in tour.test.ts', () => {
    const [image] = [...readme.matchAll(/!\[([^\]]+)\]\(([^)]+)\)/g)];
    expect(image?.[1]).toMatch(/^npm run tour: /);
    expect(readFileSync(path.join(checkout, image?.[2] ?? ''), 'utf8')).toContain('aria-label="npm run tour"');
    expect(readme.indexOf(image?.[0] ?? '## ')).toBeLessThan(readme.indexOf('\n## '));
  });

  it('IFC-1: the first example works as it is written', async (ctx) => {
    if (taken.length > 0) return ctx.skip(`the ports ${taken.join(', ')} of the README are in use on this machine`);
    const shell = needTerminal();
    const ready = async (): Promise<boolean> => {
      try {
        return (await fetch(`http://127.0.0.1:${apiPort}/health/ready`)).status === 200;
      } catch {
        return false;
      }
    };
    for (const command of start) await shell.leave(command, ready, 100_000);
    for (const command of [...example, ...scanning, ...dataStores, ...rights]) {
      const port = /--port (\d+)/.exec(command)?.[1];
      if (command.startsWith('npm run example:tls')) {
        await shell.leave(command, () => isListening(Number(port)), 30_000);
        continue;
      }
      const ran = await shell.run(command);
      expect({ command, ...ran }).toMatchObject({ command, exitCode: 0 });
      outputs.set(command, ran.output);
    }
  });

  /** What a command of the README has said; the test before has run it. */
  const said = (beginning: string): string => {
    const found = [...outputs].find(([command]) => command.startsWith(beginning));
    if (found === undefined) throw new Error(`${beginning} was not run`);
    return found[1];
  };
  const needOutputs = (ctx: { skip: (reason: string) => void }): boolean => {
    if (taken.length === 0) return true;
    ctx.skip(`the ports ${taken.join(', ')} of the README are in use on this machine`);
    return false;
  };

  it('DISC-1: the first scan finds no post-quantum group, and the risk is shown', (ctx) => {
    if (!needOutputs(ctx)) return;
    const scan = said('npx qv scan tls localhost:8443');
    expect(scan).toMatch(/^\s+groups\s+x25519, secp256r1\b/m);
    expect(scan).not.toMatch(/^\s+(groups|negotiated) .*MLKEM/m);
    expect(scan).toMatch(/high\s+No post-quantum group is offered/);
    expect(scan).toMatch(/TLS_AES_256_GCM_SHA384/);
    const assets = said('npx qv assets list');
    expect(assets).toMatch(/tls-endpoint +\d+\.\d +(moderate|high|critical) .*localhost:8443$/m);
  });

  it('INV-9: the job succeeds, and what it made negotiates X25519MLKEM768', async (ctx) => {
    if (!needOutputs(ctx)) return;
    expect(said('npx qv protect localhost:8443')).toMatch(/localhost:8443.* hybrid-default/);
    expect(readdirSync(path.join(folder, 'bundle')).sort()).toEqual([
      'apache.conf',
      'cert.pem',
      'csr.pem',
      'haproxy.cfg',
      'key.pem',
      'nginx.conf',
      'tls-options.json',
    ]);
    expect(said('npx qv scan tls localhost:8444')).toMatch(/^\s+groups\s+X25519MLKEM768\b/m);
    // What was said in words, in figures as well.
    const { output } = await needTerminal().run('npx qv scan tls localhost:8443 localhost:8444 --json');
    const [before, after] = JSON.parse(output);
    expect(before.groups.filter((name: string) => /MLKEM/i.test(name))).toEqual([]);
    expect(after.groups[0]).toBe('X25519MLKEM768');
    const jobs = JSON.parse((await needTerminal().run('npx qv jobs list --json')).output);
    expect(jobs.map(({ status }: { status: string }) => status)).toEqual(['succeeded', 'succeeded']);
  });

  it('ACC-6: a right is explained, and a policy has its own tests', (ctx) => {
    if (!needOutputs(ctx)) return;
    expect(said('npx qv roles create')).toMatch(/reader/);
    expect(said('npx qv access explain')).toMatch(/^allowed +The role platform-admin permits asset\.protect\.$/m);
    expect(said('npx qv access test')).toMatch(/\b\d+ passed, 0 failed/);
  });

  it('AUD-6: the log verifies offline, and every changed byte names its leaf', async (ctx) => {
    if (!needOutputs(ctx)) return;
    expect(said('npx qv audit verify')).toMatch(/^VALID$/m);
    const command = example.find((line) => line.startsWith('npx qv audit verify')) ?? '';
    // The log has grown since; the newest checkpoint wants the newest export.
    const exported = example.find((line) => line.startsWith('npx qv audit export')) ?? '';
    expect(await needTerminal().run(`${exported} --force`)).toMatchObject({ exitCode: 0 });
    const file = path.join(folder, 'audit.jsonl');
    const whole = readFileSync(file);
    const lines = whole.toString('latin1').split('\n');
    const shell = needTerminal();
    // The first header byte is none of a leaf; of the leaves one in the middle and the last own one are taken.
    const leaves = lines.flatMap((line, at) => (/^\{"index":\d+,/.test(line) ? [at] : []));
    const chosen = [leaves[Math.floor(leaves.length / 2)], leaves.at(-1)];
    expect(leaves.length).toBeGreaterThan(10);
    for (const at of chosen) {
      const line = lines[at ?? -1] ?? '';
      const index = Number(/^\{"index":(\d+),/.exec(line)?.[1]);
      const offset = lines.slice(0, at).join('\n').length + 1;
      // A letter of the leaf's bytes, one of the readable view beside them.
      for (const place of [line.indexOf('"leaf"') + 60, line.lastIndexOf('"') - 1]) {
        const changed = Buffer.from(whole);
        changed.writeUInt8(changed.readUInt8(offset + place) === 0x41 ? 0x42 : 0x41, offset + place);
        writeFileSync(file, changed);
        const spoken = await shell.run(command);
        expect(spoken).toMatchObject({ exitCode: 1, output: expect.stringContaining(`first bad leaf: ${index}\n`) });
        const { exitCode, output } = await shell.run(`${command} --json`);
        expect(exitCode).toBe(1);
        expect(JSON.parse(output)).toMatchObject({ valid: false, firstBadLeaf: index });
      }
    }
    writeFileSync(file, whole);
    expect(await shell.run(command)).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^VALID$/m) });
    // Without a key nothing is believed.
    const keyless = await shell.run(`${command.replace(/ --key \S+/, '')} --json`);
    expect(keyless.exitCode).toBe(1);
    expect(JSON.parse(keyless.output)).toMatchObject({ valid: false, reason: 'NO_TRUST_ANCHOR' });
  });

  it('INV-5: a network is scanned into a file once, and going on with it scans nothing again', (ctx) => {
    if (!needOutputs(ctx)) return;
    const lines = readFileSync(path.join(folder, 'scan.jsonl'), 'utf8').trim().split('\n');
    const targets = lines.map((line) => JSON.parse(line).target);
    expect(targets.toSorted()).toEqual(['127.0.0.1:8443', '127.0.0.1:8444', '127.0.0.2:8443', '127.0.0.2:8444']);
    expect(lines.filter((line) => JSON.parse(line).result.versions.length > 0)).not.toEqual([]);
  });

  it('ENV-7, PKI-1: files are sealed, opened and signed, and a certificate holds, as it is written', async () => {
    const shell = needTerminal();
    for (const command of files) {
      const ran = await shell.run(command);
      expect({ command, ...ran }).toMatchObject({ command, exitCode: 0 });
      outputs.set(command, ran.output);
    }
    expect(readFileSync(path.join(folder, 'guide.md'), 'utf8')).toBe(readme);
    expect(said('npx qv verify')).toMatch(/^good signature of [0-9a-f]{64}/m);
    const elsewhere = await shell.run('npx qv cert verify --trust ca.crt --host example.org www.crt');
    expect(elsewhere.exitCode).toBe(1);
    // What was opened in another context than it was sealed in is refused, and nothing is left.
    const refused = await shell.run(
      'npx qv decrypt -i me.key --signers-file me.signer --context case=8 -o bad.md guide.qv',
    );
    expect(refused.exitCode).not.toBe(0);
    expect(readdirSync(folder).filter((name) => name.startsWith('bad'))).toEqual([]);
  });

  it('INV-9: the data store is protected, and the log tells of it', (ctx) => {
    if (!needOutputs(ctx)) return;
    expect(said('npx qv protect orders')).toMatch(/orders is protected with hybrid-default/);
    const tail = said('npx qv audit tail');
    for (const action of ['asset.created', 'job.created', 'job.completed']) expect(tail).toContain(action);
  });
});
