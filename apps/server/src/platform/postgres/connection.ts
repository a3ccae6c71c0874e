import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { z } from 'zod';

/** The database roles of ACC-1; `qv_owner` is for the migrate process and never opened by the serving one. */
export const servingRoles = ['qv_app', 'qv_auth', 'qv_worker', 'qv_audit', 'qv_sequencer'] as const;
export type ServingRole = (typeof servingRoles)[number];
export type DatabaseRole = ServingRole | 'qv_owner';

const factsSchema = z.strictObject({
  /** Host name, or the folder of a Unix socket. */
  host: z.string().min(1),
  port: z.number().int().min(1).max(65535),
  database: z.string().min(1),
  ssl: z.enum(['off', 'verify-full']),
  /** Certificate authority to trust instead of the system's. */
  sslrootcert: z.string().min(1).optional(),
});
/** Where the database is, without credentials. */
export type ConnectionFacts = z.infer<typeof factsSchema>;

export const parseConnectionFacts = (json: string): ConnectionFacts => factsSchema.parse(JSON.parse(json));

const rolesSchema = z.record(z.string(), z.string().min(20));
export const rolesFile = (dataDir: string): string => path.join(dataDir, 'database-roles.json');
export const ownerFile = (dataDir: string): string => path.join(dataDir, 'database-owner.json');

/** Passwords of the serving roles, made by the migrate process, mode 0600. */
export function readRolePasswords(file: string): Readonly<Record<string, string>> {
  return rolesSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

// int8 as bigint (log indices, counters that can grow); everything else as the driver gives it.
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === 20 ? (text: string) => BigInt(text) : pg.types.getTypeParser(oid, format),
} as pg.CustomTypesConfig;

export interface RoleConnectionOptions {
  readonly facts: ConnectionFacts;
  readonly role: string;
  readonly password: string;
  readonly statementTimeoutMs: number;
  readonly applicationName: string;
  /** Whole numbers that functions and triggers of the database read as settings of the session. */
  readonly sessionNumbers?: Readonly<Record<string, number>>;
}

function tlsOf(facts: ConnectionFacts): pg.ClientConfig['ssl'] {
  if (facts.ssl === 'off') return false;
  const ca = facts.sslrootcert === undefined ? {} : { ca: readFileSync(facts.sslrootcert, 'utf8') };
  return { rejectUnauthorized: true, minVersion: 'TLSv1.3', ...ca };
}

const sessionOptions = (numbers: Readonly<Record<string, number>>): string =>
  [
    '-c search_path=qv,pg_temp',
    ...Object.entries(numbers).map(([name, value]) => `-c ${name}=${Math.trunc(value)}`),
  ].join(' ');

/** Client settings for one role: `search_path` is fixed, so that nobody else's objects can stand in for ours. */
export function clientConfig(options: RoleConnectionOptions): pg.ClientConfig {
  const { facts } = options;
  return {
    host: facts.host,
    port: facts.port,
    database: facts.database,
    user: options.role,
    password: options.password,
    ssl: tlsOf(facts),
    application_name: options.applicationName,
    connectionTimeoutMillis: 10_000,
    statement_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    options: sessionOptions(options.sessionNumbers ?? {}),
    types,
  };
}

export interface PoolOptions extends RoleConnectionOptions {
  readonly max: number;
  /** An idle connection that breaks is no failure of a request; it is only reported. */
  readonly onIdleError: (error: Error) => void;
}

export function openPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({ ...clientConfig(options), max: options.max, idleTimeoutMillis: 60_000 });
  pool.on('error', options.onIdleError);
  // The pool listens to idle connections only. One that is lost inside a transaction, between two statements, has nobody
  // else to tell, and would end the process; the next statement on it fails and says so to whoever is using it.
  pool.on('connect', (client) => void client.on('error', () => {}));
  return pool;
}

// SQLSTATE classes that mean "the database is not there", not "the request was wrong".
const unavailableStates = /^(08|57P0|53)/;
const networkErrors = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/** Whether an error of the driver says that the database could not be reached or went away. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string') return unavailableStates.test(code) || networkErrors.has(code);
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    error.message,
  );
}

/** The SQLSTATE of a driver's error, or null. */
export function sqlState(error: unknown): string | null {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : null;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}
export const uniqueViolation = '23505';
export const foreignKeyViolation = '23503';
