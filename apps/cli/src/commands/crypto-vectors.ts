import { resolve } from 'node:path';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { needFolder } from '../local/input-file.ts';
import { plural } from '../terminal/format.ts';
import { printTable } from '../terminal/table.ts';
import type { FileReport } from '../vectors/tally.ts';

export function addCryptoVectors(crypto: Command, cli: Running): void {
  addCommand(crypto, 'vectors <folder>', 'Run published test vectors; exit code 1 when one fails').action(
    ending(cli, (folder: string, options: JsonOption) => runCryptoVectors(cli, folder, options)),
  );
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
  return totals.failed > 0 || totals.cases === 0 ? exitCodes.negative : exitCodes.done;
}

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
