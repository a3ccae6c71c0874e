import type { ApiClientOptions } from '@quantumvault/api';
import type { Cli } from '../cli.ts';
import { CliError } from '../errors.ts';
import { askForCode, askForPassword } from './ask.ts';

const proofDemands: ReadonlySet<string> = new Set(['ACCESS_STEP_UP_REQUIRED', 'ACCESS_MFA_REQUIRED']);

/**
 * Gives the fresh proof that a request was refused for, when somebody is there to be asked. False: the refusal stands, for
 * another reason or because nobody can be asked. Throws what the server says to a wrong proof.
 */
export async function stepUpFor(
  cli: Cli,
  { code, client }: { readonly code: string | undefined; readonly client: ApiClientOptions },
): Promise<boolean> {
  if (code === undefined || !proofDemands.has(code) || !cli.standard.canAsk) return false;
  const { createClient } = await import('@quantumvault/api');
  const api = createClient(client);
  const factors = await api.getSecondFactors();
  // Whoever must enrol one first cannot show one.
  if (code === 'ACCESS_MFA_REQUIRED' && !factors.isEnrolled) return false;
  cli.output.note('qv: this needs a fresh proof that it is you.');
  await proveAnew(cli, client);
  return true;
}

/** Asks for the strongest proof that a terminal can take, and gives it to the server. */
export async function proveAnew(cli: Cli, client: ApiClientOptions) {
  const { createClient } = await import('@quantumvault/api');
  const api = createClient(client);
  const { totp, passkeys, isEnrolled } = await api.getSecondFactors();
  if (totp !== null) {
    const code = await askForCode(cli, 'Code of the authenticator app: ');
    return api.stepUp({ body: { method: 'totp', code } });
  }
  if (isEnrolled && passkeys.length > 0) {
    throw new CliError(
      'CLI_NOT_CONFIGURED',
      'Your second factor is a passkey, which needs a browser. Sign this terminal in from one (qv login), or enrol an authenticator app there.',
    );
  }
  return api.stepUp({ body: { method: 'password', password: await askForPassword(cli, 'Password: ') } });
}
