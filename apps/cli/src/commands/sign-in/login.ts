import { hostname } from 'node:os';
import type { QuantumVaultClient, SignedIn } from '@quantumvault/api';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { findAddress, warnWithoutTls } from '../../connection/server-address.ts';
import { CliError } from '../../errors.ts';
import { askForCode, askForPassword, readSecret } from '../../sign-in/ask.ts';
import { isApiKeyForm, type StoredCredential, sessionOf } from '../../sign-in/credential.ts';
import { CredentialStore } from '../../sign-in/credential-store.ts';
import { formatInstant } from '../../terminal/format.ts';
import { printFields } from '../../terminal/table.ts';
import { signInDevice } from './device-flow.ts';

interface LoginOptions extends JsonOption {
  readonly password?: boolean;
  readonly apiKey?: boolean;
  readonly email?: string;
  readonly organization?: string;
}

const keyBytesMax = 1_024;
const questions = 'run this in one, or sign in with --api-key from standard input.';

export function addLogin(program: Command, cli: Running): void {
  addCommand(
    program,
    'login',
    'Sign in to a server: with a code that a signed-in session approves, or as the options say',
  )
    .option('--password', 'with email address and password, and a second factor where there is one')
    .option('--email <address>', 'who signs in; otherwise asked for')
    .option('--organization <id>', 'needed with --password when the address has accounts in several')
    .option('--api-key', 'with an API key, asked for or from standard input')
    .action(ending(cli, (options: LoginOptions) => login(cli, options)));
}

async function login(cli: Cli, options: LoginOptions): Promise<void> {
  if (options.password === true && options.apiKey === true)
    throw new CliError('CLI_WRONG_USE', 'Give --password or --api-key, not both.');
  if (options.password !== true && (options.email !== undefined || options.organization !== undefined))
    throw new CliError('CLI_WRONG_USE', '--email and --organization belong to --password.');
  const url = findAddress(cli);
  warnWithoutTls(cli, new URL(url), 'secret that you sign in with');
  const { createClient } = await import('@quantumvault/api');
  if (options.apiKey === true) return loginWithKey(cli, url, options);
  const client = createClient({ url, http: cli.http });
  const signedIn =
    options.password === true
      ? await byPassword(cli, client, options)
      : await signInDevice(cli, client, url, hostname());
  await keep(cli, url, sessionOf(signedIn));
  const { sessionId, subjectId, organizationId, sessionEndsAt, mustChangePassword } = signedIn;
  const shown = { url, kind: 'session', sessionId, subjectId, organizationId, sessionEndsAt, mustChangePassword };
  if (options.json) cli.output.json(shown);
  else {
    printFields(cli.output, [
      ['signed in to', url],
      ['user', subjectId],
      ['organization', organizationId],
      ['until', formatInstant(sessionEndsAt)],
    ]);
  }
  if (mustChangePassword) cli.output.note('qv: the password must be changed first: run qv password change.');
}

async function byPassword(cli: Cli, client: QuantumVaultClient, options: LoginOptions): Promise<SignedIn> {
  const email = options.email ?? (await cli.standard.askLine('Email: ', questions));
  const password = await askForPassword(cli, 'Password: ');
  const { organization } = options;
  const answer = await client.signIn({
    body: {
      email,
      password,
      transport: 'token',
      ...(organization === undefined ? {} : { organizationId: organization }),
    },
  });
  if (answer.status === 'signed-in') return answer;
  const { ticket, methods } = answer;
  const [hasApp, hasCodes] = [methods.includes('totp'), methods.includes('recovery-code')];
  if (!hasApp && !hasCodes) {
    throw new CliError(
      'CLI_NOT_CONFIGURED',
      'Your second factor is a passkey, which needs a browser: use qv login without --password, and approve the code there.',
    );
  }
  const code = await askForCode(
    cli,
    hasApp ? 'Code of the authenticator app, or a recovery code: ' : 'Recovery code: ',
  );
  const method = hasApp && /^\d{6}$/.test(code) ? 'totp' : 'recovery-code';
  return client.completeSecondFactor({ body: { ticket, method, code } });
}

/** A key is kept only when the server knows it. */
async function loginWithKey(cli: Cli, url: string, { json }: JsonOption): Promise<void> {
  const apiKey = await readSecret(cli, 'API key: ', keyBytesMax);
  if (!isApiKeyForm(apiKey))
    throw new CliError('CLI_WRONG_USE', 'This is no API key: it has characters that none has.');
  const { createClient } = await import('@quantumvault/api');
  const me = await createClient({ url, http: cli.http, apiKey }).whoAmI();
  await keep(cli, url, { kind: 'api-key', apiKey });
  const { actorId, organizationId } = me;
  if (json) return cli.output.json({ url, kind: 'api-key', subjectId: actorId, organizationId });
  printFields(cli.output, [
    ['signed in to', `${url}, with an API key`],
    [me.kind, actorId],
    ['organization', organizationId],
  ]);
}

async function keep(cli: Cli, url: string, credential: StoredCredential): Promise<void> {
  const store = new CredentialStore(cli.environment);
  // Under the lock: a renewal of the former session that is under way must not come after this.
  await store.locked(url, cli.clock, async () => store.write(url, credential));
  if (cli.environment.get('QV_API_KEY') || cli.environment.get('QV_API_KEY_FILE'))
    cli.output.note('qv: QV_API_KEY is set and comes before this sign-in: unset it to use what you signed in as.');
}
