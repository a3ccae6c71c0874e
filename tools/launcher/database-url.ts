// DATABASE_URL: who may be reached how. One function, so that the launcher, the migrate process and the tests agree.
import { readFileSync } from 'node:fs';
import { EXIT_CONFIGURATION, StartError } from './data-folder.ts';

/** How a database outside is reached. `verify-full`: TLS with certificate and host name checked. */
export type DatabaseTls = 'verify-full' | 'off';

/** Where the database is, without any credential: safe to pass on in the environment as QV_DATABASE. */
export interface DatabaseAddress {
  /** Host name, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly ssl: DatabaseTls;
  /** Path of the certificate authority to trust instead of the system's. */
  readonly sslrootcert?: string;
}

export interface CheckedDatabaseUrl {
  /** The URL to connect with; `sslmode=verify-full` is added where it applies. Contains the password. */
  readonly url: string;
  readonly address: DatabaseAddress;
}

const refuse = (message: string): StartError => new StartError(EXIT_CONFIGURATION, message);

/** True for a Unix socket and for this machine's loopback: nobody listens in between. */
export function isLocalHost(host: string): boolean {
  return (
    host === '' || host.startsWith('/') || host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
  );
}

/** Reads QV_DATABASE_TLS; the default for a database that is not local is `verify-full`. */
export function parseDatabaseTls(value: string | undefined): DatabaseTls {
  if (value === undefined || value === '' || value === 'verify-full') return 'verify-full';
  if (value === 'off') return 'off';
  throw refuse('QV_DATABASE_TLS must be "verify-full" or "off".');
}

/**
 * Checks a PostgreSQL URL and splits it. A database that is not local is reached with `sslmode=verify-full` or not at
 * all, unless `tls` is `off`. Throws StartError; no message contains any part of the URL but its host.
 */
export function checkDatabaseUrl(text: string, tls: DatabaseTls): CheckedDatabaseUrl {
  const url = parse(text);
  const query = url.searchParams;
  // `pg` lets the query override the authority part, the last value winning: what counts is where it will connect.
  const last = (name: string): string | undefined => query.getAll(name).at(-1);
  const host =
    last('host') ?? (url.hostname === EMPTY_HOST ? '' : decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'));
  const port = Number(last('port') ?? (url.port || '5432'));
  const database = decodeURIComponent(url.pathname.slice(1));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw refuse('DATABASE_URL names an invalid port.');
  if (database === '') throw refuse('DATABASE_URL names no database: postgres://user:password@host/database');
  if (query.has('ssl')) throw refuse('DATABASE_URL: use "sslmode" instead of "ssl".');
  const mode = last('sslmode');
  const wantsTls = isLocalHost(host) ? mode === 'verify-full' : tls === 'verify-full';
  if (!isLocalHost(host) && tls === 'verify-full' && mode !== undefined && mode !== 'verify-full') {
    throw refuse(
      `DATABASE_URL: ${host} is not this machine, so sslmode must be verify-full (it is ${mode}). To accept a connection that can be read and changed on the way, set QV_DATABASE_TLS=off.`,
    );
  }
  if (wantsTls) query.set('sslmode', 'verify-full');
  const ca = last('sslrootcert');
  const address: DatabaseAddress = {
    host: host === '' ? 'localhost' : host,
    port,
    database,
    ssl: wantsTls ? 'verify-full' : 'off',
  };
  return {
    url: url.href.replace(`@${EMPTY_HOST}`, '@'),
    address: ca === undefined || !wantsTls ? address : { ...address, sslrootcert: ca },
  };
}

// WHATWG URLs refuse `user@/database`, which libpq and `pg` use for Unix sockets.
const EMPTY_HOST = 'empty.invalid';

function parse(text: string): URL {
  let url: URL;
  try {
    url = new URL(
      text
        .trim()
        .replace('@/', `@${EMPTY_HOST}/`)
        .replace(/^(postgres(?:ql)?:\/\/)\//, `$1${EMPTY_HOST}/`),
    );
  } catch {
    throw refuse('DATABASE_URL is not a URL: postgres://user:password@host/database');
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')
    throw refuse('DATABASE_URL must begin with postgres://');
  return url;
}

/** DATABASE_URL, or the content of the file that DATABASE_URL_FILE names; undefined when neither is set. */
export function readDatabaseUrl(env: NodeJS.ProcessEnv): string | undefined {
  const { DATABASE_URL: direct, DATABASE_URL_FILE: file } = env;
  if (direct && file) throw refuse('Set DATABASE_URL or DATABASE_URL_FILE, not both.');
  if (!file) return direct || undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw refuse(`DATABASE_URL_FILE cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
