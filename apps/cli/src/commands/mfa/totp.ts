import type { QuantumVaultClient } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { connect, needBody } from '../../connection/connect.ts';
import { problemOf } from '../../connection/failures.ts';
import { CliError } from '../../errors.ts';
import { askForCode } from '../../sign-in/ask.ts';
import { deliverSecret, needSecretPlace } from '../../sign-in/secret-delivery.ts';
import { drawQrCode, encodeQrCode } from '../../terminal/qr-code.ts';
import { safeText } from '../../terminal/safe-text.ts';

interface EnrollOptions extends JsonOption {
  readonly showSecret?: boolean;
  readonly codesFile?: string;
}

// A code that has just changed is a common mistake; more of them is another one.
const triesMax = 3;

export function addTotp(mfa: Command, cli: Running): void {
  const totp = mfa.command('totp').description('The authenticator app, which shows six digits');
  addCommand(totp, 'enroll', 'Add an authenticator app: scan the code that is drawn, and type what the app shows')
    .option('--show-secret', 'show the secret and its address as text too, for an app without a camera')
    .option('--codes-file <file>', 'write the recovery codes to this file, which only you can read')
    .action(ending(cli, (options: EnrollOptions) => enroll(cli, options)));
  addCommand(totp, 'remove', 'Remove the authenticator app').action(
    ending(cli, (options: JsonOption) => remove(cli, options)),
  );
}

async function enroll(cli: Cli, { showSecret, codesFile, json }: EnrollOptions): Promise<void> {
  const place = { file: codesFile, option: '--codes-file', json };
  if (!cli.standard.canAsk || !cli.output.err.isTerminal)
    throw new CliError(
      'CLI_WRONG_USE',
      'An app is added at a terminal, where its secret is drawn and its code is typed.',
    );
  needSecretPlace(cli, place);
  const { client, routes } = await connect(cli);
  const { secret, uri } = await client.startTotp();
  // The secret goes to the screen and nowhere else: standard output may be a file.
  for (const line of drawQrCode(await encodeQrCode(uri), { hasColours: cli.output.allowsColours }))
    cli.output.note(line);
  if (showSecret === true) {
    cli.output.note(`Secret   ${safeText(secret)}`);
    cli.output.note(`Address  ${safeText(uri)}`);
  }
  const { recoveryCodes } = await confirm(cli, client, (code) =>
    needBody(routes.confirmTotp, { code }, { code: 'the code' }),
  );
  cli.output.note('The app is added.');
  if (recoveryCodes.length > 0) {
    cli.output.note('Keep these recovery codes: each gets you in once without the app. They are not shown again.');
    deliverSecret(cli, place, recoveryCodes);
  }
  if (json) cli.output.json({ enrolled: 'totp', recoveryCodes: recoveryCodes.length });
}

async function confirm(cli: Cli, client: QuantumVaultClient, bodyOf: (code: string) => { readonly code: string }) {
  for (let tries = 1; ; tries += 1) {
    const body = bodyOf(await askForCode(cli, 'Code that the app shows: '));
    try {
      return await client.confirmTotp({ body });
    } catch (error) {
      if (problemOf(error)?.code !== 'FACTORS_CODE_WRONG' || tries === triesMax) throw error;
      cli.output.note('This is not the code of now. Is the clock of the device right?');
    }
  }
}

async function remove(cli: Cli, { json }: JsonOption): Promise<void> {
  const { client } = await connect(cli);
  await client.removeTotp();
  if (json) return cli.output.json({ removed: 'totp' });
  cli.output.line('The app is removed.');
}
