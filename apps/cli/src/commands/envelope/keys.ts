// Recipients and secret keys of the command line. Secret keys come from files alone and never from arguments, which
// other users of the machine can see.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EnvelopeProfile, HpkeOpeningKey, PublicRecipient } from '@quantumvault/envelope';
import type { Cli } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { readSmallFile } from './options.ts';

const recipientFileBytesMax = 262_144;
const keyFileBytesMax = 65_536;

/** Errors of the packages about text that the person gave: wrong use, said with the place where the text came from. */
export function wrongUse(where: string, error: unknown): unknown {
  if (!(error instanceof Error) || !['EnvelopeError', 'AgeError', 'CmsError'].includes(error.name)) return error;
  return new CliError('CLI_WRONG_USE', `${where}: ${error.message}.`);
}

/**
 * The same stream; what a writer refuses is wrong use, because everything but the content came from the person. Of a reader it
 * would be wrong: its errors are about the file.
 */
export async function* refusedAsWrongUse(
  written: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* written;
  } catch (error) {
    const isRefused = error instanceof Error && error.name === 'EnvelopeError' && 'kind' in error;
    if (!isRefused || error.kind === 'BACKEND') throw error;
    throw new CliError('CLI_WRONG_USE', `${error.message[0]?.toUpperCase()}${error.message.slice(1)}.`, {
      cause: error,
    });
  }
}

const recipientsMax = 64;

/** Before any work: what the format or the profile takes nobody of. Throws CLI_WRONG_USE. */
export async function needFittingRecipients(recipients: readonly PublicRecipient[], profile: EnvelopeProfile) {
  if (recipients.length > recipientsMax) {
    throw new CliError(
      'CLI_WRONG_USE',
      `A file has at most ${recipientsMax} recipients, and these are ${recipients.length}.`,
    );
  }
  const names = recipients.map(({ keyId, keyVersion }) => `${keyId} ${keyVersion}`);
  const second = names.findIndex((name, at) => names.indexOf(name) !== at);
  if (second !== -1) {
    throw new CliError('CLI_WRONG_USE', `The key ${recipients[second]?.keyId} is a recipient twice. Name it once.`);
  }
  const { suiteOfProfile } = await import('@quantumvault/envelope');
  const other = profile === 'standard' ? undefined : recipients.find(({ suite }) => suite !== suiteOfProfile(profile));
  if (other === undefined) return;
  const only = `The profile ${profile} allows recipients of ML-KEM-1024 alone (qv keygen --profile ${profile})`;
  throw new CliError('CLI_WRONG_USE', `${only}, and the key ${other.keyId} is of ${other.suite}.`);
}

/** The recipients of `-r` and of the files of `-R`. Throws CLI_WRONG_USE. */
export async function recipientsOf(
  cli: Cli,
  { recipient = [], recipientsFile = [] }: { recipient?: readonly string[]; recipientsFile?: readonly string[] },
): Promise<readonly PublicRecipient[]> {
  const { parseRecipient } = await import('@quantumvault/envelope');
  const found: PublicRecipient[] = [];
  const add = (text: string, where: string): void => {
    try {
      found.push(parseRecipient(text));
    } catch (error) {
      throw wrongUse(where, error);
    }
  };
  for (const [index, text] of recipient.entries()) add(text, `recipient ${index + 1}`);
  for (const file of recipientsFile) for (const { text, where } of await linesOfFile(cli, file)) add(text, where);
  return found;
}

/** The lines of a small file that are neither empty nor a comment, and where each stands. Throws CLI_FILE_UNREADABLE. */
export async function linesOfFile(cli: Cli, file: string): Promise<readonly { text: string; where: string }[]> {
  const lines = new TextDecoder().decode(await readSmallFile(cli, file, recipientFileBytesMax)).split('\n');
  return lines.flatMap((line, index) => {
    const text = line.trim();
    return text === '' || text.startsWith('#') ? [] : [{ text, where: `${file}, line ${index + 1}` }];
  });
}

/** What `read` makes of a file with secrets, which is erased. Throws CLI_WRONG_USE and CLI_FILE_UNREADABLE. */
export async function readSecretFile<T>(cli: Cli, file: string, read: (bytes: Uint8Array) => T): Promise<T> {
  const bytes = await readSmallFile(cli, file, keyFileBytesMax);
  try {
    const keys = read(bytes);
    warnOfOpenFile(cli, file);
    return keys;
  } catch (error) {
    throw wrongUse(file, error);
  } finally {
    bytes.fill(0);
  }
}

/** The secret keys in the files of `-i`. Throws CLI_WRONG_USE and CLI_FILE_UNREADABLE, and warns of open files. */
export async function keysOf(cli: Cli, files: readonly string[]): Promise<readonly HpkeOpeningKey[]> {
  const { parseKeyFile } = await import('@quantumvault/envelope');
  const keys: HpkeOpeningKey[] = [];
  for (const file of files) keys.push(...(await readSecretFile(cli, file, parseKeyFile)));
  return keys;
}

/** Says so when others can read a file of secret keys. */
export function warnOfOpenFile(cli: Cli, file: string): void {
  if (file === '-' || process.platform === 'win32') return;
  const mode = statSync(resolve(cli.environment.folder, file)).mode & 0o777;
  if ((mode & 0o077) === 0) return;
  cli.output.note(`qv: others can read the key file (mode 0${mode.toString(8)}); it should be 0600`);
}
