import type { Command } from 'commander';
import { addCommand, type Cli, ending, type Running } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { writeBlock } from './files.ts';
import { addNewKeyOptions, makeKey, type NewKeyOptions, readKey } from './keys.ts';
import {
  addNameOptions,
  addOutFileOptions,
  type NameOptions,
  namesOf,
  type OutFileOptions,
  orWrongUse,
  subjectOf,
} from './options.ts';
import { needSafeOutputs } from './output-safety.ts';

interface CsrOptions extends OutFileOptions, NewKeyOptions, NameOptions {
  readonly key?: string;
}

const examples = `
Examples:
  qv cert csr --dns www.example.org --key-out www.key -o www.csr
  qv cert csr --subject "CN=www.example.org,O=Example" --dns www.example.org --key www.key -o www.csr`;

export function addCsr(cert: Command, cli: Running): void {
  const command = addCommand(
    cert,
    'csr',
    'Ask an authority for a certificate: a request for a new key, or one that is there',
  )
    .option('--key-out <file>', 'make a key and keep it in this file (mode 0600)')
    .option('--key <file>', 'in place of a new key: the private key, PKCS#8 in PEM');
  addOutFileOptions(addNewKeyOptions(addNameOptions(command)), 'the request')
    .addHelpText('after', examples)
    .action(ending(cli, (options: CsrOptions) => csr(cli, options)));
}

async function csr(cli: Cli, options: CsrOptions): Promise<void> {
  const { keyOut, key: keyFile, json } = options;
  if ((keyOut === undefined) === (keyFile === undefined)) {
    throw new CliError('CLI_WRONG_USE', 'Give --key-out for a new key, or --key for one that is there.');
  }
  await needSafeOutputs(cli, options, { '--key': keyFile, '--passphrase-file': options.passphraseFile });
  const { createRequest } = await import('@quantumvault/pki');
  using made = keyOut === undefined ? undefined : await makeKey(cli, { ...options, keyOut });
  using held = made ?? (await readKey(cli, keyFile ?? '', { ...options, option: '--passphrase' }));
  const subject = subjectOf(options);
  const der = await orWrongUse(() => createRequest({ signer: held.signer, subject, names: namesOf(options) }));
  const file = await writeBlock(cli, { label: 'CERTIFICATE REQUEST', der }, options, made);
  if (file === null) return;
  if (json) return cli.output.json({ file, keyFile: keyOut ?? null, subject });
  cli.output.line(`wrote ${safeText(file)}${keyOut === undefined ? '' : `, its key in ${safeText(keyOut)}`}`);
}
