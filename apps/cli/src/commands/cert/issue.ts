import type { ConstrainedName } from '@quantumvault/pki';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type Running } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { type AuthorityOptions, addAuthorityOptions, authorityFiles, withAuthority } from './authority.ts';
import { readOneOf, writeCertificate } from './files.ts';
import { addNewKeyOptions, makeKey, type NewKeyOptions } from './keys.ts';
import {
  addLifeOption,
  addLocationOptions,
  addNameOptions,
  addOutFileOptions,
  collectConstraint,
  type LifeOptions,
  type LocationOptions,
  locationsOf,
  type NameOptions,
  namesOf,
  type OutFileOptions,
  orWrongUse,
  parsePathLength,
  profileNamed,
  subjectOf,
  validityBelow,
} from './options.ts';
import { needSafeOutputs } from './output-safety.ts';

interface IssueOptions
  extends OutFileOptions,
    NewKeyOptions,
    LifeOptions,
    NameOptions,
    LocationOptions,
    AuthorityOptions {
  readonly profile: string;
  readonly publicKey?: string;
  readonly pathLength?: number;
  readonly permit?: readonly ConstrainedName[];
  readonly exclude?: readonly ConstrainedName[];
}

const examples = `
Examples:
  qv cert issue --ca-cert root.crt --ca-key root.key --profile intermediate --subject "CN=Example Issuing" \\
    --key-out issuing.key -o issuing.crt
  qv cert issue --ca-cert issuing.crt --ca-key issuing.key --dns www.example.org --key-out www.key -o www.crt
  qv cert issue --ca-cert issuing.crt --ca-key issuing.key --profile encryption --subject CN=mailbox \\
    --public-key ml-kem-768.pub -o mailbox.crt`;

export function addIssue(cert: Command, cli: Running): void {
  const command = addCommand(cert, 'issue', 'Issue a certificate for a new key, or for a public key that you vouch for')
    .option('--profile <profile>', 'server, client, peer, email, code-signing, encryption or intermediate', 'server')
    .option('--key-out <file>', 'make a key and keep it in this file (mode 0600)')
    .option('--public-key <file>', 'in place of a new key: a public key, PEM or DER, whose owner you have checked')
    .option('--path-length <count>', 'of an intermediate: how many authorities may stand below it', parsePathLength)
    .option('--permit <kind:name>', 'of an intermediate: names it may issue for; may be repeated', collectConstraint)
    .option(
      '--exclude <kind:name>',
      'of an intermediate: names it may not issue for; may be repeated',
      collectConstraint,
    );
  addOutFileOptions(
    addLifeOption(addNewKeyOptions(addLocationOptions(addNameOptions(addAuthorityOptions(command))))),
    'the certificate',
  )
    .addHelpText('after', examples)
    .action(ending(cli, (options: IssueOptions) => issue(cli, options)));
}

async function issue(cli: Cli, options: IssueOptions): Promise<void> {
  const { keyOut, publicKey: publicFile, days, permit = [], exclude = [], pathLength } = options;
  if ((keyOut === undefined) === (publicFile === undefined)) {
    throw new CliError('CLI_WRONG_USE', 'Give --key-out for a new key, or --public-key for one that is there.');
  }
  await needSafeOutputs(cli, options, {
    ...authorityFiles(options),
    ...{ '--public-key': publicFile, '--passphrase-file': options.passphraseFile },
  });
  const { issueCertificate } = await import('@quantumvault/pki');
  const profile = await profileNamed(options.profile);
  await withAuthority(cli, options, async (authority) => {
    using key = keyOut === undefined ? undefined : await makeKey(cli, { ...options, keyOut });
    const publicKey = key?.signer.publicKey ?? (await readOneOf(cli, publicFile ?? '', 'PUBLIC KEY'));
    const validity = await validityBelow(cli, authority.certificate, { profile, days });
    const der = await orWrongUse(() =>
      issueCertificate({
        ...{ authority, profile, publicKey, subject: subjectOf(options), names: namesOf(options) },
        ...locationsOf(options),
        validity,
        ...(pathLength === undefined ? {} : { pathLengthMax: pathLength }),
        ...(permit.length + exclude.length === 0 ? {} : { nameConstraints: { permitted: permit, excluded: exclude } }),
      }),
    );
    await writeCertificate(cli, der, options, key);
  });
}
