import type { Command } from 'commander';
import { addCommand, type Cli, ending, type Running } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { openByteInput, openByteOutput, writeAll } from '../../local/byte-files.ts';
import { formatBytes, plural } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { needOtherFile, targetsOf } from './batch.ts';
import { addIdentityOption, openingKeysOf } from './decrypt.ts';
import { needFittingRecipients, recipientsOf } from './keys.ts';
import {
  addOutOptions,
  addPassphraseOptions,
  addPlaceOptions,
  collect,
  type OutOptions,
  type PassphraseOptions,
  type PlaceOptions,
  placeOf,
  profileOf,
  withProgress,
} from './options.ts';

interface RewrapOptions extends OutOptions, PassphraseOptions, PlaceOptions {
  readonly identity?: readonly string[];
  readonly recipient?: readonly string[];
  readonly recipientsFile?: readonly string[];
}

export function addRewrap(program: Command, cli: Running): void {
  const command = addCommand(
    program,
    'rewrap [input]',
    'Give an encrypted file other recipients, without decrypting it',
  )
    .option('-r, --recipient <recipient>', 'new recipient, qv1...; may be repeated', collect)
    .option('-R, --recipients-file <file>', 'new recipients, one a line; may be repeated', collect);
  addPlaceOptions(addOutOptions(addPassphraseOptions(addIdentityOption(command)))).action(
    ending(cli, (input: string | undefined, options: RewrapOptions) => rewrap(cli, input, options)),
  );
}

async function rewrap(cli: Cli, input = '-', options: RewrapOptions): Promise<void> {
  const [target] = targetsOf(cli, [input], { ...options, rename: (name) => name });
  if (target === undefined) throw new CliError('CLI_WRONG_USE', 'Give -o FILE.');
  const { rewrapEnvelope } = await import('@quantumvault/envelope');
  const expected = await placeOf(options);
  const profile = await profileOf(options.profile);
  const recipients = await recipientsOf(cli, options);
  if (recipients.length === 0) throw new CliError('CLI_WRONG_USE', 'Name the new recipients with -r or -R.');
  await needFittingRecipients(recipients, profile);
  const source = openByteInput(cli, input);
  needOtherFile(cli, target);
  const keys = await openingKeysOf(cli, options);
  const output = openByteOutput(cli, target.output, { force: options.force === true, mode: 0o644 });
  const how = { keys, expected, profile, to: { recipients } };
  const bytes = await writeAll(output, rewrapEnvelope(withProgress(cli, source), how));
  // ENV-4: nobody shall take this for a revocation.
  cli.output.note('Whoever could open the old file still can, and can open this one with what it kept of the old.');
  cli.output.note('The content was not checked; only encrypting it anew shuts former recipients out.');
  if (output.file === undefined) return;
  if (options.json) return cli.output.json({ file: output.file, bytes, recipients: recipients.length });
  cli.output.line(
    `wrote ${safeText(output.file)}: ${formatBytes(bytes)} for ${plural(recipients.length, 'recipient')}`,
  );
}
