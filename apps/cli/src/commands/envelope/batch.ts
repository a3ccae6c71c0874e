// Many files in one command: each goes to a file of its own in one folder, and a file that fails does not stop the others.
import { lstatSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { describeFailure } from '../../connection/failures.ts';
import { CliError, type ExitCode, exitCodes } from '../../errors.ts';
import { needFolder } from '../../local/input-file.ts';
import { needFolderOf, needFreePath } from '../../local/output-file.ts';
import { safeText } from '../../terminal/safe-text.ts';
import type { OutOptions } from './options.ts';

const filesMax = 100_000;

export interface Target {
  readonly input: string;
  readonly output: string;
  /** Said behind the progress of a file; empty for a single one. */
  readonly label: string;
}

/** What a file became, as `--json` prints it, and the line that says so. */
export interface Done {
  /** Undefined when it went to standard output. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
  readonly line: string;
}

export function addBatchOptions(command: Command, suffix: string): Command {
  return command.option('--out-dir <folder>', `folder for many files; each keeps its name, ${suffix}`);
}

/**
 * Where each input goes: one to `-o`, many into `--out-dir` under the names that `rename` gives. Everything is checked before
 * the first file is begun. Throws CLI_WRONG_USE and CLI_FILE_EXISTS.
 */
export function targetsOf(
  cli: Cli,
  inputs: readonly string[],
  { out, outDir, force = false, json, rename }: OutOptions & { readonly rename: (name: string) => string },
): readonly Target[] {
  if ((out === undefined) === (outDir === undefined)) {
    throw new CliError('CLI_WRONG_USE', 'Give -o FILE for one file, or --out-dir FOLDER for many.');
  }
  if (out !== undefined) {
    if (inputs.length > 1)
      throw new CliError('CLI_WRONG_USE', 'More than one file goes to --out-dir FOLDER, not to -o.');
    if (out === '-' && json === true) {
      throw new CliError('CLI_WRONG_USE', '--json and -o - would both write to standard output.');
    }
    // Before anybody is asked for a passphrase.
    if (out !== '-') needFolderOf(resolve(cli.environment.folder, out));
    return [{ input: inputs[0] ?? '-', output: out, label: '' }];
  }
  if (inputs.length === 0) throw new CliError('CLI_WRONG_USE', 'Name the files that go to --out-dir.');
  if (inputs.length > filesMax) throw new CliError('CLI_WRONG_USE', `At most ${filesMax} files at once.`);
  const folder = resolve(cli.environment.folder, outDir ?? '');
  needFolder(folder);
  const names = new Set<string>();
  return inputs.map((input, at) => {
    if (input === '-') throw new CliError('CLI_WRONG_USE', 'Standard input has no name: give it -o FILE.');
    const name = rename(basename(input));
    if (names.has(name)) throw new CliError('CLI_WRONG_USE', `Two files would become ${safeText(name)}.`);
    names.add(name);
    const output = join(folder, name);
    needFreePath(output, force);
    return { input, output, label: ` (${at + 1} of ${inputs.length})` };
  });
}

/** A file whose own content is replaced while it is read would be lost. Throws CLI_WRONG_USE. */
export function needOtherFile(cli: Cli, { input, output }: Pick<Target, 'input' | 'output'>): void {
  if (input === '-' || output === '-') return;
  const [from, to] = [input, output].map((name) => resolve(cli.environment.folder, name));
  if (from === undefined || to === undefined) return;
  const replaced = lstatSync(to, { throwIfNoEntry: false });
  // A link to the file that is replaced is the same file, as is the link itself.
  const isSame = [lstatSync, statSync].some((look) => {
    const read = look(from, { throwIfNoEntry: false });
    return read !== undefined && read.ino === replaced?.ino && read.dev === replaced.dev;
  });
  if (isSame) {
    throw new CliError('CLI_WRONG_USE', `${safeText(output)} is the file that is read.`);
  }
}

/** Does the work for each target. One that fails is named; the exit code is the first failure's. */
export async function runTargets(
  cli: Cli,
  targets: readonly Target[],
  {
    isBatch,
    json,
    work,
  }: {
    readonly isBatch: boolean;
    readonly json: boolean;
    readonly work: (target: Target) => Promise<Done>;
  },
): Promise<ExitCode> {
  const [first] = targets;
  if (!isBatch && first !== undefined) {
    const done = await work(first);
    if (done.json !== undefined) print(cli, done, json);
    return exitCodes.done;
  }
  const files: Readonly<Record<string, unknown>>[] = [];
  let exitCode: ExitCode = exitCodes.done;
  let failed = 0;
  for (const target of targets) {
    try {
      const done = await work(target);
      files.push({ input: target.input, ...done.json });
      if (!json) print(cli, done, false);
    } catch (error) {
      const failure = describeFailure(error);
      failed += 1;
      if (exitCode === exitCodes.done) exitCode = failure.exitCode;
      files.push({ input: target.input, error: failure.message });
      // A file that cannot be read is named already.
      const isNamed = failure.message.startsWith(safeText(resolve(cli.environment.folder, target.input)));
      cli.output.note(`qv: ${isNamed ? '' : `${safeText(target.input)}: `}${failure.message}`);
    }
  }
  if (json) cli.output.json({ files, done: targets.length - failed, failed });
  else if (failed > 0) cli.output.note(`qv: ${failed} of ${targets.length} files failed`);
  return exitCode;
}

function print(cli: Cli, { json, line }: Done, asJson: boolean): void {
  if (asJson) cli.output.json(json);
  else cli.output.line(line);
}
