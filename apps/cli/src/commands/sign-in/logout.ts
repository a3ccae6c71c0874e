import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { causeOf, describeFailure, isPassing, problemOf } from '../../connection/failures.ts';
import { findAddress } from '../../connection/server-address.ts';
import { CliError, type ExitCode, exitCodes } from '../../errors.ts';
import { CredentialStore } from '../../sign-in/credential-store.ts';
import { sessionHttp } from '../../sign-in/session-http.ts';
import { safeText } from '../../terminal/safe-text.ts';

interface LogoutOptions extends JsonOption {
  readonly all?: boolean;
}

interface LeftServer {
  readonly url: string;
  /** What became of the session there; a key goes on, because it may be used elsewhere. */
  readonly session: 'ended' | 'had ended' | 'not reached' | 'api key';
}

export function addLogout(program: Command, cli: Running): void {
  addCommand(program, 'logout', 'End the session on the server, and forget it here')
    .option('--all', 'on every server that you signed in to from here')
    .action(ending(cli, (options: LogoutOptions) => logout(cli, options)));
}

async function logout(cli: Cli, { all, json }: LogoutOptions): Promise<ExitCode> {
  const store = new CredentialStore(cli.environment);
  const urls = all === true ? store.origins() : [findAddress(cli)];
  const left: LeftServer[] = [];
  for (const url of urls) {
    const session = await leave(cli, store, url);
    if (session !== undefined) left.push({ url, session });
  }
  if (json) cli.output.json(left);
  else if (left.length === 0) cli.output.line('Nobody was signed in.');
  else for (const server of left) cli.output.line(sentenceOf(server));
  return left.some(({ session }) => session === 'not reached') ? exitCodes.unreachable : exitCodes.done;
}

function sentenceOf({ url, session }: LeftServer): string {
  if (session === 'ended') return `Signed out of ${url}.`;
  if (session === 'had ended') return `Signed out of ${url}; the session had ended already.`;
  if (session === 'api key') return `The API key for ${url} is forgotten here; it stays valid.`;
  return `Forgotten here, but ${url} could not be told: the session stays open there until it ends. End it with qv sessions.`;
}

async function leave(cli: Cli, store: CredentialStore, url: string): Promise<LeftServer['session'] | undefined> {
  const kept = readable(cli, store, url);
  if (kept === undefined) return undefined;
  if (kept === 'unreadable' || kept.kind === 'api-key') {
    store.remove(url);
    return kept === 'unreadable' ? 'not reached' : 'api key';
  }
  const { createClient } = await import('@quantumvault/api');
  const http = sessionHttp(cli, url, kept);
  try {
    await createClient({ url, http, accessToken: kept.accessToken }).signOut();
    return 'ended';
  } catch (error) {
    const cause = causeOf(error);
    if (problemOf(error)?.status === 401 || (cause instanceof CliError && cause.code === 'CLI_SESSION_ENDED'))
      return 'had ended';
    // Whatever the server says: whoever signs out is not signed in here any more.
    if (!isPassing(error)) cli.output.note(`qv: ${safeText(describeFailure(error).message)}`);
    return 'not reached';
  } finally {
    // A renewal that is under way keeps its tokens first, and is then forgotten too.
    await store.locked(url, cli.clock, async () => store.remove(url));
  }
}

function readable(cli: Cli, store: CredentialStore, url: string) {
  try {
    return store.read(url);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    cli.output.note(`qv: ${error.message}`);
    return 'unreadable';
  }
}
