/** All that a client needs to connect; the shape is what `pg` takes. */
export interface ConnectionFacts {
  /** Folder of the Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** The same facts as a URL that `pg` and libpq understand. It contains the password: never print it. */
export function connectionUrl(facts: ConnectionFacts): string {
  const { host, port, user, password, database } = facts;
  const at = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return `postgres://${at}@/${encodeURIComponent(database)}?host=${encodeURIComponent(host)}&port=${port}`;
}
