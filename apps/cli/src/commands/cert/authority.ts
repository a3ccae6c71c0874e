import type { Authority } from '@quantumvault/pki';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { readOneOf } from './files.ts';
import { type KeyReading, readKey } from './keys.ts';
import type { NamedFiles } from './output-safety.ts';

export interface AuthorityOptions {
  readonly caCert: string;
  readonly caKey: string;
  readonly caPassphrase?: boolean;
  readonly caPassphraseFile?: string;
}

export function addAuthorityOptions(command: Command): Command {
  return command
    .requiredOption('--ca-cert <file>', 'certificate of the authority')
    .requiredOption('--ca-key <file>', 'its private key: PKCS#8 in PEM, or what --passphrase has written')
    .option('--ca-passphrase', 'ask for the passphrase of the authority’s key')
    .option('--ca-passphrase-file <file>', 'its passphrase is the first line of this file');
}

/** The files that {@link withAuthority} reads. */
export const authorityFiles = ({ caCert, caKey, caPassphraseFile }: AuthorityOptions): NamedFiles => ({
  ...{ '--ca-cert': caCert, '--ca-key': caKey, '--ca-passphrase-file': caPassphraseFile },
});

/** Certificate and key of the authority; the key is let go of afterwards. */
export async function withAuthority<T>(
  cli: Cli,
  options: AuthorityOptions,
  work: (authority: Authority) => Promise<T>,
): Promise<T> {
  if (options.caCert === '-' && options.caKey === '-') {
    throw new CliError('CLI_WRONG_USE', 'Certificate and key cannot both be standard input.');
  }
  const certificate = await readOneOf(cli, options.caCert, 'CERTIFICATE');
  const passphrase: KeyReading = {
    option: '--ca-passphrase',
    ...(options.caPassphrase === true ? { passphrase: true } : {}),
    ...(options.caPassphraseFile === undefined ? {} : { passphraseFile: options.caPassphraseFile }),
  };
  using key = await readKey(cli, options.caKey, passphrase);
  return await work({ certificate, signer: key.signer });
}
