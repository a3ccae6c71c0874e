import type { Cli } from '../cli.ts';
import { readSetting } from '../environment.ts';
import { CliError } from '../errors.ts';
import { bootstrapPath, dataFolder, readBootstrapFile } from '../local/data-folder.ts';
import { readRunFile } from '../local/run-file.ts';

const defaultUrl = 'http://127.0.0.1:8920';

/** Which server to talk to, and as whom. */
export interface ServerAddress {
  readonly url: string;
  /** Undefined when nobody gave one; only health can be asked then. Never printed. */
  readonly apiKey: string | undefined;
}

/**
 * QV_URL and QV_API_KEY, else what the installation on this machine says: the address that its running server wrote
 * down, and the key of the first start. That key goes to no other machine: an address from the environment must not be
 * able to draw it out.
 */
export function findServer(cli: Cli): ServerAddress {
  const folder = dataFolder(cli.environment);
  const givenUrl = readSetting(cli.environment, 'QV_URL');
  const givenKey = readSetting(cli.environment, 'QV_API_KEY');
  const bootstrap = givenUrl !== undefined && givenKey !== undefined ? undefined : readBootstrapFile(folder);
  const run = givenUrl === undefined ? readRunFile(folder) : undefined;
  const url = checkUrl(givenUrl ?? (run?.server?.isAlive ? run.url : undefined) ?? bootstrap?.url ?? defaultUrl);
  const apiKey = givenKey ?? (isLoopback(url) || isSameOrigin(url, bootstrap?.url) ? bootstrap?.apiKey : undefined);
  // A key is sent as a header: anything else in it would be an error that quotes it.
  if (apiKey !== undefined && !/^[\x21-\x7e]{1,200}$/.test(apiKey)) {
    throw new CliError('CLI_WRONG_USE', 'The API key has characters that no API key has; check QV_API_KEY.');
  }
  if (apiKey !== undefined && url.protocol === 'http:' && !isLoopback(url)) {
    cli.output.note(`qv: warning: ${url.host} is reached without TLS; the API key can be read on the way.`);
  }
  return { url: url.origin, apiKey };
}

/** The same, for commands that cannot do without a key. */
export function findServerWithKey(cli: Cli): ServerAddress & { readonly apiKey: string } {
  const { url, apiKey } = findServer(cli);
  if (apiKey !== undefined) return { url, apiKey };
  const file = bootstrapPath(dataFolder(cli.environment));
  throw new CliError(
    'CLI_NOT_CONFIGURED',
    `No API key for ${url}: set QV_API_KEY_FILE or QV_API_KEY. The first start of a server on this machine writes one to ${file}.`,
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
