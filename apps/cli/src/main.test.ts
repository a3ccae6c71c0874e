import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { freePort } from '../../../tests/harness/free-port.ts';
import { keepLog } from '../test/kept-log.ts';
import { apiKey } from '../test/run-qv.ts';
import { page, sampleAuditEvent, sampleJob } from '../test/samples.ts';

// The program as a process of its own: streams, signals and exit codes.

const folder = mkdtempSync(join(tmpdir(), 'qv-main-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, ['--conditions=source', join(import.meta.dirname, 'main.ts'), ...words], {
    cwd: folder,
    env: { PATH, QV_DATA_DIR: folder, QV_API_KEY: apiKey, ...environment },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }));
  });
  return { child, ended };
}

async function serve(body: () => unknown): Promise<{ url: string; close(): Promise<unknown> }> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

it('AUD-6: verifies a kept log from files alone, as a process of its own', async () => {
  await keepLog(folder, 2_000);
  const words = ['audit', 'verify', 'log.jsonl', '--key', 'checkpoints/log.vkey', '--checkpoint', 'checkpoints/latest'];
  const { code, out, err } = await start([...words, '--tiles', 'checkpoints/tiles', '--json'], { QV_URL: '' }).ended;
  expect({ code, err, verdict: JSON.parse(out) }).toMatchObject({
    code: 0,
    err: '',
    verdict: { valid: true, events: 2_003 },
  });
});

it('IFC-4: ends with 4 when nobody answers, 2 on wrong use', async () => {
  const [unreachable, wrong] = await Promise.all([
    start(['assets'], { QV_URL: `http://127.0.0.1:${await freePort()}` }).ended,
    start(['assets', '--loud']).ended,
  ]);
  expect(unreachable).toMatchObject({ code: 4, out: '' });
  expect(unreachable.err).toContain('ECONNREFUSED');
  expect(wrong).toMatchObject({ code: 2, out: '' });
});

it('a reader that stops reading ends the command without an error', async () => {
  let count = 0;
  const server = await serve(() => {
    count += 1;
    return page(Array.from({ length: count }, (_, at) => sampleAuditEvent(at)).reverse());
  });
  const { child, ended } = start(['audit', 'tail', '--follow'], { QV_URL: server.url });
  child.stdout.once('data', () => child.stdout.destroy());
  // The next event finds the pipe closed.
  const { code, err } = await ended;
  await server.close();
  expect(err).toBe('');
  expect(code).toBe(0);
});

it('Ctrl-C ends a command with 130', async () => {
  const server = await serve(() => sampleJob({ status: 'running', progress: 40 }));
  const { child, ended } = start(['jobs', 'watch', sampleJob().id], { QV_URL: server.url });
  child.stderr.once('data', () => child.kill('SIGINT'));
  const { code, err } = await ended;
  await server.close();
  expect({ code, err }).toEqual({ code: 130, err: ' 40%  protect-asset running\n' });
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('ENV-7: %s in the middle of an encryption leaves no file under any name', async (signal, exitCode) => {
  const made = await start(['keygen', '-o', `${signal}.key`]).ended;
  const before = readdirSync(folder);
  const { child, ended } = start(['encrypt', '-r', made.out.trim(), '-o', 'out.qv']);
  child.stdin.on('error', () => {}); // It ends before it has read everything.
  child.stdin.write(new Uint8Array(4_000_000));
  // The input stays open: the command waits for more of it, with a part of the result written.
  while (!readdirSync(folder).some((name) => name.startsWith('out.qv.'))) await new Promise(setImmediate);
  child.kill(signal);
  expect(await ended).toMatchObject({ code: exitCode, out: '' });
  expect(readdirSync(folder)).toEqual(before);
});
