import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/*
 * A run of vitest inside this one: the primitives are chosen once for a process, so those of browsers need another. The
 * whole list of files that it runs is in vitest.config.ts beside this.
 */

const root = join(import.meta.dirname, '../../../..');

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
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

  it.each([
    'packages/crypto/test/browser/chosen-primitives.inner.ts',
    'packages/crypto/src/aead.test.ts',
    'packages/crypto/src/floe/floe.test.ts',
    'packages/crypto/src/hash.test.ts',
    'packages/crypto/src/hpke/hpke.test.ts',
    'packages/crypto/src/hpke/mlkem.test.ts',
    'packages/crypto/src/hpke/xwing.test.ts',
    'packages/crypto/src/pkcs8.test.ts',
    'packages/crypto/src/signature.test.ts',
    'packages/crypto/test/acvp.test.ts',
    'packages/crypto/test/floe-vectors.test.ts',
    'packages/crypto/test/hpke-vectors.test.ts',
    'packages/crypto/test/wycheproof.test.ts',
    'packages/envelope/src/commitment.test.ts',
    'packages/envelope/src/envelope.test.ts',
    'packages/envelope/src/text/key-text.test.ts',
    'packages/envelope/test/qv1-vectors.test.ts',
  ])('%s', (file) => {
    const result = report.testResults.find(({ name }) => relative(root, name) === file);
    const tests = result?.assertionResults ?? [];
    const failed = tests.filter(({ status }) => status === 'failed');
    expect({ failed: failed.map(({ fullName, failureMessages }) => [fullName, failureMessages]) }).toEqual({
      failed: [],
    });
    const passed = tests.filter(({ status }) => status === 'passed').length;
    expect(passed, result?.message ?? 'the file did not run').toBeGreaterThan(0);
    console.log(`[browser primitives] ${file}: ${passed} passed`);
  });
});
