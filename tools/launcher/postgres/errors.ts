/** Why the embedded PostgreSQL could not be started. Each code has its remedy in docs/operating/database.md. */
export type PostgresErrorCode =
  | 'POSTGRES_PLATFORM_UNSUPPORTED'
  | 'POSTGRES_BINARIES_MISSING'
  | 'POSTGRES_NO_UNPRIVILEGED_USER'
  | 'POSTGRES_FOLDER_DENIED'
  | 'POSTGRES_FOLDER_COPIED'
  | 'POSTGRES_DATA_MISSING'
  | 'POSTGRES_VERSION_MISMATCH'
  | 'POSTGRES_PASSWORD_MISSING'
  | 'POSTGRES_INITDB_FAILED'
  | 'POSTGRES_BUSY'
  | 'POSTGRES_FOREIGN_SERVER'
  | 'POSTGRES_START_FAILED';

/** A refusal with a sentence for the operator. Never carries a password. */
export class PostgresError extends Error {
  readonly code: PostgresErrorCode;
  constructor(code: PostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PostgresError';
    this.code = code;
  }
}

/** The `code` of a system error (`ENOENT`, `EACCES` ...), or undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
