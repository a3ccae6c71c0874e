import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { Standard } from '../cli.ts';
import { CliError } from '../errors.ts';
import { readSecretLine, readShownLine } from './secret-line.ts';

/** The keyboard, even when standard input is a pipe. */
function openKeyboard(otherwise: string): ReadStream {
  if (process.stdin.isTTY) return process.stdin;
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    throw new CliError('CLI_WRONG_USE', `There is no terminal to ask on: ${otherwise}`);
  }
}

function release(keyboard: ReadStream): void {
  if (keyboard === process.stdin) keyboard.pause();
  else keyboard.destroy();
}

/** The streams of this process. */
export const processStandard: Standard = {
  input: () => process.stdin,
  write: (bytes) =>
    new Promise((resolve, reject) => {
      process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
    }),
  askSecret: async (prompt, otherwise) => {
    const keyboard = openKeyboard(otherwise);
    // Before the prompt: who types at once would see the secret.
    keyboard.setRawMode(true);
    try {
      process.stderr.write(prompt);
      return await readSecretLine(keyboard);
    } finally {
      keyboard.setRawMode(false);
      release(keyboard);
      process.stderr.write('\n');
    }
  },
  askLine: async (prompt, otherwise) => {
    const keyboard = openKeyboard(otherwise);
    try {
      process.stderr.write(prompt);
      return await readShownLine(keyboard);
    } finally {
      release(keyboard);
    }
  },
  canAsk: process.stdin.isTTY === true,
};
