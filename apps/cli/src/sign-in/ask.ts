import type { Cli } from '../cli.ts';
import { CliError } from '../errors.ts';

// A secret that goes into JSON must become a string, which cannot be erased; it is kept in no variable that outlives its use.
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CliError('CLI_WRONG_USE', 'What was typed is not UTF-8 text.');
  } finally {
    bytes.fill(0);
  }
}

const byTerminal = 'run this in one. A secret is never an argument.';

async function needSecret(cli: Cli, prompt: string): Promise<string> {
  const text = textOf(await cli.standard.askSecret(prompt, byTerminal));
  if (text === '') throw new CliError('CLI_WRONG_USE', 'Nothing was given.');
  return text;
}

export const askForPassword = (cli: Cli, prompt: string): Promise<string> => needSecret(cli, prompt);

/** A new password, typed twice because nobody sees it. */
export async function askForNewPassword(cli: Cli): Promise<string> {
  const first = await needSecret(cli, 'New password: ');
  if ((await needSecret(cli, 'Again: ')) !== first)
    throw new CliError('CLI_WRONG_USE', 'The two passwords differ. Nothing was changed.');
  return first;
}

/** Not shown either: a recovery code is good for days. */
export async function askForCode(cli: Cli, prompt: string): Promise<string> {
  return (await needSecret(cli, prompt)).trim();
}

/** A secret from standard input when that is no terminal, else asked for. */
export async function readSecret(cli: Cli, prompt: string, bytesMax: number): Promise<string> {
  if (cli.standard.canAsk) return needSecret(cli, prompt);
  const whole = new Uint8Array(bytesMax);
  let length = 0;
  for await (const chunk of cli.standard.input()) {
    if (length + chunk.length > bytesMax) throw new CliError('CLI_WRONG_USE', 'Standard input is too long.');
    whole.set(chunk, length);
    length += chunk.length;
    chunk.fill(0);
  }
  const text = textOf(whole.subarray(0, length)).trim();
  whole.fill(0);
  if (text === '') throw new CliError('CLI_WRONG_USE', 'Standard input is empty.');
  return text;
}
