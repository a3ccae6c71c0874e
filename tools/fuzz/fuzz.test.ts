import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import { makeTarget as makeSignatureTarget } from './targets/qv1/signature.ts';
import { targetNames } from './targets/targets.ts';

const root = resolve(import.meta.dirname, '../..');

/** In a process of its own: the counters go into modules as they are loaded, which the test runner does its own way. */
function node(...words: readonly string[]): { readonly status: number | null; readonly output: string } {
  const run = spawnSync(process.execPath, ['--conditions=source', ...words], { cwd: root, encoding: 'utf8' });
  return { status: run.status, output: `${run.stdout}${run.stderr}` };
}

describe('what a parser can do wrong is found, and the input is kept', () => {
  it.each([
    ['throws', /^RangeError: a mistake at tools\/fuzz\/fixtures\/broken\.ts:\S+: th/m],
    ['hangs', /^does not end: ha/m],
    ['hoards', /^takes more than 256 MiB of (?:heap|memory): ho/m],
    ['dawdles', /^takes \d+ ms: da/m],
  ])('it %s', (fixture, printed) => {
    expect(node('tools/fuzz/fixtures/run-fixture.ts', fixture).output).toMatch(printed);
  });
});

describe('ENV-5: every parser keeps its promises', () => {
  it('on a short run of all targets', () => {
    const { status, output } = node('tools/fuzz/run.ts', '--executions', '200', '--seed', '20261126');
    for (const name of targetNames) expect(output).toMatch(new RegExp(`^${name} +\\d+ executions .* 0 findings$`, 'm'));
    expect(status, output).toBe(0);
  }, 300_000);
});

// A sample above the bound of its target is passed over without a word.
it('ENV-7: signatures are fuzzed with such as the default algorithm makes, which is a composite', async () => {
  const { samples, bytesMax } = await makeSignatureTarget();
  const used = samples.filter(({ length }) => length <= bytesMax);
  expect(used).toHaveLength(samples.length);
  const files = used.map((bytes) => Buffer.from(bytes)).filter((bytes) => bytes.indexOf('QVS1') === 0);
  const composites = files.filter((bytes) => bytes.includes('MLDSA65-Ed25519-SHA512'));
  expect(composites.map(({ length }) => length > 3373)).toEqual([true]);
});

describe('arguments', () => {
  it.each([
    [[], { targets: ['a', 'b'], executions: 100_000, seed: 5, keep: false }],
    [
      ['--target', 'b', '--executions', '7', '--seed', '9', '--keep'],
      { targets: ['b'], executions: 7, seed: 9, keep: true },
    ],
  ])('%j', (words, expected) => {
    expect(parseArguments(words, ['a', 'b'], 5)).toEqual(expected);
  });

  it.each([
    [['--target', 'c'], 'no target "c"; there are a, b'],
    [['--executions', '0'], '--executions takes a whole number'],
    [['--seed'], '--seed takes a whole number'],
    [['--forever'], 'unknown option --forever'],
  ])('refuses %j', (words, sentence) => {
    expect(() => parseArguments(words, ['a', 'b'], 5)).toThrow(sentence);
  });
});
