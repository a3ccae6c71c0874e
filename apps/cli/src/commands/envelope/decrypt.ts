import type { Opened, OpeningKey } from '@quantumvault/envelope';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type Running } from '../../cli.ts';
import { CliError, type ExitCode } from '../../errors.ts';
import { type ByteInput, openByteInput, openByteOutput, writeAll } from '../../local/byte-files.ts';
import { formatBytes } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { decryptForeign } from '../bridge/files.ts';
import { recognize } from '../bridge/formats.ts';
import { addBatchOptions, type Done, needOtherFile, runTargets, type Target, targetsOf } from './batch.ts';
import { keysOf } from './keys.ts';
import {
  addOutOptions,
  addPassphraseOptions,
  addPlaceOptions,
  collect,
  type OutOptions,
  type PassphraseOptions,
  type PlaceOptions,
  passphraseOf,
  placeOf,
  profileOf,
  withProgress,
} from './options.ts';
import { addIgnoreSignatureOption, addSignerOptions, hexOf, type SignerOptions, signatureDemandOf } from './signers.ts';

export interface OpenCommandOptions extends OutOptions, PassphraseOptions, PlaceOptions {
  readonly identity?: readonly string[];
}

const suffix = '.qv';
const examples = `
Examples:
  qv decrypt -i my.key -o report.pdf report.qv
  qv decrypt -i my.key --signers-file authors.txt --context case=7 --out-dir plain sealed/*.qv
  qv decrypt --passphrase -o - folder.tar.qv | tar x`;

export function addDecrypt(program: Command, cli: Running): void {
  const command = addCommand(program, 'decrypt [inputs...]', 'Open encrypted files or standard input');
  const opening = addSignerOptions(addPlaceOptions(addOutOptions(addPassphraseOptions(addIdentityOption(command)))));
  addBatchOptions(addIgnoreSignatureOption(opening), 'without .qv')
    .addHelpText('after', examples)
    .action(
      ending(cli, (inputs: readonly string[], options: OpenCommandOptions & SignerOptions) =>
        decrypt(cli, inputs, options),
      ),
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

function plainName(name: string): string {
  if (name.endsWith(suffix) && name.length > suffix.length) return name.slice(0, -suffix.length);
  throw new CliError('CLI_WRONG_USE', `${safeText(name)} does not end in ${suffix}: open it alone, with -o FILE.`);
}

async function decrypt(
  cli: Cli,
  inputs: readonly string[],
  options: OpenCommandOptions & SignerOptions,
): Promise<ExitCode> {
  const targets = targetsOf(cli, inputs, { ...options, rename: plainName });
  if (targets.some(({ input }) => input === '-') && options.identity?.includes('-')) {
    throw new CliError('CLI_WRONG_USE', 'The key and the content cannot both be standard input.');
  }
  let given: ByteInput | undefined;
  const [only] = targets;
  // Many files are envelopes of our own, by their names.
  if (only !== undefined && options.outDir === undefined) {
    const { format, input } = await recognize(openByteInput(cli, only.input));
    if (format !== 'qv1') return decryptForeign(cli, { format, input }, only, options);
    given = input;
  }
  const { openEnvelope } = await import('@quantumvault/envelope');
  const expected = await placeOf(options);
  const profile = await profileOf(options.profile);
  const signature = await signatureDemandOf(cli, options);
  const keys = await openingKeysOf(cli, options);
  const work = async (target: Target): Promise<Done> => {
    const source = given ?? openByteInput(cli, target.input);
    needOtherFile(cli, target);
    // 0600: whoever encrypted it did not want everybody to read it.
    const output = openByteOutput(cli, target.output, {
      force: options.force === true,
      mode: 0o600,
      // The signature stands at the end, and whoever wrote the segments before it may be anybody (ENV-7).
      holdsBack: signature !== undefined && signature !== 'unchecked',
    });
    let opened: Opened | undefined;
    const onOpened = (end: Opened): void => {
      opened = end;
    };
    const how = { keys, expected, profile, signature, onOpened };
    // The file gets its name after the end, which is where the signature was checked (ENV-7).
    const content = openEnvelope(withProgress(cli, source, target.label), how);
    const bytes = await writeAll(output, saidHowToOpen(content));
    return doneOf(cli, output.file, bytes, opened);
  };
  return runTargets(cli, targets, { isBatch: options.outDir !== undefined, json: options.json === true, work });
}

/** The same content; a signed envelope that is refused because nothing was said of signers names the options that say it. */
async function* saidHowToOpen(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const { EnvelopeError, signerUnsaid } = await import('@quantumvault/envelope');
  try {
    yield* content;
  } catch (error) {
    if (!(error instanceof EnvelopeError) || error.message !== signerUnsaid) throw error;
    const how = 'name the signer with --signer or --signers-file, or open it unchecked with --ignore-signature';
    throw new EnvelopeError(error.code, `${error.message}: ${how}`, { cause: error });
  }
}

function doneOf(cli: Cli, file: string | undefined, bytes: number, opened: Opened | undefined): Done {
  const signature = opened?.signature ?? 'unchecked';
  const signer = opened === undefined || opened.core.signer === null ? null : hexOf(opened.core.signer);
  if (signature === 'unchecked' && signer !== null) {
    cli.output.note(`qv: signed by ${signer}, which was NOT checked`);
  }
  if (file === undefined) return { json: undefined, line: '' };
  const checked = signature === 'verified' ? `, signed by ${signer}` : '';
  return {
    json: { file, bytes, signature, signer },
    line: `wrote ${safeText(file)}: ${formatBytes(bytes)}${checked}`,
  };
}
