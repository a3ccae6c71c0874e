import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runQv } from './run-qv.ts';

// ENV-5: what is stopped in the middle leaves no file under the name that was asked for, nor under any other. The commands
// run as processes, because signals and full disks reach no function call.

const program = path.resolve(import.meta.dirname, '../../apps/cli/bin/qv.mjs');
const folder = mkdtempSync(path.join(tmpdir(), 'qv-unfinished-'));
const content = new Uint8Array(6 * 1_048_576).fill(0x61);
let recipient = '';

beforeAll(async () => {
  const made = await runQv(['keygen', '-o', 'key'], { cwd: folder });
  recipient = made.out.trim().split(/\s+/).at(-1) ?? '';
  await runQv(['keygen', '-o', 'other-key'], { cwd: folder });
  writeFileSync(path.join(folder, 'content'), content);
  const sealed = await runQv(['encrypt', '-r', recipient, '-o', 'sealed', 'content'], { cwd: folder });
  expect(sealed).toMatchObject({ exitCode: 0 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everything in the folder that a command has made there under some name. */
const made = (beginning: string): string[] => readdirSync(folder).filter((name) => name.startsWith(beginning));

describe('a command that is stopped', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ENV-5: encrypt leaves nothing behind after %s', async (signal) => {
    const child = spawn(process.execPath, [program, 'encrypt', '-r', recipient, '-o', 'stopped', '-'], {
      cwd: folder,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const ended = new Promise<number | null>((settle) => child.once('close', settle));
    child.stdin.on('error', () => {});
    child.stdin.write(content);
    const end = Date.now() + 20_000;
    while (made('stopped').length === 0 && Date.now() < end) await sleep(20);
    // It grows under a name of its own, and not under the one that was asked for.
    expect(made('stopped')).toEqual([expect.stringMatching(/^stopped\.[0-9a-f]{8}\.part$/)]);
    child.kill(signal);
    expect(await ended).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
    expect(made('stopped')).toEqual([]);
  });

  it('ENV-5: decrypt with another key, or of a file that was cut, leaves nothing behind', async () => {
    const wrong = await runQv(['decrypt', '-i', 'other-key', '-o', 'opened', 'sealed'], { cwd: folder });
    expect([wrong.exitCode === 0, made('opened')]).toEqual([false, []]);
    const cut = spawnSync('head', ['-c', '4000000', 'sealed'], { cwd: folder, maxBuffer: 8_000_000 }).stdout;
    writeFileSync(path.join(folder, 'cut'), cut);
    const short = await runQv(['decrypt', '-i', 'key', '-o', 'opened', 'cut'], { cwd: folder });
    expect([short.exitCode === 0, made('opened')]).toEqual([false, []]);
    expect(short.err).toMatch(/TRUNCATED/);
  });
});

describe('a full disk', () => {
  const small = path.join(folder, 'small');

  it('ENV-5: encrypt and decrypt say so and leave nothing behind', async (ctx) => {
    mkdirSync(small);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', small]);
    if (mounted.status !== 0) return ctx.skip('a small disk can be mounted by root alone');
    try {
      for (const words of [
        ['encrypt', '-r', recipient, '-o', 'small/out', 'content'],
        ['decrypt', '-i', 'key', '-o', 'small/out', 'sealed'],
      ]) {
        const { exitCode, err } = await runQv(words, { cwd: folder });
        expect({ exitCode, err, left: readdirSync(small) }).toEqual({
          exitCode: 2,
          err: expect.stringMatching(/cannot be written \(ENOSPC\)/),
          left: [],
        });
      }
    } finally {
      spawnSync('umount', [small]);
    }
  });
});
