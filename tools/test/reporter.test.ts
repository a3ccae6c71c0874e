import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import { closingLine, exitCodeOf } from './counts.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

/** Runs one fixture file in a process of its own and returns what is printed, with the counts as the last line. */
function runFixture(name: string): string {
  const script = `
    import { runVitest } from ${JSON.stringify(join(import.meta.dirname, 'run-vitest.ts'))};
    import { closingLine } from ${JSON.stringify(join(import.meta.dirname, 'counts.ts'))};
    const counts = await runVitest({ root: ${JSON.stringify(fixtures)}, part: 'all', paths: [], only: '${name}.case.ts' });
    console.log(closingLine(counts));
  `;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', env });
  return run.stdout.trim();
}

describe('the counting reporter', () => {
  const outcomes = runFixture('outcomes');

  it('counts a skip without a reason as a failure', () => {
    expect(outcomes.split('\n').at(-1)).toBe('1 passed, 4 failed, 1 skipped');
    for (const name of ['skips silently while running', 'is switched off', 'suite > is only announced']) {
      expect(outcomes).toContain(`FAILED outcomes.case.ts > ${name}\nit did not run and gives no reason`);
    }
  });

  it('prints each skip with its reason and each failure with its difference', () => {
    expect(outcomes).toMatch(/^SKIPPED outcomes\.case\.ts > skips with a reason: the reason given$/m);
    expect(outcomes).toContain("expected 'what came' to be 'what was wanted'");
  });

  it('tells a test behind a broken hook from one that gives no reason', () => {
    expect(runFixture('hook')).toContain('> suite > never runs\nit did not run, because a hook before it failed');
  });

  it.each([
    ['hook', 'the hook broke', 0],
    ['import', 'the file broke', 0],
    ['unhandled', 'nobody listened', 1],
  ])('fails the run for a broken %s', (name, message, passed) => {
    const printed = runFixture(name);
    expect(printed).toContain(message);
    expect(printed.split('\n').at(-1)).toMatch(new RegExp(`^${passed} passed, [12] failed, 0 skipped$`));
  });
});

describe('the outcome of a run', () => {
  it.each([
    [{ passed: 1, failed: 0, skipped: 5 }, 0],
    [{ passed: 9, failed: 1, skipped: 0 }, 1],
    [{ passed: 0, failed: 0, skipped: 3 }, 1],
  ])('%j ends with %i', (counts, code) => {
    expect(exitCodeOf(counts)).toBe(code);
  });

  it('is one line', () => {
    expect(closingLine({ passed: 1, failed: 2, skipped: 3 })).toBe('1 passed, 2 failed, 3 skipped');
  });
});

describe('arguments', () => {
  it.each([
    [[], { part: 'unit', paths: [] }],
    [['--integration'], { part: 'integration', paths: [] }],
    [['--all', './packages/tlog'], { part: 'all', paths: ['packages/tlog'] }],
    [['/repo/tools'], { part: 'unit', paths: ['tools'] }],
    [['.'], { part: 'unit', paths: [] }],
  ])('%j', (words, expected) => {
    expect(parseArguments(words, '/repo', '/repo')).toEqual(expected);
  });

  it('refuses an unknown option', () => {
    expect(() => parseArguments(['--watch'], '/repo', '/repo')).toThrow('unknown option --watch');
  });
});
