import type { SealTo } from '@quantumvault/envelope';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type Running } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { openByteInput, openByteOutput, writeAll } from '../../local/byte-files.ts';
import { formatBytes, plural } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { recipientsOf } from './keys.ts';
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

interface EncryptOptions extends OutOptions, PassphraseOptions, PlaceOptions {
  readonly recipient?: readonly string[];
  readonly recipientsFile?: readonly string[];
  readonly contentType?: string;
}

export function addEncrypt(program: Command, cli: Running): void {
  const command = addCommand(program, 'encrypt [input]', 'Encrypt a file or standard input for keys, or a passphrase')
    .option('-r, --recipient <recipient>', 'public recipient, qv1...; may be repeated', collect)
    .option('-R, --recipients-file <file>', 'recipients, one a line; may be repeated', collect);
  addPlaceOptions(addOutOptions(addPassphraseOptions(command)))
    .option('--content-type <type>', 'what the content is; readable by everybody', 'application/octet-stream')
    .action(ending(cli, (input: string | undefined, options: EncryptOptions) => encrypt(cli, input, options)));
}

/** Who shall be able to open. A passphrase stands alone (ENV-4). */
export async function sealToOf(cli: Cli, options: EncryptOptions): Promise<SealTo> {
  const recipients = await recipientsOf(cli, options);
  const passphrase = await passphraseOf(cli, options, { isNew: true });
  if ((passphrase === undefined) === (recipients.length === 0)) {
    throw new CliError('CLI_WRONG_USE', 'Name recipients with -r or -R, or give a passphrase alone.');
  }
  // An offline attacker has all the time in the world, and encrypting a file happens once.
  return passphrase === undefined ? { recipients } : { passphrase, level: 'maximum' };
}

async function encrypt(cli: Cli, input = '-', options: EncryptOptions): Promise<void> {
  needOneAnswer(options);
  const { sealEnvelope, segmentBytesDefault } = await import('@quantumvault/envelope');
  const place = await placeOf(options);
  const profile = await profileOf(options.profile);
  const to = await sealToOf(cli, options);
  const source = openByteInput(cli, input);
  const output = openByteOutput(cli, options.out, { force: options.force === true, mode: 0o644 });
  const facts = {
    ...place,
    contentType: options.contentType ?? 'application/octet-stream',
    createdAt: cli.clock.now(),
  };
  const how = { to, facts, segmentBytes: segmentBytesDefault, profile };
  const sealed = sealEnvelope(withProgress(cli, source), how);
  const bytes = await writeAll(output, sealed);
  if (output.file === undefined) return;
  const recipients = 'passphrase' in to ? 0 : to.recipients.length;
  if (options.json) return cli.output.json({ file: output.file, bytes, recipients });
  const whom = recipients === 0 ? 'a passphrase' : plural(recipients, 'recipient');
  cli.output.line(`wrote ${safeText(output.file)}: ${formatBytes(bytes)} for ${whom}`);
}
