import type { RevocationReason, RevokedCertificate } from '@quantumvault/pki';
import { type Command, InvalidArgumentError } from 'commander';
import { addCommand, type Cli, ending, type Running } from '../../cli.ts';
import { CliError } from '../../errors.ts';
import { formatInstant, plural } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { type AuthorityOptions, addAuthorityOptions, authorityFiles, withAuthority } from './authority.ts';
import { readOneOf, writeBlock } from './files.ts';
import { addOutFileOptions, type LifeOptions, type OutFileOptions, orWrongUse, parseLifeDays } from './options.ts';
import { needSafeOutputs } from './output-safety.ts';

interface Revocation {
  readonly serialNumber: string;
  readonly reason: string | undefined;
}

interface CrlOptions extends OutFileOptions, LifeOptions, AuthorityOptions {
  readonly previous?: string;
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
    .option('--revoke <serial[=reason]>', 'revoke this certificate now; may be repeated', collectRevocation)
    .option('--days <days>', 'after how many days the next list will be out', parseLifeDays, defaultDays);
  addOutFileOptions(addAuthorityOptions(command), 'the list')
    .addHelpText('after', examples)
    .action(ending(cli, (options: CrlOptions) => crl(cli, options)));
}

async function crl(cli: Cli, options: CrlOptions): Promise<void> {
  await needSafeOutputs(cli, options, authorityFiles(options));
  const { issueRevocationList } = await import('@quantumvault/pki');
  const thisUpdate = new Date(cli.clock.now());
  const nextUpdate = new Date(cli.clock.now() + (options.days ?? defaultDays) * dayMs);
  const { number, entries } = await withAuthority(cli, options, ({ certificate }) =>
    previousOf(cli, options.previous, certificate),
  );
  const revoked = [...entries];
  for (const { serialNumber, reason } of options.revoke ?? []) {
    if (revoked.some((entry) => entry.serialNumber === serialNumber)) {
      throw new CliError('CLI_WRONG_USE', `The certificate ${serialNumber} is revoked already.`);
    }
    const revokedAt = new Date(Math.floor(cli.clock.now() / 1000) * 1000).toISOString();
    revoked.push({ serialNumber, revokedAt, reason: await reasonNamed(reason) });
  }
  const der = await withAuthority(cli, options, (authority) =>
    orWrongUse(() => issueRevocationList({ authority, number, thisUpdate, nextUpdate, revoked })),
  );
  const file = await writeBlock(cli, { label: 'X509 CRL', der }, options);
  if (file === null) return;
  const until = nextUpdate.toISOString();
  if (options.json === true)
    return cli.output.json({ file, number: number.toString(), entries: revoked.length, nextUpdate: until });
  cli.output.line(
    `wrote ${safeText(file)}: number ${number}, ${plural(revoked.length, 'certificate')} revoked, the next by ${formatInstant(until)}`,
  );
}

async function reasonNamed(word: string | undefined): Promise<RevocationReason | null> {
  if (word === undefined) return null;
  const { revocationReasons } = await import('@quantumvault/pki');
  const names = revocationReasons.filter((name) => name !== undefined && name !== 'removeFromCRL');
  const found = names.find((name) => name?.toLowerCase() === word.toLowerCase());
  if (found === undefined) throw new CliError('CLI_WRONG_USE', `The reason is one of ${names.join(', ')}.`);
  return found;
}

/** The entries and the number to go on with. A list that the authority did not sign is not gone on with. */
async function previousOf(
  cli: Cli,
  file: string | undefined,
  certificate: Uint8Array,
): Promise<{ readonly number: bigint; readonly entries: readonly RevokedCertificate[] }> {
  if (file === undefined) return { number: 1n, entries: [] };
  const { checkRevocationList, parseRevocationList } = await import('@quantumvault/pki');
  const list = await orWrongUse(async () => parseRevocationList(await readOneOf(cli, file, 'X509 CRL')));
  if ((await orWrongUse(() => checkRevocationList(list, certificate))) !== 'genuine') {
    throw new CliError('CLI_WRONG_USE', `${file} is not a list that this authority signed.`);
  }
  return { number: BigInt(`0x${list.number ?? '00'}`) + 1n, entries: [...list] };
}
