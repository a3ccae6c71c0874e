import type { QuantumVaultClient, SignedIn } from '@quantumvault/api';
import type { Cli } from '../../cli.ts';
import { isPassing, problemOf } from '../../connection/failures.ts';
import { CliError } from '../../errors.ts';
import { safeText } from '../../terminal/safe-text.ts';

// RFC 8628 section 3.5: this much more after each slow_down, and twice the time after a connection that failed.
const slowDownSeconds = 5;
const pauseSecondsMax = 60;
const nameMax = 100;

/** Shows a code and asks until a signed-in session has decided (RFC 8628). Throws CLI_NOT_APPROVED when it said no or nothing. */
export async function signInDevice(cli: Cli, client: QuantumVaultClient, url: string, host: string): Promise<SignedIn> {
  const clientName = `qv on ${safeText(host)}`.slice(0, nameMax);
  const { deviceCode, userCode, expiresAt, intervalSeconds } = await client.startDeviceSignIn({ body: { clientName } });
  // To standard error: the answer is who signed in, and nobody waits for it before having read this.
  cli.output.note(`Server  ${url}`);
  cli.output.note(`Code    ${cli.output.paintError(safeText(userCode), 'bold')}`);
  cli.output.note(
    `Approve it where you are signed in already, for example with: qv sessions approve ${safeText(userCode)}`,
  );
  cli.output.note('Waiting ...');
  const endsAt = Date.parse(expiresAt);
  let pauseSeconds = intervalSeconds;
  while (cli.clock.now() < endsAt) {
    await cli.clock.sleep(pauseSeconds * 1_000);
    try {
      const answer = await client.pollDeviceSignIn({ body: { deviceCode } });
      if (answer.status === 'signed-in') return answer;
      if (answer.status === 'denied') throw new CliError('CLI_NOT_APPROVED', 'The sign-in was turned away.');
      if (answer.status === 'slow-down') pauseSeconds += slowDownSeconds;
    } catch (error) {
      if (problemOf(error)?.code === 'IDENTITY_DEVICE_CODE_REFUSED') break;
      if (!isPassing(error)) throw error;
      pauseSeconds = Math.min(pauseSeconds * 2, pauseSecondsMax);
    }
  }
  throw new CliError('CLI_NOT_APPROVED', 'Nobody approved the code in time: begin again with qv login.');
}
