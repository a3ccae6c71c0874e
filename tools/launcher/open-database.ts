// The database of an installation: embedded, or outside by DATABASE_URL.
import { type CheckedDatabaseUrl, checkDatabaseUrl, parseDatabaseTls, readDatabaseUrl } from './database-url.ts';
import { type RunningPostgres, startPostgres } from './postgres/index.ts';

export interface DatabaseOptions {
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
}

/** The database to serve from, and our own PostgreSQL when it is the embedded one. */
export interface Database {
  readonly target: CheckedDatabaseUrl;
  readonly postgres: RunningPostgres | undefined;
}

/** Starts or adopts the embedded PostgreSQL, or checks DATABASE_URL when that is set. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { env, print, dataDir } = options;
  const outside = readDatabaseUrl(env);
  if (outside !== undefined) {
    const target = checkDatabaseUrl(outside, parseDatabaseTls(env.QV_DATABASE_TLS));
    print(`Database: ${target.address.host}:${target.address.port}/${target.address.database} (DATABASE_URL).`);
    return { target, postgres: undefined };
  }
  const postgres = await startPostgres({ dataDir, log: print });
  const how = postgres.adopted
    ? 'was still running and is used again'
    : postgres.coldStart
      ? 'created and started'
      : 'started';
  const who = postgres.user === undefined ? '' : ` as user ${postgres.user}`;
  print(`Database: embedded PostgreSQL ${how}${who} (pid ${postgres.pid}, ${postgres.startMs} ms).`);
  const { host, port, database } = postgres.connection();
  return { target: { url: postgres.url(), address: { host, port, database, ssl: 'off' } }, postgres };
}

/** The environment of a child: ours without credentials of the database and without npm's dozens of variables. */
export function childEnvironment(options: DatabaseOptions, database: Database): NodeJS.ProcessEnv {
  const kept = Object.entries(options.env).filter(([name]) => !/^(DATABASE_URL|DATABASE_URL_FILE|npm_.*)$/.test(name));
  return {
    ...Object.fromEntries(kept),
    // CRY-10: two Argon2, one slow and four quick calls of CryptoPool at once, and a thread for files and names. Whoever set
    // the variable knows better.
    UV_THREADPOOL_SIZE: options.env.UV_THREADPOOL_SIZE ?? '8',
    QV_DATA_DIR: options.dataDir,
    QV_DATABASE: JSON.stringify(database.target.address),
  };
}
