import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireLock, acquireLockWithin, processIdentity, readLock } from './process-lock.mjs';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qv-lock-'));
  path = join(folder, 'a.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const library = pathToFileURL(join(import.meta.dirname, 'process-lock.mjs')).href;

function start(code: string) {
  return spawn(
    process.execPath,
    ['--input-type=module', '-e', `import { acquireLock } from ${JSON.stringify(library)};${code}`],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
}

/** Runs code in another process and resolves to what it printed. */
function inProcess(code: string): Promise<string> {
  return new Promise((resolve) => {
    const child = start(code);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.on('close', () => resolve(output));
  });
}

function expectHeld(lock: ReturnType<typeof acquireLock>): Extract<typeof lock, { held: true }> {
  if (!lock.held) throw new Error(`held by ${lock.holder.pid}`);
  return lock;
}

describe('the lock file', () => {
  it('is refused to a second taker, who learns the holder and its details', () => {
    const lock = expectHeld(acquireLock(path, { url: 'http://127.0.0.1:8920' }));
    const second = acquireLock(path);
    expect(second).toMatchObject({ held: false, holder: { pid: process.pid, url: 'http://127.0.0.1:8920' } });
    lock.release();
    expectHeld(acquireLock(path)).release();
    expect(readLock(path)).toBeNull();
  });

  it('is free again at once when its holder was killed with SIGKILL', async () => {
    await inProcess(`acquireLock(${JSON.stringify(path)}); process.kill(process.pid, 'SIGKILL');`);
    expect(readLock(path)).not.toBeNull();
    expectHeld(acquireLock(path)).release();
  });

  it('is not mistaken for held when another process has the number of the dead holder', () => {
    expectHeld(acquireLock(path));
    const holder = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...holder, identity: 'ticks:1' }));
    expectHeld(acquireLock(path)).release();
  });

  it('of another container or host counts as held while its heartbeat is young, and only then', () => {
    expectHeld(acquireLock(path));
    const holder = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...holder, space: 'elsewhere', identity: 'ticks:1' }));
    expect(acquireLock(path).held).toBe(false);
    const old = new Date(Date.now() - 60_000);
    utimesSync(path, old, old);
    expectHeld(acquireLock(path)).release();
  });

  it('that was cut off while being written blocks only for moments', () => {
    writeFileSync(path, '');
    expect(acquireLock(path).held).toBe(false);
    const old = new Date(Date.now() - 10_000);
    utimesSync(path, old, old);
    expectHeld(acquireLock(path)).release();
  });

  it('goes to exactly one of several takers of a dead holder', async () => {
    await inProcess(`acquireLock(${JSON.stringify(path)}); process.kill(process.pid, 'SIGKILL');`);
    const code = `const l = acquireLock(${JSON.stringify(path)}); console.log(l.held ? 'won' : 'lost'); process.stdin.resume();`;
    // Each lives until all have tried.
    const takers = Array.from({ length: 8 }, () => start(code));
    const ended = takers.map((taker) => once(taker, 'close'));
    const outcomes = await Promise.all(takers.map(async ({ stdout }) => String(await once(stdout, 'data')).trim()));
    for (const { stdin } of takers) stdin.end();
    await Promise.all(ended);
    expect(outcomes.sort()).toEqual([...Array(7).fill('lost'), 'won']);
  });

  it('can be waited for', async () => {
    const lock = expectHeld(acquireLock(path));
    setTimeout(() => lock.release(), 200);
    let told = 0;
    const second = await acquireLockWithin(path, {
      waitMs: 5_000,
      onWait: () => {
        told += 1;
      },
    });
    expectHeld(second).release();
    expect(told).toBe(1);
  });

  it('release does not remove the lock of a successor', () => {
    const lock = expectHeld(acquireLock(path));
    const holder = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...holder, nonce: 'successor' }));
    lock.release();
    expect(readLock(path)).toMatchObject({ nonce: 'successor' });
  });
});

describe('processIdentity', () => {
  it('is stable for a living process and null for none', () => {
    expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
    expect(processIdentity(process.pid)).not.toBeNull();
    expect(processIdentity(2_147_483_646)).toBeNull();
    expect(processIdentity(-1)).toBeNull();
  });
});
