import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { innerTests } from './inner-run.ts';

/*
 * A run of vitest inside this one: the primitives are chosen once for a process, so those of browsers need another. What it
 * runs is listed in inner-run.ts.
 */

const root = join(import.meta.dirname, '../../../..');

interface Assertion {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages?: readonly string[];
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly Assertion[];
  }[];
}

function runVitest(output: string): Promise<string> {
  const arguments_ = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    join(import.meta.dirname, 'vitest.config.ts'),
    '--reporter=json',
    `--outputFile=${output}`,
  ];
  // The runner marks its workers by variables that would confuse a run inside.
  const { VITEST: _, VITEST_POOL_ID: _pool, VITEST_WORKER_ID: _worker, ...env } = process.env;
  const child = spawn(process.execPath, arguments_, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => printed.push(String(data)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(printed.join('')));
  });
}

describe('the same tests with the primitives of browsers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qv-browser-primitives-'));
  let report: Report = { testResults: [] };

  beforeAll(async () => {
    const output = join(folder, 'report.json');
    const printed = await runVitest(output);
    try {
      report = JSON.parse(readFileSync(output, 'utf8'));
    } catch {
      throw new Error(`the inner run gave no report:\n${printed}`);
    }
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(globSync([...innerTests], { cwd: root }).sort())('%s', (file) => {
    const result = report.testResults.find(({ name }) => relative(root, name) === file);
    const tests = result?.assertionResults ?? [];
    const passed = tests.filter(({ status }) => status === 'passed').length;
    // What the list of absent functions names fails by that name, and is counted apart.
    const isAbsent = (failure: unknown): boolean => String(failure).includes('is not offered here:');
    const failed = tests.filter(({ status }) => status === 'failed');
    const broken = failed
      .filter(({ failureMessages }) => !isAbsent(failureMessages))
      .map(({ fullName, failureMessages }) => [fullName, String(failureMessages).split('\n    at ')[0]]);
    expect(broken, result?.message).toEqual([]);
    // A file may also need one of them before its first test.
    const absent = tests.length === 0 && isAbsent(result?.message) ? 1 : failed.length;
    expect(passed + absent, result?.message ?? 'the file did not run').toBeGreaterThan(0);
    console.log(`[browser primitives] ${file}: ${passed} passed, ${absent} of what browsers do not have`);
  });
});
