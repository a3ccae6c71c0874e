import { resolve } from 'node:path';
import type { Cli } from '../cli.ts';
import { CliError } from '../errors.ts';
import { needFolderOf, needFreePath, writeOutputFile } from '../local/output-file.ts';
import { safeText } from '../terminal/safe-text.ts';

export interface SecretPlace {
  /** A file of mode 0600, as the person named it. */
  readonly file: string | undefined;
  /** The option that names it. */
  readonly option: string;
  readonly json: boolean | undefined;
}

/**
 * A secret that is shown once goes to a file that nobody else can read, or to a screen: not into JSON and not into a pipe,
 * where logs would keep it. Called before it is made, so that none is made in vain. Throws CLI_WRONG_USE.
 */
export function needSecretPlace(cli: Cli, { file, option, json }: SecretPlace): void {
  if (file !== undefined) {
    const path = resolve(cli.environment.folder, file);
    needFreePath(path, false);
    needFolderOf(path);
  } else if (json === true || !cli.output.out.isTerminal) {
    throw new CliError(
      'CLI_WRONG_USE',
      `This makes a secret, which is shown on a terminal and never in a pipe or JSON: name a file for it with ${option}.`,
    );
  }
}

/** Hands over what was made, one secret a line; says where it is when it went to a file. */
export function deliverSecret(cli: Cli, { file }: SecretPlace, secrets: readonly string[]): void {
  if (file === undefined) {
    for (const secret of secrets) cli.output.line(safeText(secret));
    return;
  }
  const content = secrets.map((secret) => `${secret}\n`).join('');
  writeOutputFile(resolve(cli.environment.folder, file), content, { force: false, mode: 0o600 });
  cli.output.note(`Written to ${file}, for you alone.`);
}
