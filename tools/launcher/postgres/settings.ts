// The settings of the embedded PostgreSQL. They are ours alone: the file lies outside the cluster, the database user
// cannot write it, and ALTER SYSTEM is off.
import { chmodSync, chownSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Placement, SOCKET_PORT } from './placement.ts';

export interface DatabaseSettings {
  readonly [name: string]: string | number;
}

const FIXED: DatabaseSettings = {
  // Reachable only through a socket in a folder that only its user may enter. The bundled OpenSSL 1.1.1 is past its
  // end of life: no TLS here, and no pgcrypto anywhere.
  listen_addresses: '',
  port: SOCKET_PORT,
  unix_socket_permissions: '0700',
  ssl: 'off',
  password_encryption: 'scram-sha-256',
  allow_alter_system: 'off',
  // Durability: what was acknowledged is on disk.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  restart_after_crash: 'on',
  // Memory: one small installation. io_method=sync and no parallel workers save processes.
  max_connections: 60,
  shared_buffers: '32MB',
  work_mem: '4MB',
  maintenance_work_mem: '32MB',
  effective_cache_size: '256MB',
  max_wal_size: '512MB',
  min_wal_size: '64MB',
  max_wal_senders: 0,
  max_replication_slots: 0,
  max_logical_replication_workers: 0,
  max_worker_processes: 2,
  max_parallel_workers: 0,
  max_parallel_workers_per_gather: 0,
  autovacuum_max_workers: 2,
  autovacuum_worker_slots: 3,
  io_method: 'sync',
  huge_pages: 'off',
  jit: 'off',
  random_page_cost: 1.1,
  // The log names no value: no statements, no parameters, and no SQL errors at all ("invalid input syntax: ..." quotes
  // the input; clients get them and report them in their own words). LOG, FATAL and PANIC remain, terse.
  log_min_messages: 'log',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_statement: 'none',
  log_min_duration_statement: -1,
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: 0,
  log_parameter_max_length_on_error: 0,
  log_connections: '',
  log_disconnections: 'off',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] %q%u@%d ',
  log_timezone: 'UTC',
  timezone: 'UTC',
  lc_messages: 'C',
  lc_monetary: 'C',
  lc_numeric: 'C',
  lc_time: 'C',
  cluster_name: 'quantumvault',
};

const HBA = `# Every login needs a password. There is no TCP listener; the host lines refuse one that should not exist.
local all all scram-sha-256
host all all 0.0.0.0/0 reject
host all all ::/0 reject
`;

const quote = (value: string | number): string => `'${String(value).replaceAll("'", "''")}'`;

/** The text of postgresql.conf. `extra` wins; it exists for tests and benchmarks. */
export function renderSettings(options: {
  placement: Placement;
  socketFolder: string;
  extra?: DatabaseSettings | undefined;
}): string {
  const { placement, socketFolder, extra } = options;
  const all: DatabaseSettings = {
    ...FIXED,
    data_directory: placement.cluster,
    hba_file: join(placement.conf, 'pg_hba.conf'),
    ident_file: join(placement.conf, 'pg_ident.conf'),
    unix_socket_directories: socketFolder,
    ...extra,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${quote(value)}`);
  return `# Written at each start by the QuantumVault launcher; changes here are lost.\n${lines.join('\n')}\n`;
}

/** Writes the configuration files. Returns true when postgresql.conf changed since the last start. */
export function writeSettings(options: {
  placement: Placement;
  socketFolder: string;
  extra?: DatabaseSettings | undefined;
}): boolean {
  const { conf, user } = options.placement;
  const write = (name: string, content: string): boolean => {
    const path = join(conf, name);
    if (existsSync(path) && readFileSync(path, 'utf8') === content) return false;
    const temporary = `${path}.tmp-${process.pid}`;
    writeFileSync(temporary, content, { mode: 0o640 });
    if (user !== undefined) {
      chownSync(temporary, 0, user.gid);
      chmodSync(temporary, 0o640);
    }
    renameSync(temporary, path);
    return true;
  };
  write('pg_hba.conf', HBA);
  write('pg_ident.conf', '# No user name maps.\n');
  return write('postgresql.conf', renderSettings(options));
}
