import type { Cli } from '../cli.ts';
import { problemOf } from '../connection/failures.ts';
import { CliError } from '../errors.ts';
import { uninterrupted } from '../local/uninterrupted.ts';
import { type StoredSession, sessionOf } from './credential.ts';
import { CredentialStore } from './credential-store.ts';

/** A token that ends this soon could end on its way. */
const marginMs = 30_000;

export const isFresh = ({ expiresAt }: StoredSession, now: number): boolean => Date.parse(expiresAt) - marginMs > now;

/**
 * The next tokens of a session (ACC-4). Refresh tokens are good once, and two who show the same one end the session: so one
 * process of this user renews at a time, and the others find what it has kept. Throws CLI_SESSION_ENDED.
 */
export async function renewSession(cli: Cli, origin: string, known: StoredSession): Promise<StoredSession> {
  const store = new CredentialStore(cli.environment);
  return store.locked(origin, cli.clock, async () => {
    const kept = store.read(origin);
    if (kept?.kind !== 'session') throw ended(origin);
    // Each renewal gives an access token that ends later. The tokens themselves are not compared: they are secrets.
    if (kept.expiresAt !== known.expiresAt && isFresh(kept, cli.clock.now())) return kept;
    const { createClient } = await import('@quantumvault/api');
    const client = createClient({ url: origin, http: cli.http });
    return uninterrupted(async () => {
      try {
        const renewed = sessionOf(await client.refreshSession({ body: { refreshToken: kept.refreshToken } }));
        store.write(origin, renewed);
        return renewed;
      } catch (error) {
        if (problemOf(error)?.code !== 'IDENTITY_SESSION_ENDED') throw error;
        store.remove(origin);
        throw ended(origin);
      }
    });
  });
}

const ended = (origin: string): CliError =>
  new CliError('CLI_SESSION_ENDED', `The session at ${origin} has ended: sign in again with qv login.`);
