import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { targetNames } from './targets/targets.ts';

const root = resolve(import.meta.dirname, '../..');

it('ENV-5: 100,000 executions of all parsers together give no finding', () => {
  const each = String(Math.ceil(100_000 / targetNames.length));
  const words = ['--conditions=source', 'tools/fuzz/run.ts', '--executions', each, '--seed', '1'];
  const run = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
  console.log(run.stdout);
  expect(run.status, run.stderr).toBe(0);
  expect(run.stdout).toMatch(/^1\d{5} executions, \d+ edges, 0 findings$/m);
}, 300_000);
