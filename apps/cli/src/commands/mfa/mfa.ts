import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { connect } from '../../connection/connect.ts';
import { needId } from '../../connection/resolve.ts';
import { findServerAndCredential } from '../../connection/server-address.ts';
import { CliError } from '../../errors.ts';
import { deliverSecret, needSecretPlace } from '../../sign-in/secret-delivery.ts';
import { proveAnew } from '../../sign-in/step-up.ts';
import { formatInstant } from '../../terminal/format.ts';
import { type Cell, printFields } from '../../terminal/table.ts';
import { addTotp } from './totp.ts';

interface CodesOptions extends JsonOption {
  readonly codesFile?: string;
}

export function addMfa(program: Command, cli: Running): void {
  const mfa = program.command('mfa').description('Your second factors: what you show besides the password');
  addCommand(mfa, 'list', 'List your second factors', { isDefault: true }).action(
    ending(cli, (options: JsonOption) => listFactors(cli, options)),
  );
  addTotp(mfa, cli);
  addCommand(mfa, 'recovery-codes', 'Make new recovery codes, each good once; those before are void')
    .option('--codes-file <file>', 'write them to this file, which only you can read')
    .action(ending(cli, (options: CodesOptions) => makeCodes(cli, options)));
  const passkeys = mfa.command('passkeys').description('Passkeys, which are made in a browser');
  addCommand(passkeys, 'remove <id>', 'Remove a passkey').action(
    ending(cli, (id: string, options: JsonOption) => removePasskey(cli, id, options)),
  );
  addCommand(mfa, 'step-up', 'Give a fresh proof that it is you, for commands that demand one').action(
    ending(cli, (options: JsonOption) => stepUp(cli, options)),
  );
}

async function listFactors(cli: Cli, { json }: JsonOption): Promise<void> {
  const { client } = await connect(cli);
  const factors = await client.getSecondFactors();
  if (json) return cli.output.json(factors);
  const { totp, passkeys, recoveryCodesLeft, isRequired, isEnrolled } = factors;
  const used = (at: string | null): string => (at === null ? 'never used' : `last used ${formatInstant(at)}`);
  const required: Cell =
    isRequired && !isEnrolled ? { text: 'yes, and you have none', style: 'red' } : isRequired ? 'yes' : 'no';
  printFields(cli.output, [
    ['required', required],
    ['app', totp === null ? '-' : `since ${formatInstant(totp.createdAt)}, ${used(totp.lastUsedAt)}`],
    ...passkeys.map(({ id, name, lastUsedAt }) => ['passkey', `${id} ${name}, ${used(lastUsedAt)}`] as const),
    ['recovery codes', String(recoveryCodesLeft)],
  ]);
}

async function makeCodes(cli: Cli, { codesFile, json }: CodesOptions): Promise<void> {
  const place = { file: codesFile, option: '--codes-file', json };
  needSecretPlace(cli, place);
  const { client } = await connect(cli);
  const { recoveryCodes } = await client.createRecoveryCodes();
  if (!json) cli.output.note('Each gets you in once without your other factor. Those before are void.');
  deliverSecret(cli, place, recoveryCodes);
  if (json) cli.output.json({ recoveryCodes: recoveryCodes.length });
}

async function removePasskey(cli: Cli, given: string, { json }: JsonOption): Promise<void> {
  const id = needId(given, 'a passkey');
  const { client } = await connect(cli);
  await client.removePasskey({ params: { id } });
  if (json) return cli.output.json({ removed: id });
  cli.output.line('The passkey is removed.');
}

async function stepUp(cli: Cli, { json }: JsonOption): Promise<void> {
  const { session } = findServerAndCredential(cli);
  if (session === undefined)
    throw new CliError(
      'CLI_NOT_CONFIGURED',
      'Only a signed-in person gives a proof: run qv login, and unset QV_API_KEY.',
    );
  const { options } = await connect(cli);
  const proven = await proveAnew(cli, options);
  if (json) return cli.output.json(proven);
  const minutes = Math.floor(proven.maxAgeSeconds / 60);
  cli.output.line(`Good for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`);
}
