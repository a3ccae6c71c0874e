import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { type ConnectionFacts, clientConfig, openPool, type ServingRole, servingRoles } from './connection.ts';
import type { Schema, Sql } from './schema.ts';

/** One pool per database role (ACC-1): code that claims jobs cannot read assets, code that looks up keys cannot write. */
export interface Databases {
  readonly app: Sql;
  readonly auth: Sql;
  readonly worker: Sql;
  readonly audit: Sql;
  readonly sequencer: Sql;
  /** Settings for a connection of its own: LISTEN and advisory locks must not go through a pool. */
  direct(role: ServingRole): pg.ClientConfig;
  poolStates(): readonly { role: ServingRole; total: number; idle: number; waiting: number }[];
  close(): Promise<void>;
}

export interface DatabasesOptions {
  readonly facts: ConnectionFacts;
  readonly passwords: Readonly<Record<string, string>>;
  readonly appPoolMax: number;
  readonly statementTimeoutMs: number;
  readonly sessionNumbers?: Readonly<Record<string, number>>;
  readonly onIdleError: (role: ServingRole, error: Error) => void;
}

export function openDatabases(options: DatabasesOptions): Databases {
  const { facts, statementTimeoutMs } = options;
  const connection = (role: ServingRole) => {
    const password = options.passwords[role];
    if (password === undefined) throw new Error(`no password is known for the database role ${role}`);
    const { sessionNumbers = {} } = options;
    const applicationName = `quantumvault-${role.slice(3)}`;
    return { facts, role, password, statementTimeoutMs, sessionNumbers, applicationName };
  };
  const sizes: Record<ServingRole, number> = {
    qv_app: options.appPoolMax,
    qv_auth: 4,
    qv_worker: 2,
    qv_audit: 2,
    qv_sequencer: 2,
  };
  const pools = new Map(
    servingRoles.map(
      (role) =>
        [
          role,
          openPool({ ...connection(role), max: sizes[role], onIdleError: (error) => options.onIdleError(role, error) }),
        ] as const,
    ),
  );
  const sql = (role: ServingRole): Sql => {
    const pool = pools.get(role);
    if (pool === undefined) throw new Error(`no pool for ${role}`);
    return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  };
  return {
    app: sql('qv_app'),
    auth: sql('qv_auth'),
    worker: sql('qv_worker'),
    audit: sql('qv_audit'),
    sequencer: sql('qv_sequencer'),
    direct: (role) => clientConfig(connection(role)),
    poolStates: () =>
      [...pools].map(([role, pool]) => ({
        role,
        total: pool.totalCount,
        idle: pool.idleCount,
        waiting: pool.waitingCount,
      })),
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}
