import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { coreLimit, hardeningProblems, hardenProcess } from './harden-process.ts';

const flags = (execArgv: readonly string[], nodeOptions?: string) => ({ execArgv, nodeOptions });

describe('CRY-8: process hardening', () => {
  it.each([
    ['--inspect'],
    ['--inspect=0.0.0.0:9229'],
    ['--inspect-brk'],
    ['--inspect_wait'],
    ['--heapsnapshot-signal=SIGUSR2'],
    ['--heapsnapshot-near-heap-limit=3'],
    ['--heap-prof'],
    ['--report-on-signal'],
    ['--report_on_fatalerror'],
    ['--report-uncaught-exception'],
    ['--abort-on-uncaught-exception'],
    ['--secure-heap=65536'],
  ])('%s is refused, on the command line and in NODE_OPTIONS', (flag) => {
    const name = flag.replaceAll('_', '-').split('=')[0];
    const expected = [expect.stringContaining(`${name} is not allowed`)];
    expect(hardeningProblems(flags(['--max-semi-space-size=1', flag]), undefined)).toEqual(expected);
    expect(hardeningProblems(flags([], `--max-old-space-size=512 ${flag}`), undefined)).toEqual(expected);
  });

  it('an open debugger is refused however it was opened; usual flags are not', () => {
    expect(hardeningProblems(flags([]), 'ws://127.0.0.1:9229/x')).toHaveLength(1);
    expect(
      hardeningProblems(flags(['--max-semi-space-size=1', '--disable-sigusr1'], '--no-warnings'), undefined),
    ).toEqual([]);
  });

  it('reports of the runtime are off afterwards, and the rest is told', () => {
    process.report.reportOnSignal = true;
    expect(hardenProcess(flags(['--disable-sigusr1']), '0')).toEqual([]);
    const { reportOnSignal, reportOnFatalError, reportOnUncaughtException } = process.report;
    expect([reportOnSignal, reportOnFatalError, reportOnUncaughtException]).toEqual([false, false, false]);
    expect(hardenProcess(flags([]), 'unlimited')).toEqual([
      expect.stringContaining('SIGUSR1'),
      expect.stringContaining('core dump'),
    ]);
  });

  it('reads the limit of core files', () => {
    const limits =
      'Limit   Soft Limit  Hard Limit  Units\nMax core file size        unlimited            unlimited   bytes\n';
    expect(coreLimit(() => limits)).toBe('unlimited');
    expect(coreLimit(() => limits.replace('unlimited  ', '0  '))).toBe('0');
    expect(
      coreLimit(() => {
        throw new Error('not this system');
      }),
    ).toBeUndefined();
  });

  // The facts of the runtime on which this stands.
  const isPosix = process.platform !== 'win32';
  it.runIf(isPosix).each([
    [[], true],
    [['--disable-sigusr1'], false],
  ])('measured: with flags %j, SIGUSR1 opens a debugger: %s', async (execArgv, opens) => {
    const script = `
      console.log('up');
      setInterval(() => {
        const { url } = require('node:inspector');
        if (url() !== undefined) { console.log('open'); process.exit(0); }
      }, 20);
      process.on('message', () => { console.log('closed'); process.exit(0); });
    `;
    const child = spawn(process.execPath, [...execArgv, '--inspect-port=127.0.0.1:0', '-e', script], {
      stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += String(chunk);
      if (output === 'up\n') {
        child.kill('SIGUSR1');
        // Long enough for a debugger to open; the answer does not depend on it when one does.
        if (!opens) setTimeout(() => child.send('enough'), 500);
      }
    });
    await once(child, 'close');
    expect(output).toBe(opens ? 'up\nopen\n' : 'up\nclosed\n');
  });
});
