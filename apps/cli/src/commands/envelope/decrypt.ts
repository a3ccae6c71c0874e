import type { OpeningKey } from '@quantumvault/envelope';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type Running } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { openByteInput, openByteOutput, writeAll } from '../../local/byte-files.ts';
import { formatBytes } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { keysOf } from './keys.ts';
import {
  addOutOptions,
  addPassphraseOptions,
  addPlaceOptions,
  collect,
  needOneAnswer,
  type OutOptions,
  type PassphraseOptions,
  type PlaceOptions,
  passphraseOf,
  placeOf,
  profileOf,
  withProgress,
} from './options.ts';

export interface OpenCommandOptions extends OutOptions, PassphraseOptions, PlaceOptions {
  readonly identity?: readonly string[];
}

export function addDecrypt(program: Command, cli: Running): void {
  const command = addCommand(program, 'decrypt [input]', 'Open an encrypted file or standard input');
  addPlaceOptions(addOutOptions(addPassphraseOptions(addIdentityOption(command)))).action(
    ending(cli, (input: string | undefined, options: OpenCommandOptions) => decrypt(cli, input, options)),
  );
}

export function addIdentityOption(command: Command): Command {
  return command.option('-i, --identity <file>', 'file with secret keys; may be repeated', collect);
}

/** The keys to open with. Throws CLI_WRONG_USE when there are none. */
export async function openingKeysOf(cli: Cli, options: OpenCommandOptions): Promise<readonly OpeningKey[]> {
  const keys: OpeningKey[] = [...(await keysOf(cli, options.identity ?? []))];
  const passphrase = await passphraseOf(cli, options, { isNew: false });
  if (passphrase !== undefined) keys.push({ type: 'passphrase', passphrase });
  if (keys.length === 0) throw new CliError('CLI_WRONG_USE', 'Name a key file with -i, or give a passphrase.');
  return keys;
}

async function decrypt(cli: Cli, input = '-', options: OpenCommandOptions): Promise<void> {
  needOneAnswer(options);
  if (input === '-' && options.identity?.includes('-')) {
    throw new CliError('CLI_WRONG_USE', 'The key and the content cannot both be standard input.');
  }
  const { openEnvelope } = await import('@quantumvault/envelope');
  const expected = await placeOf(options);
  const profile = await profileOf(options.profile);
  const source = openByteInput(cli, input);
  const keys = await openingKeysOf(cli, options);
  // 0600: whoever encrypted it did not want everybody to read it.
  const output = openByteOutput(cli, options.out, { force: options.force === true, mode: 0o600 });
  const bytes = await writeAll(output, openEnvelope(withProgress(cli, source), { keys, expected, profile }));
  if (output.file === undefined) return;
  if (options.json) return cli.output.json({ file: output.file, bytes });
  cli.output.line(`wrote ${safeText(output.file)}: ${formatBytes(bytes)}`);
}
