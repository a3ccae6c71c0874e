// Encrypting to and opening from formats of others, one file or many. What our own envelope binds, they do not: whoever asks
// for it is refused, and must not believe that it is there.
import type { Cli } from '../../cli.ts';
import { CliError, type ExitCode, exitCodes } from '../../errors.ts';
import { type ByteInput, openByteInput, openByteOutput, writeAll } from '../../local/byte-files.ts';
import { formatBytes } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { type Done, needOtherFile, runTargets, type Target, targetsOf } from '../envelope/batch.ts';
import { type OutOptions, type PassphraseOptions, type PlaceOptions, withProgress } from '../envelope/options.ts';
import type { SignerOptions } from '../envelope/signers.ts';
import { ageOpener, ageSealer } from './age.ts';
import { cmsOpener } from './cms.ts';
import type { ForeignFormat } from './formats.ts';

interface SealingOptions extends OutOptions, PassphraseOptions, PlaceOptions {
  readonly recipient?: readonly string[];
  readonly recipientsFile?: readonly string[];
  readonly armor?: boolean;
  readonly sign?: string;
}

interface OpeningOptions extends OutOptions, PassphraseOptions, PlaceOptions, SignerOptions {
  readonly identity?: readonly string[];
}

const names: Readonly<Record<ForeignFormat, string>> = { age: 'age', cms: 'CMS' };

/** Throws CLI_WRONG_USE for what the format has no place for. */
function needNothingBound(format: ForeignFormat, bound: Readonly<Record<string, unknown>>): void {
  const given = Object.entries(bound).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  const sentence = `A file of ${names[format]} is bound to no context and no signer: --${given[0]} means nothing for it.`;
  throw new CliError('CLI_WRONG_USE', sentence);
}

/** Encrypts as files of age. */
export async function encryptForAge(
  cli: Cli,
  inputs: readonly string[],
  { context, organization, purpose, profile, sign, ...options }: SealingOptions,
): Promise<ExitCode> {
  needNothingBound('age', { context, organization, purpose, profile, sign });
  const targets = targetsOf(cli, inputs, { ...options, rename: (name) => `${name}.age` });
  const { seal, recipients, whom } = await ageSealer(cli, options);
  const work = async (target: Target): Promise<Done> => {
    const source = openByteInput(cli, target.input);
    needOtherFile(cli, target);
    const output = openByteOutput(cli, target.output, { force: options.force === true, mode: 0o644 });
    const bytes = await writeAll(output, seal(withProgress(cli, source, target.label)));
    if (output.file === undefined) return { json: undefined, line: '' };
    return {
      json: { file: output.file, format: 'age', bytes, recipients },
      line: `wrote ${safeText(output.file)}: ${formatBytes(bytes)} of age for ${whom}`,
    };
  };
  return runTargets(cli, targets, { isBatch: options.outDir !== undefined, json: options.json === true, work });
}

/** Opens one file of another format, which is not our own. */
export async function decryptForeign(
  cli: Cli,
  { format, input }: { readonly format: ForeignFormat; readonly input: ByteInput },
  target: Target,
  { context, organization, purpose, profile, signer, signersFile, ignoreSignature, ...options }: OpeningOptions,
): Promise<ExitCode> {
  const signatures = { signer, 'signers-file': signersFile, 'ignore-signature': ignoreSignature };
  needNothingBound(format, { context, organization, purpose, profile, ...signatures });
  const open = await (format === 'age' ? ageOpener(cli, options) : cmsOpener(cli, options));
  needOtherFile(cli, target);
  // 0600: whoever encrypted it did not want everybody to read it.
  const output = openByteOutput(cli, target.output, { force: options.force === true, mode: 0o600 });
  const bytes = await writeAll(output, open(withProgress(cli, input, target.label)));
  if (output.file !== undefined) {
    if (options.json === true) cli.output.json({ file: output.file, format, bytes });
    else cli.output.line(`wrote ${safeText(output.file)}: ${formatBytes(bytes)}`);
  }
  return exitCodes.done;
}
