import type { ApiClientOptions, QuantumVaultClient, RouteContract, Routes } from '@quantumvault/api';
import type { Cli } from '../cli.ts';
import { readSetting } from '../environment.ts';
import { CliError } from '../errors.ts';
import { sessionHttp } from '../sign-in/session-http.ts';
import { findAddress, findServerAndCredential, type ServerAddress } from './server-address.ts';

type Api = typeof import('@quantumvault/api');

export interface Connection {
  readonly client: QuantumVaultClient;
  readonly options: ApiClientOptions;
  readonly routes: Routes;
  /** The SDK itself, loaded only by commands that talk to a server. */
  readonly api: Api;
}

/** By QV_ORGANIZATION the certificate of the connection says who asks; else a key or a session does. */
function credentialOf(cli: Cli): ApiClientOptions {
  const organizationId = readSetting(cli.environment, 'QV_ORGANIZATION');
  if (organizationId === undefined) return clientOptions(cli, findServerAndCredential(cli));
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(organizationId))
    throw new CliError('CLI_WRONG_USE', 'QV_ORGANIZATION is the id of an organization.');
  if (readSetting(cli.environment, 'QV_API_KEY') !== undefined)
    throw new CliError('CLI_WRONG_USE', 'Set QV_ORGANIZATION, for a certificate, or QV_API_KEY, not both.');
  return { url: findAddress(cli), organizationId, http: cli.http };
}

/** Opens the SDK towards the server that the settings name. Nothing is sent yet. */
export async function connect(cli: Cli): Promise<Connection> {
  const credential = credentialOf(cli);
  const api = await import('@quantumvault/api');
  const purpose = readSetting(cli.environment, 'QV_PURPOSE');
  // It is sent as a header, and kept in the log as a word.
  if (purpose !== undefined && !/^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(purpose))
    throw new CliError('CLI_WRONG_USE', 'QV_PURPOSE is small letters and digits with hyphens, e.g. incident-response.');
  const options: ApiClientOptions = { ...credential, ...(purpose === undefined ? {} : { purpose }) };
  return { client: api.createClient(options), options, routes: api.routes, api };
}

/** How the SDK shows who asks: by a key, or by a session that is kept fresh. */
export function clientOptions(cli: Cli, { url, apiKey, session }: ServerAddress): ApiClientOptions {
  if (session === undefined) return { url, http: cli.http, ...(apiKey === undefined ? {} : { apiKey }) };
  return { url, http: sessionHttp(cli, url, session), accessToken: session.accessToken };
}

/**
 * Checks a body by the route's own schema before anything is sent, so that a wrong option is wrong use and named, and
 * gives it back for sending.
 */
export function needBody<T>(contract: RouteContract, body: T, optionNames: Readonly<Record<string, string>> = {}): T {
  const checked = contract.body?.safeParse(body);
  if (checked === undefined || checked.success) return body;
  const issues = checked.error.issues.map(({ path, message }) => {
    const field = path.map(String).join('.');
    // An entry of a list was given by the option of the list.
    const option = optionNames[field] ?? optionNames[field.replace(/\.\d+$/, '')];
    return field === '' ? message : `${option ?? field}: ${message}`;
  });
  throw new CliError('CLI_WRONG_USE', issues.join('; '));
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const pageMax = 200;

/** Walks the pages of a listing until `limit` items are there or `isWanted` has seen enough. */
export async function collect<T>(
  limit: number,
  next: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  while (items.length < limit) {
    const size = Math.min(pageMax, limit - items.length);
    const page = await next(cursor === undefined ? { limit: size } : { limit: size, cursor });
    items.push(...page.items.slice(0, size));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  return items;
}
