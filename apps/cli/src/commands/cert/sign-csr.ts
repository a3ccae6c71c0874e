import type { Command } from 'commander';
import { addCommand, type Cli, ending, type Running } from '../../cli.ts';
import { type AuthorityOptions, addAuthorityOptions, authorityFiles, withAuthority } from './authority.ts';
import { readOneOf, writeCertificate } from './files.ts';
import {
  addLocationOptions,
  addNameOptions,
  addOutFileOptions,
  type LifeOptions,
  type LocationOptions,
  locationsOf,
  type NameOptions,
  namesOf,
  type OutFileOptions,
  orWrongUse,
  parseLifeDays,
  profileNamed,
  validityOf,
} from './options.ts';
import { needSafeOutputs } from './output-safety.ts';

interface SignOptions extends OutFileOptions, LifeOptions, NameOptions, LocationOptions, AuthorityOptions {
  readonly profile: string;
}

const examples = `
The request proves that its maker holds the key and decides nothing else: the profile says what is copied from it, and
--subject, --dns and the like go before its own names. Look at it first: qv cert show www.csr

Example:
  qv cert sign-csr --ca-cert issuing.crt --ca-key issuing.key -o www.crt www.csr`;

const defaultDays = 90;

export function addSignCsr(cert: Command, cli: Running): void {
  const command = addCommand(cert, 'sign-csr <request>', 'Answer a certificate request')
    .option('--profile <profile>', 'server, client, peer, email, code-signing or intermediate', 'server')
    .option('--days <days>', 'how long it is valid', parseLifeDays, defaultDays);
  addOutFileOptions(addLocationOptions(addNameOptions(addAuthorityOptions(command))), 'the certificate')
    .addHelpText('after', examples)
    .action(ending(cli, (request: string, options: SignOptions) => signCsr(cli, request, options)));
}

async function signCsr(cli: Cli, name: string, options: SignOptions): Promise<void> {
  await needSafeOutputs(cli, options, { ...authorityFiles(options), 'the request': name });
  const { issueFromRequest } = await import('@quantumvault/pki');
  const profile = await profileNamed(options.profile);
  const request = await readOneOf(cli, name, 'CERTIFICATE REQUEST');
  const names = namesOf(options);
  const { certificate, leftOut } = await withAuthority(cli, options, (authority) =>
    orWrongUse(() =>
      issueFromRequest({
        ...{ authority, profile, request, validity: validityOf(cli, options.days ?? defaultDays) },
        ...locationsOf(options),
        ...(options.subject === undefined ? {} : { subject: options.subject }),
        ...(names.length === 0 ? {} : { names }),
      }),
    ),
  );
  await writeCertificate(cli, certificate, { ...options, leftOut });
}
