/** QUA-2: the command line on a file in the page cache, written to /dev/null, against the `age` tool on the same file. */
import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Bench, Measurement } from '../bench.ts';

const mebibyte = 1_048_576;
const sizeMiB = Number(process.env.QV_BENCH_FILE_MIB ?? 4096);
const root = join(import.meta.dirname, '..', '..', '..');
// The program that `npx qv` starts when Node 26 comes first, as it does there.
const qv = [process.execPath, join(root, 'apps', 'cli', 'bin', 'qv.mjs')];
// What the bench itself runs with would send the command to sources that are compiled on the fly.
const environment = { ...process.env, NODE_OPTIONS: '' };

let folder: string | undefined;

function run(program: readonly string[], options: { readonly isQuiet?: boolean } = {}): string {
  const [command = '', ...words] = program;
  const done = spawnSync(command, words, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', options.isQuiet === true ? 'ignore' : 'pipe', 'pipe'],
  });
  if (done.status !== 0) throw new Error(`${command} ${words[0]} ended with ${done.status}: ${done.stderr}`);
  return String(done.stdout ?? '');
}

/** The line of a text that a prefix begins. */
function lineOf(text: string, prefix: string): string {
  const found = text.split(/\s+/).find((word) => word.startsWith(prefix));
  if (found === undefined) throw new Error(`no ${prefix} was printed`);
  return found;
}

/** The newest of age's commands there is: its hybrid recipients came with 1.3. */
function findAge(): string | undefined {
  for (const at of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(at, 'age');
    const asked = spawnSync(file, ['--version'], { encoding: 'utf8' });
    if (asked.status !== 0) continue;
    const [, major = 0, minor = 0] = /v?(\d+)\.(\d+)/.exec(asked.stdout) ?? [];
    if (Number(major) > 1 || Number(minor) >= 3) return file;
  }
  return undefined;
}

interface Tools {
  readonly age: { readonly encrypt: readonly string[]; readonly decrypt: readonly string[] } | undefined;
  readonly encrypt: readonly string[];
  readonly decrypt: readonly string[];
}

let prepared: Tools | undefined;

function writeContent(file: string): void {
  const handle = openSync(file, 'w');
  const chunk = new Uint8Array(16 * mebibyte);
  randomFillSync(chunk);
  for (let written = 0; written < sizeMiB; written += 16) writeSync(handle, chunk);
  closeSync(handle);
}

function prepare(): Tools {
  if (prepared !== undefined) return prepared;
  folder = mkdtempSync(join(tmpdir(), 'qv-bench-files-'));
  writeContent(join(folder, 'content'));
  const recipient = lineOf(run([...qv, 'keygen', '-o', 'key']), 'qv1');
  const encrypt = [...qv, 'encrypt', '-r', recipient, '-o'];
  run([...encrypt, 'sealed', 'content']);
  const file = findAge();
  let age: Tools['age'];
  if (file === undefined) console.log('  without age: no age of version 1.3 or newer is on the PATH');
  else {
    run([join(file, '..', 'age-keygen'), '-pq', '-o', 'age.key']);
    const to = lineOf(readFileSync(join(folder, 'age.key'), 'utf8'), 'age1pq1');
    run([file, '-r', to, '-o', 'content.age', 'content']);
    age = { encrypt: [file, '-r', to, 'content'], decrypt: [file, '-d', '-i', 'age.key', 'content.age'] };
  }
  prepared = {
    age,
    encrypt: [...encrypt, '-', 'content'],
    decrypt: [...qv, 'decrypt', '-i', 'key', '-o', '-', 'sealed'],
  };
  return prepared;
}

/** Mebibytes a second, the start of the program included. */
function speedOf(program: readonly string[]): number {
  const started = performance.now();
  run(program, { isQuiet: true });
  return sizeMiB / ((performance.now() - started) / 1000);
}

function measure(direction: 'encrypt' | 'decrypt'): Measurement {
  const tools = prepare();
  const value = speedOf(tools[direction]);
  return { value, baseline: tools.age === undefined ? null : speedOf(tools.age[direction]) };
}

const target = findAge() === undefined ? null : { ratio: 2 };

export const benches: readonly Bench[] = (['encrypt', 'decrypt'] as const).map((direction) => ({
  id: `files.${direction}`,
  name: `qv ${direction}, ${sizeMiB} MiB file, to age`,
  unit: 'MiB/s',
  target,
  run: () => measure(direction),
}));

export async function close(): Promise<void> {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
