/** One vitest run in this process, counted. */
import { startVitest } from 'vitest/node';
import type { TestArguments } from './arguments.ts';
import type { Counts } from './counts.ts';
import { CountingReporter } from './reporter.ts';

/** How long workers and the teardown may take to end once the last test is done. */
const closeWaitMs = 30_000;

export interface RunOptions extends TestArguments {
  readonly root: string;
  /** Run files of this pattern without the project's configuration; the runner's own tests need that. */
  readonly only?: string;
}

export async function runVitest({ root, part, paths, only }: RunOptions): Promise<Counts> {
  // Colours belong on a terminal; in a log they are noise.
  if (!process.stdout.isTTY) process.env.NO_COLOR = '1';
  process.env.VITEST_PART = part;
  const reporter = new CountingReporter();
  const vitest = await startVitest('test', [...paths], {
    root,
    run: true,
    watch: false,
    reporters: [reporter],
    allowOnly: false,
    passWithNoTests: true,
    ...(only === undefined ? {} : { config: false, include: [only] }),
  });
  const patience = Promise.withResolvers<void>();
  const timer = setTimeout(patience.resolve, closeWaitMs);
  await Promise.race([vitest.close(), patience.promise]);
  clearTimeout(timer);
  const { counts } = reporter;
  // A global setup that throws ends the run without any test, and vitest says so only by its exit code.
  const tried = counts.passed + counts.failed + counts.skipped;
  return tried === 0 && process.exitCode === 1 ? { ...counts, failed: 1 } : counts;
}
