/**
 * Prints failures in full, each skipped test with its reason, and nothing about what passed but its file.
 *
 * A skip without a reason counts as a failure: a test that silently stopped running must not look like a green one.
 */
import type { UserConsoleLog } from 'vitest';
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node';
import type { Counts } from './counts.ts';

interface Failure {
  readonly where: string;
  readonly text: string;
}

function describeError(error: SerializedError | Error): string {
  const stack = error.stack ?? '';
  const diff = 'diff' in error && typeof error.diff === 'string' ? `\n${error.diff}` : '';
  const text = stack.includes(error.message) ? stack : `${error.message}\n${stack}`;
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.message}` : '';
  return `${text.trimEnd()}${diff}${cause}`;
}

function isBehindBrokenHook({ parent }: TestCase | TestSuite): boolean {
  return parent.errors().length > 0 || (parent.type === 'suite' && isBehindBrokenHook(parent));
}

export class CountingReporter implements Reporter {
  #passed = 0;
  readonly #skips: Failure[] = [];
  readonly #failures: Failure[] = [];
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void = console.log) {
    this.#print = print;
  }

  get counts(): Counts {
    return { passed: this.#passed, failed: this.#failures.length, skipped: this.#skips.length };
  }

  onTestCaseResult(testCase: TestCase): void {
    const where = `${testCase.module.relativeModuleId} > ${testCase.fullName}`;
    const result = testCase.result();
    if (result.state === 'passed') {
      this.#passed += 1;
    } else if (result.state === 'failed') {
      this.#failures.push({ where, text: result.errors.map(describeError).join('\n') });
    } else if (result.state === 'skipped' && result.note !== undefined && result.note.trim() !== '') {
      this.#skips.push({ where, text: result.note });
    } else {
      const text = isBehindBrokenHook(testCase)
        ? 'it did not run, because a hook before it failed'
        : 'it did not run and gives no reason: use ctx.skip(reason)';
      this.#failures.push({ where, text });
    }
  }

  /** What a test says of its own accord: how much it compared, what it measured. */
  onUserConsoleLog({ content, type }: UserConsoleLog): void {
    if (type === 'stdout') for (const line of content.trimEnd().split('\n')) this.#print(`     ${line}`);
  }

  onTestSuiteResult(suite: TestSuite): void {
    this.#hookFailures(suite, `${suite.module.relativeModuleId} > ${suite.fullName}`);
  }

  onTestModuleEnd(module: TestModule): void {
    this.#hookFailures(module, module.relativeModuleId);
    const milliseconds = Math.round(module.diagnostic().duration);
    const tests = [...module.children.allTests()];
    const mark = module.ok() ? 'ok  ' : 'FAIL';
    this.#print(`${mark} ${module.relativeModuleId} (${tests.length} tests, ${milliseconds} ms)`);
  }

  /** Prints the failures and the skips, after vitest has given its last unhandled errors. */
  onTestRunEnd(_modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    for (const error of unhandled) this.#failures.push({ where: 'outside any test', text: describeError(error) });
    for (const { where, text } of this.#failures) this.#print(`\nFAILED ${where}\n${text}`);
    if (this.#failures.length > 0) this.#print('');
    for (const { where, text } of this.#skips) this.#print(`SKIPPED ${where}: ${text}`);
  }

  /** Errors of a file or a suite itself: a bad import, or a hook that threw. */
  #hookFailures(entity: TestModule | TestSuite, where: string): void {
    const errors = entity.errors();
    if (errors.length > 0) this.#failures.push({ where, text: errors.map(describeError).join('\n') });
  }
}
