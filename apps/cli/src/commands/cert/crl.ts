import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RevocationList, RevocationReason, RevokedCertificate } from '@quantumvault/pki';
import { type Command, InvalidArgumentError } from 'commander';
import { addCommand, type Cli, ending, type Running } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { formatInstant, plural } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { type AuthorityOptions, addAuthorityOptions, authorityFiles, withAuthority } from './authority.ts';
import { readBlocks, readOneOf, writeBlock } from './files.ts';
import { addOutFileOptions, type LifeOptions, type OutFileOptions, orWrongUse, parseLifeDays } from './options.ts';
import { needSafeOutputs } from './output-safety.ts';

interface Revocation {
  readonly serialNumber: string;
  readonly reason: string | undefined;
}

interface CrlOptions extends OutFileOptions, LifeOptions, AuthorityOptions {
  readonly previous?: string;
  readonly newSeries?: boolean;
  readonly revoke?: readonly Revocation[];
}

const examples = `
Example:
  qv cert crl --ca-cert issuing.crt --ca-key issuing.key -o 1.crl
  qv cert crl --ca-cert issuing.crt --ca-key issuing.key --previous 1.crl --revoke 5f3a...=keyCompromise -o 2.crl`;

const defaultDays = 7;
const dayMs = 86_400_000;

function collectRevocation(text: string, earlier: readonly Revocation[] = []): readonly Revocation[] {
  const [, digits = '', reason] = /^((?:[0-9a-f]{2}:?){1,20})(?:=([A-Za-z]+))?$/i.exec(text) ?? [];
  if (digits === '') throw new InvalidArgumentError('It must be a serial number in hex, and =REASON if one is given.');
  const serialNumber = digits
    .replaceAll(':', '')
    .toLowerCase()
    .replace(/^(?:00)+(?=..)/, '');
  return [...earlier, { serialNumber, reason }];
}

export function addCrl(cert: Command, cli: Running): void {
  const command = addCommand(cert, 'crl', 'Write the revocation list of an authority, the next of a series')
    .option('--previous <file>', 'the list before: its entries stay, and its number is raised by one')
    .option(
      '--new-series',
      'with --force: forget the entries of the list that is replaced; its number is raised by one',
    )
    .option('--revoke <serial[=reason]>', 'revoke this certificate now; may be repeated', collectRevocation)
    .option('--days <days>', 'after how many days the next list will be out', parseLifeDays, defaultDays);
  addOutFileOptions(addAuthorityOptions(command), 'the list')
    .addHelpText('after', examples)
    .action(ending(cli, (options: CrlOptions) => crl(cli, options)));
}

async function crl(cli: Cli, options: CrlOptions): Promise<void> {
  if (options.previous !== undefined && options.newSeries === true) {
    throw new CliError(
      'CLI_WRONG_USE',
      'Give --previous to go on with a list, or --new-series to forget it, not both.',
    );
  }
  // The list before may be the file that is replaced: it is read whole first.
  await needSafeOutputs(cli, options, authorityFiles(options));
  const { issueRevocationList } = await import('@quantumvault/pki');
  const thisUpdate = new Date(cli.clock.now());
  const nextUpdate = new Date(cli.clock.now() + (options.days ?? defaultDays) * dayMs);
  const { number, revoked, der } = await withAuthority(cli, options, async (authority) => {
    const before = await startOf(cli, options, authority.certificate);
    const all = [...before.entries, ...(await newEntries(cli, options, before.entries))];
    const list = await orWrongUse(() =>
      issueRevocationList({ authority, number: before.number, thisUpdate, nextUpdate, revoked: all }),
    );
    return { number: before.number, revoked: all, der: list };
  });
  const file = await writeBlock(cli, { label: 'X509 CRL', der }, options);
  if (file === null) return;
  const until = nextUpdate.toISOString();
  if (options.json === true)
    return cli.output.json({ file, number: number.toString(), entries: revoked.length, nextUpdate: until });
  cli.output.line(
    `wrote ${safeText(file)}: number ${number}, ${plural(revoked.length, 'certificate')} revoked, the next by ${formatInstant(until)}`,
  );
}

async function newEntries(
  cli: Cli,
  { revoke = [] }: CrlOptions,
  earlier: readonly RevokedCertificate[],
): Promise<readonly RevokedCertificate[]> {
  const known = new Set(earlier.map(({ serialNumber }) => serialNumber));
  const added: RevokedCertificate[] = [];
  for (const { serialNumber, reason } of revoke) {
    if (known.has(serialNumber)) {
      throw new CliError('CLI_WRONG_USE', `The certificate ${serialNumber} is revoked already.`);
    }
    known.add(serialNumber);
    const revokedAt = new Date(Math.floor(cli.clock.now() / 1000) * 1000).toISOString();
    added.push({ serialNumber, revokedAt, reason: await reasonNamed(reason) });
  }
  return added;
}

async function reasonNamed(word: string | undefined): Promise<RevocationReason | null> {
  if (word === undefined) return null;
  const { revocationReasons } = await import('@quantumvault/pki');
  const names = revocationReasons.filter((name) => name !== undefined && name !== 'removeFromCRL');
  const found = names.find((name) => name?.toLowerCase() === word.toLowerCase());
  if (found === undefined) throw new CliError('CLI_WRONG_USE', `The reason is one of ${names.join(', ')}.`);
  return found;
}

interface Start {
  readonly number: bigint;
  readonly entries: readonly RevokedCertificate[];
}

/**
 * Number and entries to begin with. A list of the authority that is replaced is gone on with, or forgotten by a word of its
 * own: whoever leaves out --previous would un-revoke everything. Numbers never fall back (RFC 5280 section 5.2.3).
 */
async function startOf(cli: Cli, options: CrlOptions, certificate: Uint8Array): Promise<Start> {
  const { out, previous, newSeries = false } = options;
  const replaced = await replacedNumber(cli, out, certificate);
  if (previous === undefined) {
    if (replaced === undefined) return { number: 1n, entries: [] };
    if (newSeries) return { number: replaced + 1n, entries: [] };
    throw new CliError(
      'CLI_WRONG_USE',
      `${out} is a list of this authority: go on with it (--previous ${out}), or forget what it revokes (--new-series).`,
    );
  }
  const start = await previousOf(cli, previous, certificate);
  if (replaced !== undefined && start.number <= replaced) {
    throw new CliError('CLI_WRONG_USE', `${out} has the number ${replaced}; ${start.number} cannot follow it.`);
  }
  return start;
}

const numberOf = ({ number }: RevocationList): bigint => BigInt(`0x${number ?? '00'}`);

/** Of the list in the output file when its issuer has the name of the authority, whichever key signed it. */
async function replacedNumber(cli: Cli, out: string, certificate: Uint8Array): Promise<bigint | undefined> {
  const file = resolve(cli.environment.folder, out);
  if (out === '-' || (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return undefined;
  const { parseCertificate, parseRevocationList } = await import('@quantumvault/pki');
  const { subject } = parseCertificate(certificate);
  const numbers: bigint[] = [];
  for (const { label, der } of await readBlocks(cli, out)) {
    if (label !== 'X509 CRL' && label !== '') continue;
    try {
      const list = parseRevocationList(der);
      if (list.issuer === subject) numbers.push(numberOf(list));
    } catch (error) {
      // DER without a label may be a certificate.
      if (!(error instanceof Error) || error.name !== 'PkiError') throw error;
      if (label === '') continue;
      throw new CliError('CLI_WRONG_USE', `${out} is a list that cannot be read. ${error.message}`, { cause: error });
    }
  }
  return numbers.reduce<bigint | undefined>(
    (most, number) => (most === undefined || number > most ? number : most),
    undefined,
  );
}

/** The entries and the number to go on with. A list that the authority did not sign is not gone on with. */
async function previousOf(cli: Cli, file: string, certificate: Uint8Array): Promise<Start> {
  const { checkRevocationList, parseRevocationList } = await import('@quantumvault/pki');
  const list = await orWrongUse(async () => parseRevocationList(await readOneOf(cli, file, 'X509 CRL')));
  if ((await orWrongUse(() => checkRevocationList(list, certificate))) !== 'genuine') {
    throw new CliError('CLI_WRONG_USE', `${file} is not a list that this authority signed.`);
  }
  return { number: numberOf(list) + 1n, entries: [...list] };
}
