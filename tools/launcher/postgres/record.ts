// `<data dir>/postgres.json`: what must be remembered about the embedded database, its superuser's password included.
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { PostgresError } from './errors.ts';

/** The superuser of the embedded database; only the migrate process and the supervisor ever log in as it. */
export const BOOTSTRAP_ROLE = 'qv_bootstrap';
export const DATABASE = 'quantumvault';

export interface DatabaseRecord {
  readonly role: string;
  readonly password: string;
  /** Folder of the database; may be outside the data folder. */
  readonly place: string;
  /** True once the cluster was created: from then on a missing cluster is a loss, not a first start. */
  readonly isCreated: boolean;
}

const recordPath = (dataDir: string): string => join(dataDir, 'postgres.json');

/** Writes a file with mode 0600 so that a crash leaves the old or the new content, never a part. */
export function writePrivateFile(path: string, content: string): void {
  const temporary = `${path}.tmp-${process.pid}`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(temporary, 0o600);
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** Makes a rename in `folder` survive a power cut. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Reads the record; undefined before the first start. Throws POSTGRES_PASSWORD_MISSING when it is damaged. */
export function readRecord(dataDir: string): DatabaseRecord | undefined {
  const path = recordPath(dataDir);
  if (!existsSync(path)) return undefined;
  const damaged = (): PostgresError =>
    new PostgresError(
      'POSTGRES_PASSWORD_MISSING',
      `${path} is damaged. Restore it from a backup: without it nobody can log in to the database.`,
    );
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged();
    throw error;
  }
  if (typeof value !== 'object' || value === null) throw damaged();
  const { role, password, place, isCreated } = value as Record<string, unknown>;
  if (typeof role !== 'string' || typeof password !== 'string' || typeof place !== 'string') throw damaged();
  return { role, password, place, isCreated: isCreated === true };
}

export function writeRecord(dataDir: string, record: DatabaseRecord): void {
  writePrivateFile(recordPath(dataDir), `${JSON.stringify(record, null, 2)}\n`);
}

export function newRecord(place: string): DatabaseRecord {
  // 256 bits; base64url needs no quoting in a URL.
  return { role: BOOTSTRAP_ROLE, password: randomBytes(32).toString('base64url'), place, isCreated: false };
}
