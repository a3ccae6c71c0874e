import { resolve } from 'node:path';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { needFolder } from '../local/input-file.ts';
import { plural } from '../terminal/format.ts';
import { safeText } from '../terminal/safe-text.ts';
import { printTable } from '../terminal/table.ts';
import type { FileReport } from '../vectors/tally.ts';

export function addCryptoVectors(crypto: Command, cli: Running): void {
  addCommand(
    crypto,
    'vectors <folder>',
    'Run published test vectors; exit code 1 when one fails, 2 when none is known',
  ).action(ending(cli, (folder: string, options: JsonOption) => runCryptoVectors(cli, folder, options)));
}

type Count = 'cases' | 'passed' | 'failed' | 'skipped';
const counts: readonly Count[] = ['cases', 'passed', 'failed', 'skipped'];

async function runCryptoVectors(cli: Cli, given: string, { json }: JsonOption): Promise<ExitCode> {
  const folder = resolve(cli.environment.folder, given);
  needFolder(folder);
  const [{ filesBelow }, { runVectors }] = await Promise.all([
    import('../vectors/files.ts'),
    import('../vectors/run.ts'),
  ]);
  const isShown = cli.output.err.isTerminal && json !== true;
  const files = await runVectors(filesBelow(folder), ({ file }) => {
    if (isShown) cli.output.note(`ran ${file}`);
  });
  const sum = (name: Count): number => files.reduce((total, file) => total + file[name], 0);
  const totals = { cases: sum('cases'), passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  if (json) cli.output.json({ files, totals });
  else printReports(cli, files, totals);
  if (totals.failed > 0) return exitCodes.negative;
  if (files.some(isKnown)) return exitCodes.done;
  // What was run by nobody must not look like success to a script.
  cli.output.note(
    `qv: nothing in ${safeText(folder)} is a set of test vectors that is known here, so nothing was checked`,
  );
  return exitCodes.wrongUse;
}

/** Whether anything of a file was recognized: it was run, or skipped for a reason of its own. */
const isKnown = ({ passed, failed, reasons }: FileReport): boolean =>
  passed + failed > 0 || reasons.some((reason) => !/^\d+ skipped: not recognized/.test(reason));

function printReports(cli: Cli, files: readonly FileReport[], totals: Readonly<Record<Count, number>>): void {
  printTable(
    cli.output,
    [...counts.map((name) => ({ title: name.toUpperCase(), align: 'right' as const })), { title: 'FILE' }],
    files.map((file) => [...counts.map((name) => `${file[name]}`), file.file]),
  );
  for (const { file, reasons } of files) for (const reason of reasons) cli.output.note(`${file}: ${reason}`);
  const { passed, failed, skipped } = totals;
  cli.output.line(`${plural(passed, 'case')} passed, ${failed} failed, ${skipped} skipped.`);
}
