import type { ConstrainedName } from '@quantumvault/pki';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type Running } from '../../cli.ts';
import { writeCertificate } from './files.ts';
import { addNewKeyOptions, makeKey, type NewKeyOptions } from './keys.ts';
import {
  addOutFileOptions,
  collectConstraint,
  type LifeOptions,
  type OutFileOptions,
  orWrongUse,
  parseLifeDays,
  parsePathLength,
  validityOf,
} from './options.ts';
import { needSafeOutputs } from './output-safety.ts';

interface InitOptions extends OutFileOptions, NewKeyOptions, LifeOptions {
  readonly subject: string;
  readonly keyOut: string;
  readonly pathLength?: number;
  readonly permit?: readonly ConstrainedName[];
  readonly exclude?: readonly ConstrainedName[];
}

const examples = `
Examples:
  qv cert init-ca --subject "CN=Example Root,O=Example" --key-out root.key -o root.crt
  qv cert init-ca --subject CN=Lab --algorithm p256 --permit dns:lab.example --key-out lab.key -o lab.crt`;

/** Ten years: longer than the certificates below, short enough to be replaced by the people who made it. */
const defaultDays = 3_650;

export function addInitCa(cert: Command, cli: Running): void {
  const command = addCommand(cert, 'init-ca', 'Make the key and the self-signed certificate of a new root authority')
    .requiredOption('--subject <name>', 'RFC 4514 name, as in CN=Example Root,O=Example')
    .requiredOption('--key-out <file>', 'file for the private key (mode 0600)')
    .option('--days <days>', 'how long it is valid', parseLifeDays, defaultDays)
    .option('--path-length <count>', 'how many authorities may stand below it', parsePathLength)
    .option('--permit <kind:name>', 'names it may issue for, as in dns:example.org; may be repeated', collectConstraint)
    .option('--exclude <kind:name>', 'names it may not issue for; may be repeated', collectConstraint);
  addOutFileOptions(addNewKeyOptions(command), 'the certificate')
    .addHelpText('after', examples)
    .action(ending(cli, (options: InitOptions) => initCa(cli, options)));
}

async function initCa(cli: Cli, options: InitOptions): Promise<void> {
  const { issueRoot } = await import('@quantumvault/pki');
  const { permit = [], exclude = [], pathLength, subject, days = defaultDays } = options;
  await needSafeOutputs(cli, options, { '--passphrase-file': options.passphraseFile });
  using key = await makeKey(cli, options);
  const der = await orWrongUse(() =>
    issueRoot({
      signer: key.signer,
      subject,
      validity: validityOf(cli, days),
      ...(pathLength === undefined ? {} : { pathLengthMax: pathLength }),
      ...(permit.length + exclude.length === 0 ? {} : { nameConstraints: { permitted: permit, excluded: exclude } }),
    }),
  );
  await writeCertificate(cli, der, options, key);
}
