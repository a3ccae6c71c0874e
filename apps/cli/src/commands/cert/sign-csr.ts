import type { Command } from 'commander';
import { addCommand, type Cli, ending, type Running } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { type AuthorityOptions, addAuthorityOptions, authorityFiles, withAuthority } from './authority.ts';
import { readOneOf, writeCertificate } from './files.ts';
import {
  addLifeOption,
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
  profileNamed,
  validityBelow,
} from './options.ts';
import { needSafeOutputs } from './output-safety.ts';

interface SignOptions extends OutFileOptions, LifeOptions, NameOptions, LocationOptions, AuthorityOptions {
  readonly profile: string;
  readonly copySubject?: boolean;
}

const examples = `
The request proves that its maker holds the key and decides nothing else: the profile says what is copied from it, and
--subject, --dns and the like go before its own names. What will be certified is said before it is signed. Services know
clients by their subject, so for client and peer it comes from --subject, or from the request with --copy-subject.
Look at it first: qv cert show www.csr

Example:
  qv cert sign-csr --ca-cert issuing.crt --ca-key issuing.key -o www.crt www.csr`;

export function addSignCsr(cert: Command, cli: Running): void {
  const command = addCommand(cert, 'sign-csr <request>', 'Answer a certificate request')
    .option('--profile <profile>', 'server, client, peer, email, code-signing or intermediate', 'server')
    .option('--copy-subject', 'take the subject of the request, which its maker chose, for client and peer too');
  addOutFileOptions(addLifeOption(addLocationOptions(addNameOptions(addAuthorityOptions(command)))), 'the certificate')
    .addHelpText('after', examples)
    .action(ending(cli, (request: string, options: SignOptions) => signCsr(cli, request, options)));
}

async function signCsr(cli: Cli, name: string, options: SignOptions): Promise<void> {
  await needSafeOutputs(cli, options, { ...authorityFiles(options), 'the request': name });
  const { certifiedNames, issueFromRequest, parseRequest } = await import('@quantumvault/pki');
  const profile = await profileNamed(options.profile);
  needChosenSubject(options);
  const request = await readOneOf(cli, name, 'CERTIFICATE REQUEST');
  const given = namesOf(options);
  const chosen = {
    ...(options.subject === undefined ? {} : { subject: options.subject }),
    ...(given.length === 0 ? {} : { names: given }),
  };
  const { subject, names } = await orWrongUse(async () =>
    certifiedNames(parseRequest(request), { profile, ...chosen }),
  );
  const stands = names.map(({ kind, value }) => `${kind} ${value}`).join(', ');
  cli.output.note(
    `qv: to be certified: ${safeText(subject === '' ? '(no subject)' : subject)}; names: ${safeText(stands === '' ? 'none' : stands)}`,
  );
  const { certificate, leftOut } = await withAuthority(cli, options, async (authority) => {
    const validity = await validityBelow(cli, authority.certificate, { profile, days: options.days });
    return orWrongUse(() =>
      issueFromRequest({ ...{ authority, profile, request, validity }, ...locationsOf(options), ...chosen }),
    );
  });
  await writeCertificate(cli, certificate, { ...options, leftOut });
}

/** The profiles whose certificates say to a service who somebody is. Throws CLI_WRONG_USE. */
function needChosenSubject({ profile, subject, copySubject = false }: SignOptions): void {
  if (subject !== undefined && copySubject) {
    throw new CliError('CLI_WRONG_USE', 'Give --subject or --copy-subject, not both.');
  }
  if ((profile !== 'client' && profile !== 'peer') || subject !== undefined || copySubject) return;
  const why = `Services know a ${profile} by its subject, which the maker of the request chose:`;
  throw new CliError('CLI_WRONG_USE', `${why} give --subject, or --copy-subject when you have looked at it.`);
}
