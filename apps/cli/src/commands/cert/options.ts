// What the commands of certificates have in common: names, lives, authorities, and errors of the packages in words.
import type { CertificateProfileName, ConstrainedName, SubjectName, Validity } from '@quantumvault/pki';
import { type Command, InvalidArgumentError } from 'commander';
import type { Cli, JsonOption } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { formatInstant } from '../../terminal/format.ts';
import { collect } from '../envelope/options.ts';
import { parseWhole } from '../option-values.ts';

export interface NameOptions {
  readonly subject?: string;
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  readonly email?: readonly string[];
  readonly uri?: readonly string[];
}

export interface LocationOptions {
  readonly crlUrl?: readonly string[];
  readonly issuerUrl?: readonly string[];
  readonly ocspUrl?: readonly string[];
}

export interface OutFileOptions extends JsonOption {
  readonly out: string;
  readonly force?: boolean;
  readonly der?: boolean;
}

export interface LifeOptions {
  readonly days?: number;
}

const dayMs = 86_400_000;
/** Clocks of other machines may be behind; a certificate that begins now would be refused there. */
const skewMs = 5 * 60_000;

export function addNameOptions(command: Command): Command {
  return command
    .option('--subject <name>', 'RFC 4514 name, as in CN=www.example.org,O=Example')
    .option('--dns <name>', 'DNS name; may be repeated', collect)
    .option('--ip <address>', 'IP address; may be repeated', collect)
    .option('--email <address>', 'mail address; may be repeated', collect)
    .option('--uri <uri>', 'URI; may be repeated', collect);
}

export function addLocationOptions(command: Command): Command {
  return command
    .option('--crl-url <url>', 'where the revocation list of the issuer lies; may be repeated', collect)
    .option('--issuer-url <url>', 'where the certificate of the issuer lies; may be repeated', collect)
    .option('--ocsp-url <url>', 'where a responder of the issuer answers; may be repeated', collect);
}

export function addOutFileOptions(command: Command, what: string): Command {
  return command
    .requiredOption('-o, --out <file>', `file for ${what}; - for standard output`)
    .option('--der', 'write DER instead of PEM')
    .option('--force', 'replace a certificate, request or list that is there; a private key never');
}

export const parseLifeDays = parseWhole(1, 36_500);
export const parsePathLength = parseWhole(0, 100);

/** `dns:example.org` and the like. */
export function collectConstraint(text: string, earlier: readonly ConstrainedName[] = []): readonly ConstrainedName[] {
  const [, word = '', value = ''] = /^(dns|ip|email|uri|directory):(.+)$/s.exec(text) ?? [];
  if (value === '') throw new InvalidArgumentError('It must be dns:, ip:, email:, uri: or directory: and a value.');
  const kind = word === 'ip' ? 'address' : (word as Exclude<ConstrainedName['kind'], 'address'>);
  return [...earlier, { kind, value }];
}

export function namesOf({ dns = [], ip = [], email = [], uri = [] }: NameOptions): readonly SubjectName[] {
  const of = (kind: SubjectName['kind']) => (value: string) => ({ kind, value });
  return [...dns.map(of('dns')), ...ip.map(of('address')), ...email.map(of('email')), ...uri.map(of('uri'))];
}

/** The subject that was given; without one, the first DNS name stands for it. */
export function subjectOf(options: NameOptions): string {
  if (options.subject !== undefined) return options.subject;
  const [first] = options.dns ?? [];
  return first !== undefined && first.length <= 64 ? `CN=${first}` : '';
}

/** As long as public authorities allow for servers. */
const leafDays = 90;
/** Five years: an authority whose certificate ends with those that it issues could issue no second one. */
const intermediateDays = 1_825;

export function addLifeOption(command: Command): Command {
  const defaults = `default: ${leafDays}, of an intermediate ${intermediateDays}`;
  return command.option('--days <days>', `how long it is valid; ${defaults}`, parseLifeDays);
}

/** The dates of a certificate, which lie within those of its authority. Throws CLI_WRONG_USE, with the days that would. */
export async function validityBelow(
  cli: Cli,
  authority: Uint8Array,
  { profile, days }: { readonly profile: CertificateProfileName; readonly days: number | undefined },
): Promise<Validity> {
  const { parseCertificate } = await import('@quantumvault/pki');
  const validity = validityOf(cli, days ?? (profile === 'intermediate' ? intermediateDays : leafDays));
  const { notAfter } = await orWrongUse(async () => parseCertificate(authority));
  const most = Math.floor((Date.parse(notAfter) - cli.clock.now()) / dayMs);
  if (most < 1 || validity.notAfter.getTime() <= Date.parse(notAfter)) return validity;
  const ends = `The authority is valid until ${formatInstant(notAfter)}, and what it issues ends before it`;
  throw new CliError('CLI_WRONG_USE', `${ends}: give --days ${most} or less.`);
}

/** From a little before now on. */
export function validityOf(cli: Cli, days: number): Validity {
  const now = cli.clock.now();
  return { notBefore: new Date(now - skewMs), notAfter: new Date(now + days * dayMs) };
}

export function locationsOf({ crlUrl = [], issuerUrl = [], ocspUrl = [] }: LocationOptions) {
  return { revocationLists: crlUrl, issuerUris: issuerUrl, ocspUris: ocspUrl };
}

/** Throws CLI_WRONG_USE. */
export async function profileNamed(word: string): Promise<CertificateProfileName> {
  const { certificateProfiles } = await import('@quantumvault/pki');
  const names = Object.keys(certificateProfiles) as CertificateProfileName[];
  const found = names.find((name) => name === word);
  if (found === undefined) throw new CliError('CLI_WRONG_USE', `The profile is one of ${names.join(', ')}.`);
  return found;
}

/** Errors of the packages about what a person gave are wrong use; their messages are written for people. */
export async function orWrongUse<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOurs = error instanceof Error && ['PkiError', 'SignerError', 'CryptoError'].includes(error.name);
    if (!isOurs || !(error instanceof Error)) throw error;
    throw new CliError('CLI_WRONG_USE', error.message, { cause: error });
  }
}
