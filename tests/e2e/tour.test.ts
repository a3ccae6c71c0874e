import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spokenLines } from '../../tools/tour/picture.ts';

// `npm run tour` as a person runs it: a process of its own, with an installation and servers of its own.

const checkout = path.resolve(import.meta.dirname, '../..');
const foreign = /^(QV_|VITEST|NODE_ENV$|NODE_OPTIONS$|DATABASE_URL|TEST$|DEV$|PROD$|MODE$|npm_)/;

let folder: string;
beforeEach(() => {
  // Short, because PostgreSQL's socket lies below it; passable, because as root PostgreSQL runs as another user.
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'qv-t-')));
  chmodSync(folder, 0o711);
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

interface Tour {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

function beginTour(...words: readonly string[]): Tour {
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  // The README's ports belong to its own test, which may run at the same time.
  const command = [path.join(checkout, 'tools/launcher/launch.mjs'), 'tour', '--any-ports', ...words];
  const child = spawn(process.execPath, command, {
    cwd: checkout,
    env: { ...Object.fromEntries(kept), TMPDIR: folder, QV_DATA_DIR: path.join(folder, 'absent') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return { child, said: () => output, ended: new Promise((settle) => child.once('close', settle)) };
}

/** Ports are any that are free; everything else the tour says itself is the same each time. */
const withoutPorts = (text: string): string => text.replace(/\b\d{4,5}\b/g, 'PORT');

/** Every process of this machine that was started with this folder in its arguments; none on a system without /proc. */
function processesOf(place: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(place);
    } catch {
      return false;
    }
  });
}

describe.skipIf(process.platform === 'win32')('npm run tour', { timeout: 120_000 }, () => {
  it('INV-9: finds, ranks, protects and proves, and leaves nothing behind', async () => {
    const tour = beginTour();
    const code = await tour.ended;
    // Whoever finds it red needs what it said.
    expect({ code, said: code === 0 ? '' : tour.said() }).toEqual({ code: 0, said: '' });
    const said = tour.said();
    for (const promise of [
      'the classical server has no post-quantum group',
      'the hybrid one prefers X25519MLKEM768, and a real handshake has used it',
      'the third has an ML-DSA-65 certificate',
      'classical ranks above hybrid, hybrid above hybrid with ML-DSA',
      'the endpoint now agrees on X25519MLKEM768 in a real handshake',
      'the log verifies offline',
    ]) {
      expect(said).toContain(`  ok ${promise}\n`);
    }
    const [, before, after] = /its risk has fallen from ([\d.]+) to ([\d.]+)/.exec(said) ?? [];
    expect(Number(after)).toBeLessThan(Number(before));
    // What qv itself printed, not what the tour says about it.
    expect(said).toMatch(/^ {6}groups +x25519, secp256r1 \(in the server’s order\)$/m);
    expect(said).toMatch(/^ {8}key +ML-DSA-65, signed with ML-DSA-65$/m);
    expect(said).toMatch(/^ {4}VALID$/m);
    const [, forged, found] =
      /first bad leaf: (\d+)\n {4}\.\.\.\n {2}ok the forgery is found, at leaf (\d+)/.exec(said) ?? [];
    expect(forged).toMatch(/^\d+$/);
    expect(found).toBe(forged);
    expect(processesOf(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
    // The picture of the README shows this tour and no older one.
    const spoken = spokenLines(readFileSync(path.join(checkout, 'docs/images/tour.svg'), 'utf8'));
    expect(spoken.length).toBeGreaterThan(20);
    const lines = withoutPorts(said).split('\n');
    for (const line of spoken)
      expect(lines.map((text) => text.replace(/^ +(?:\$ )?/, ''))).toContain(withoutPorts(line));
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const tour = beginTour();
    while (!tour.said().includes('1. Find') && tour.child.exitCode === null)
      await new Promise((settle) => setTimeout(settle, 20));
    tour.child.kill('SIGTERM');
    expect({ code: await tour.ended, said: tour.said() }).toMatchObject({ code: 130 });
    expect(tour.said()).not.toContain('The tour is over');
    expect(processesOf(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    [['--here'], /No QuantumVault runs on .*absent; begin with npm start/],
    [['--nowhere'], /Unknown option '--nowhere'/],
  ])('refuses %j with a sentence and no stack', async (words, sentence) => {
    const tour = beginTour(...words);
    expect(await tour.ended).not.toBe(0);
    expect(tour.said()).toMatch(sentence);
    expect(tour.said()).not.toMatch(/^\s+at /m);
    expect(readdirSync(folder)).toEqual([]);
  });
});
