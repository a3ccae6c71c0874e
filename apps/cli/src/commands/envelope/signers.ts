// Signing keys and expected signers of the command line. Signing keys come from files alone, as all secrets do.
import type { EnvelopeSigner, PublicSigner, SignatureDemand } from '@quantumvault/envelope';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { linesOfFile, readSecretFile, wrongUse } from './keys.ts';
import { collect } from './options.ts';

export interface SignerOptions {
  readonly signer?: readonly string[];
  readonly signersFile?: readonly string[];
  readonly ignoreSignature?: boolean;
}

export function addSignerOptions(command: Command): Command {
  return command
    .option('--signer <signer>', 'who must have signed, qvs1...; may be repeated: one of them', collect)
    .option('--signers-file <file>', 'the same from a file, one a line; may be repeated', collect);
}

/** The signers of `--signer` and `--signers-file`. Throws CLI_WRONG_USE. */
export async function signersOf(
  cli: Cli,
  { signer = [], signersFile = [] }: SignerOptions,
): Promise<readonly PublicSigner[]> {
  const { parseSigner } = await import('@quantumvault/envelope');
  const found: PublicSigner[] = [];
  const add = (text: string, where: string): void => {
    try {
      found.push(parseSigner(text));
    } catch (error) {
      throw wrongUse(where, error);
    }
  };
  for (const [index, text] of signer.entries()) add(text, `signer ${index + 1}`);
  for (const file of signersFile) for (const { text, where } of await linesOfFile(cli, file)) add(text, where);
  return found;
}

export function addIgnoreSignatureOption(command: Command): Command {
  return command.option('--ignore-signature', 'open a signed file without checking who signed it');
}

/**
 * Whose signature is demanded. Undefined when nothing was said of it: then a signed file is refused (QV1-17), because whoever
 * seals to a public recipient can also claim a signer. Throws CLI_WRONG_USE.
 */
export async function signatureDemandOf(cli: Cli, options: SignerOptions): Promise<SignatureDemand | undefined> {
  const isNamed = options.signer !== undefined || options.signersFile !== undefined;
  if (options.ignoreSignature === true) {
    if (!isNamed) return 'unchecked';
    throw new CliError('CLI_WRONG_USE', 'Name signers, or give --ignore-signature, not both.');
  }
  if (!isNamed) return undefined;
  const signers = await signersOf(cli, options);
  if (signers.length === 0) throw new CliError('CLI_WRONG_USE', 'The files of --signers-file name no signer.');
  return { signers };
}

/** The one signing key in a file. Throws CLI_WRONG_USE and CLI_FILE_UNREADABLE. */
export async function signerOfFile(cli: Cli, file: string): Promise<EnvelopeSigner> {
  const { parseSigningKeyFile, signerOfKey } = await import('@quantumvault/envelope');
  const [key, second] = await readSecretFile(cli, file, parseSigningKeyFile);
  if (key === undefined || second !== undefined) {
    throw new CliError('CLI_WRONG_USE', `${file} has more than one signing key.`);
  }
  return signerOfKey(key);
}

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
