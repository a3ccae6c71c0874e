import type { EnvelopeProfile, EnvelopeSigner, SealTo } from '@quantumvault/envelope';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type Running } from '../../cli.ts';
import { CliError, type ExitCode } from '../../errors.ts';
import { openByteInput, openByteOutput, writeAll } from '../../local/byte-files.ts';
import { formatBytes, plural } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { encryptForAge } from '../bridge/files.ts';
import { addBatchOptions, type Done, needOtherFile, runTargets, type Target, targetsOf } from './batch.ts';
import { needFittingRecipients, recipientsOf, refusedAsWrongUse } from './keys.ts';
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
import { hexOf, signerOfFile } from './signers.ts';

interface EncryptOptions extends OutOptions, PassphraseOptions, PlaceOptions {
  readonly recipient?: readonly string[];
  readonly recipientsFile?: readonly string[];
  readonly contentType?: string;
  readonly sign?: string;
  readonly format?: string;
  readonly armor?: boolean;
}

const examples = `
Examples:
  qv encrypt -R team.txt -o report.qv report.pdf
  qv encrypt -r qv1... --sign my.sign.key --context case=7 --out-dir sealed *.pdf
  tar c folder | qv encrypt --passphrase -o folder.tar.qv
  qv encrypt --format age -r age1pq1... -o report.age report.pdf`;

export function addEncrypt(program: Command, cli: Running): void {
  const command = addCommand(
    program,
    'encrypt [inputs...]',
    'Encrypt files or standard input for keys, or a passphrase',
  )
    .option('-r, --recipient <recipient>', 'public recipient, qv1... (or age1...); may be repeated', collect)
    .option('-R, --recipients-file <file>', 'recipients, one a line, # begins a comment; may be repeated', collect);
  addBatchOptions(addPlaceOptions(addOutOptions(addPassphraseOptions(command))), 'with .qv behind it')
    .option('--sign <file>', 'sign with the key in this file (qv keygen --sign)')
    .option('--content-type <type>', 'what the content is; readable by everybody', 'application/octet-stream')
    .option('--format <format>', 'qv1, or age for people who have age and not qv', 'qv1')
    .option('--armor', 'with --format age: write text')
    .addHelpText('after', examples)
    .action(ending(cli, (inputs: readonly string[], options: EncryptOptions) => encrypt(cli, inputs, options)));
}

/** Who shall be able to open. A passphrase stands alone (ENV-4). */
export async function sealToOf(cli: Cli, options: EncryptOptions, profile: EnvelopeProfile): Promise<SealTo> {
  const recipients = await recipientsOf(cli, options);
  await needFittingRecipients(recipients, profile);
  const passphrase = await passphraseOf(cli, options, { isNew: true });
  if ((passphrase === undefined) === (recipients.length === 0)) {
    throw new CliError('CLI_WRONG_USE', 'Name recipients with -r or -R, or give a passphrase alone.');
  }
  // An offline attacker has all the time in the world, and encrypting a file happens once.
  return passphrase === undefined ? { recipients } : { passphrase, level: 'maximum' };
}

async function encrypt(cli: Cli, inputs: readonly string[], options: EncryptOptions): Promise<ExitCode> {
  if (options.format === 'age') return encryptForAge(cli, inputs, options);
  if (options.format !== 'qv1') throw new CliError('CLI_WRONG_USE', 'The format is qv1 or age.');
  if (options.armor === true) throw new CliError('CLI_WRONG_USE', 'Only files of age are armored: give --format age.');
  const targets = targetsOf(cli, inputs, { ...options, rename: (name) => `${name}.qv` });
  const place = await placeOf(options);
  const profile = await profileOf(options.profile);
  const to = await sealToOf(cli, options, profile);
  const signer = options.sign === undefined ? undefined : await signerOfFile(cli, options.sign);
  const contentType = options.contentType ?? 'application/octet-stream';
  const facts = { ...place, contentType, createdAt: cli.clock.now() };
  const { sealEnvelope, segmentBytesDefault } = await import('@quantumvault/envelope');
  const how = { to, facts, segmentBytes: segmentBytesDefault, profile, signer };
  const work = async (target: Target): Promise<Done> => {
    const source = openByteInput(cli, target.input);
    needOtherFile(cli, target);
    const output = openByteOutput(cli, target.output, { force: options.force === true, mode: 0o644 });
    const sealed = refusedAsWrongUse(sealEnvelope(withProgress(cli, source, target.label), how));
    const bytes = await writeAll(output, sealed);
    return doneOf(output.file, bytes, { to, signer });
  };
  return runTargets(cli, targets, { isBatch: options.outDir !== undefined, json: options.json === true, work });
}

function doneOf(
  file: string | undefined,
  bytes: number,
  { to, signer }: { readonly to: SealTo; readonly signer: EnvelopeSigner | undefined },
): Done {
  if (file === undefined) return { json: undefined, line: '' };
  const recipients = 'passphrase' in to ? 0 : to.recipients.length;
  const whom = recipients === 0 ? 'a passphrase' : plural(recipients, 'recipient');
  const fingerprint = signer === undefined ? null : hexOf(signer.signer.fingerprint);
  return {
    json: { file, bytes, recipients, signer: fingerprint },
    line: `wrote ${safeText(file)}: ${formatBytes(bytes)} for ${whom}${signer === undefined ? '' : ', signed'}`,
  };
}
