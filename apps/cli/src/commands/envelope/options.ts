// What the commands of envelopes have in common: the place that an envelope is bound to, and passphrases.
import type { EnvelopeCore, EnvelopeProfile, EnvelopePurpose } from '@quantumvault/envelope';
import { type Command, InvalidArgumentError } from 'commander';
import type { Cli, JsonOption } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { type ByteInput, openByteInput } from '../../local/byte-files.ts';
import { formatBytes } from '../../terminal/format.ts';
import { Progress } from '../../terminal/progress.ts';

export interface PlaceOptions {
  readonly context?: Readonly<Record<string, string>>;
  readonly organization?: string;
  readonly purpose?: string;
  readonly profile?: string;
}

export interface PassphraseOptions {
  readonly passphrase?: boolean;
  readonly passphraseFile?: string;
}

export interface OutOptions extends JsonOption {
  readonly out?: string;
  readonly outDir?: string;
  readonly force?: boolean;
}

/** For options that are given several times. */
export const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];

function collectContext(text: string, earlier: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be a name, = and a value.');
  const name = text.slice(0, at);
  if (Object.hasOwn(earlier, name)) throw new InvalidArgumentError('The name is there twice.');
  // Without a prototype, a name such as __proto__ is a name like any other.
  return Object.assign(Object.create(null), earlier, { [name]: text.slice(at + 1) });
}

/** For `--organization`: the one form that the formats have. */
export function parseOrganization(text: string): string {
  const id = text.toLowerCase();
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id;
  throw new InvalidArgumentError('It must be a UUID, as in 019a0000-0000-7000-8000-00000000000b.');
}

export function addContextOption(command: Command): Command {
  return command.option('--context <name=value>', 'a fact that both sides must give; may be repeated', collectContext);
}

export function addPlaceOptions(command: Command): Command {
  return addContextOption(command)
    .option(
      '--organization <id>',
      'UUID of the organization it belongs to; default: none, all zeros',
      parseOrganization,
    )
    .option('--purpose <purpose>', 'data-at-rest, data-in-transit, key-encryption or token; default: data-at-rest')
    .option(
      '--profile <profile>',
      'cnsa-2.0 demands recipients of ML-KEM-1024 and signers of ML-DSA-87; default: standard',
    );
}

export function addPassphraseOptions(command: Command): Command {
  return command
    .option('--passphrase', 'ask for a passphrase on the terminal')
    .option('--passphrase-file <file>', 'the passphrase is the first line of this file');
}

export function addOutOptions(command: Command): Command {
  return command
    .option('-o, --out <file>', 'file to write; - for standard output')
    .option('--force', 'replace the file');
}

type Place = Pick<EnvelopeCore, 'tenant' | 'purpose' | 'context'>;

/** Where an envelope belongs. Throws CLI_WRONG_USE. */
export async function placeOf({ context = {}, organization, purpose = 'data-at-rest' }: PlaceOptions): Promise<Place> {
  const { envelopePurposes, noTenant } = await import('@quantumvault/envelope');
  const known: EnvelopePurpose | undefined = envelopePurposes.find((name) => name === purpose);
  if (known === undefined) throw new CliError('CLI_WRONG_USE', `The purpose is one of ${envelopePurposes.join(', ')}.`);
  return { tenant: organization ?? noTenant, purpose: known, context };
}

/** Throws CLI_WRONG_USE. */
export async function profileOf(profile = 'standard'): Promise<EnvelopeProfile> {
  const { envelopeProfiles } = await import('@quantumvault/envelope');
  const known = envelopeProfiles.find((name) => name === profile);
  if (known === undefined) throw new CliError('CLI_WRONG_USE', `The profile is one of ${envelopeProfiles.join(', ')}.`);
  return known;
}

const passphraseBytesMax = 1024;

/** The passphrase that was asked for, or undefined. With `isNew` it is asked for twice. Throws CLI_WRONG_USE. */
export async function passphraseOf(
  cli: Cli,
  { passphrase, passphraseFile }: PassphraseOptions,
  { isNew }: { readonly isNew: boolean },
) {
  if (passphrase === true && passphraseFile !== undefined) {
    throw new CliError('CLI_WRONG_USE', 'Give --passphrase or --passphrase-file, not both.');
  }
  if (passphrase !== true && passphraseFile === undefined) return undefined;
  const { SecretBytes } = await import('@quantumvault/crypto');
  const bytes = passphraseFile === undefined ? await askFor(cli, isNew) : await readFirstLine(cli, passphraseFile);
  const secret = SecretBytes.take(bytes);
  if (secret.length === 0) throw new CliError('CLI_WRONG_USE', 'The passphrase is empty.');
  return secret;
}

const otherwise = 'give the passphrase with --passphrase-file.';

async function askFor({ standard }: Cli, isNew: boolean): Promise<Uint8Array> {
  const first = await standard.askSecret('Passphrase: ', otherwise);
  if (!isNew) return first;
  const second = await standard.askSecret('Again: ', otherwise);
  const isSame = Buffer.compare(first, second) === 0;
  second.fill(0);
  if (isSame) return first;
  first.fill(0);
  throw new CliError('CLI_WRONG_USE', 'The two passphrases differ.');
}

async function readFirstLine(cli: Cli, name: string): Promise<Uint8Array> {
  if (name === '-') throw new CliError('CLI_WRONG_USE', 'A passphrase is not read from standard input.');
  const bytes = await readSmallFile(cli, name, passphraseBytesMax + 2);
  const end = bytes.findIndex((byte) => byte === 0x0a || byte === 0x0d);
  const line = bytes.slice(0, end === -1 ? bytes.length : end);
  bytes.fill(0);
  return line;
}

/** A whole small file as bytes, which the caller erases when they are secret. Throws CLI_FILE_UNREADABLE. */
export async function readSmallFile(cli: Cli, name: string, bytesMax: number): Promise<Uint8Array> {
  const whole = new Uint8Array(bytesMax);
  let length = 0;
  for await (const chunk of openByteInput(cli, name).chunks) {
    if (length + chunk.length > bytesMax) throw new CliError('CLI_FILE_UNREADABLE', `${name} is too long.`);
    whole.set(chunk, length);
    length += chunk.length;
    chunk.fill(0);
  }
  return whole.subarray(0, length);
}

/** Passes content on and shows on a terminal how far it is (ENV-6). */
export async function* withProgress(
  cli: Cli,
  { chunks, size }: ByteInput,
  label = '',
): AsyncGenerator<Uint8Array, void, undefined> {
  if (!cli.output.err.isTerminal || size === undefined || size === 0) return yield* chunks;
  const progress = new Progress(cli.output);
  const total = formatBytes(size);
  let [done, shown] = [0, -1];
  try {
    for await (const chunk of chunks) {
      yield chunk;
      done += chunk.length;
      const percent = Math.floor((done / size) * 100);
      if (percent !== shown) progress.update(percent, `${formatBytes(done)} of ${total}${label}`);
      shown = percent;
    }
  } finally {
    progress.end();
  }
}
