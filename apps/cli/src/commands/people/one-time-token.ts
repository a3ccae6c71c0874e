import { resolve } from 'node:path';
import type { Cli } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { readTextFile } from '../../local/input-file.ts';
import { askForCode } from '../../sign-in/ask.ts';

const tokenBytesMax = 1_024;

/** A one-time token from the file that somebody handed over, or typed where nobody sees it. Never an argument. */
export async function takeToken(cli: Cli, file: string | undefined, prompt: string): Promise<string> {
  if (file === undefined) return askForCode(cli, prompt);
  const token = readTextFile(resolve(cli.environment.folder, file), tokenBytesMax).trim();
  if (!/^[\x21-\x7e]{1,200}$/.test(token)) throw new CliError('CLI_WRONG_USE', `${file} holds no token.`);
  return token;
}
