import type { Cli } from '../cli.ts';
import { readSetting } from '../environment.ts';
import { CliError } from '../errors.ts';
import { type BootstrapFile, bootstrapPath, dataFolder, readBootstrapFile } from '../local/data-folder.ts';
import { readRunFile } from '../local/run-file.ts';
import { isApiKeyForm, type StoredCredential, type StoredSession } from '../sign-in/credential.ts';
import { CredentialStore } from '../sign-in/credential-store.ts';

const defaultUrl = 'http://127.0.0.1:8920';

/** Where a credential was found, for whoever asks as whom a command acts. */
export type CredentialSource = 'QV_API_KEY' | 'qv login' | 'first start';

/** Which server to talk to, and as whom. Neither credential is ever printed; without one only health can be asked. */
export interface ServerAddress {
  readonly url: string;
  readonly apiKey: string | undefined;
  /** Set only when there is no key. */
  readonly session: StoredSession | undefined;
  readonly source: CredentialSource | undefined;
}

/**
 * The address is QV_URL, else what the installation on this machine says: the one that its running server wrote down. The
 * credential is QV_API_KEY, else what `qv login` kept for that address, else the key of the first start. That key goes to no
 * other machine: an address from the environment must not be able to draw it out.
 */
export function findServer(cli: Cli): ServerAddress {
  const { url, bootstrap } = addressOf(cli);
  const givenKey = readSetting(cli.environment, 'QV_API_KEY');
  const found = credentialAmong({
    given: givenKey,
    stored: givenKey === undefined ? new CredentialStore(cli.environment).read(url.origin) : undefined,
    first: isLoopback(url) || isSameOrigin(url, bootstrap?.url) ? bootstrap?.apiKey : undefined,
  });
  const { apiKey, session } = found;
  // A key is sent as a header: anything else in it would be an error that quotes it.
  if (apiKey !== undefined && !isApiKeyForm(apiKey)) {
    throw new CliError(
      'CLI_WRONG_USE',
      'This is no API key (qv_..., and nothing else); check QV_API_KEY, or the file that QV_API_KEY_FILE names.',
    );
  }
  if (apiKey !== undefined || session !== undefined)
    warnWithoutTls(cli, url, apiKey === undefined ? 'session' : 'API key');
  return { url: url.origin, ...found };
}

function addressOf({ environment }: Cli): { readonly url: URL; readonly bootstrap: BootstrapFile | undefined } {
  const folder = dataFolder(environment);
  const given = readSetting(environment, 'QV_URL');
  const isWhole = given !== undefined && readSetting(environment, 'QV_API_KEY') !== undefined;
  const bootstrap = isWhole ? undefined : readBootstrapFile(folder);
  const run = given === undefined ? readRunFile(folder) : undefined;
  return {
    url: checkUrl(given ?? (run?.server?.isAlive ? run.url : undefined) ?? bootstrap?.url ?? defaultUrl),
    bootstrap,
  };
}

/** The address alone, for signing in and out: a credential that is kept and cannot be read must not stand in the way. */
export function findAddress(cli: Cli): string {
  return addressOf(cli).url.origin;
}

function credentialAmong({
  given,
  stored,
  first,
}: {
  readonly given: string | undefined;
  readonly stored: StoredCredential | undefined;
  readonly first: string | undefined;
}): Omit<ServerAddress, 'url'> {
  const none = { apiKey: undefined, session: undefined };
  if (given !== undefined) return { ...none, apiKey: given, source: 'QV_API_KEY' };
  if (stored?.kind === 'session') return { ...none, session: stored, source: 'qv login' };
  if (stored !== undefined) return { ...none, apiKey: stored.apiKey, source: 'qv login' };
  return first === undefined ? { ...none, source: undefined } : { ...none, apiKey: first, source: 'first start' };
}

/** Says so, on standard error, when a secret is about to travel in the clear to another machine. */
export function warnWithoutTls(cli: Cli, url: URL, secret: string): void {
  if (url.protocol === 'http:' && !isLoopback(url))
    cli.output.note(`qv: warning: ${url.host} is reached without TLS; the ${secret} can be read on the way.`);
}

/** The same, for commands that cannot do without a credential. */
export function findServerAndCredential(cli: Cli): ServerAddress {
  const server = findServer(cli);
  if (server.source !== undefined) return server;
  const file = bootstrapPath(dataFolder(cli.environment));
  throw new CliError(
    'CLI_NOT_CONFIGURED',
    `Nobody is signed in to ${server.url}: use qv login, or set QV_API_KEY_FILE or QV_API_KEY. The first start of a server on this machine writes a key to ${file}.`,
  );
}

function checkUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CliError('CLI_WRONG_USE', 'QV_URL must be an http or https address, for example http://127.0.0.1:8920.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new CliError('CLI_WRONG_USE', 'QV_URL must not hold a user name or password; use QV_API_KEY_FILE.');
  }
  return url;
}

export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(url.hostname);
}

function isSameOrigin(url: URL, other: string | undefined): boolean {
  return other !== undefined && URL.canParse(other) && new URL(other).origin === url.origin;
}
