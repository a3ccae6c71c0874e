// PostgreSQL's log in the data folder, bounded in size.
//
// The server writes through a descriptor opened for appending. To bound the log, its content is copied to `.1` and the
// file is emptied: the next line starts at the beginning. No collector process is needed, and a new launcher that
// adopts a running server goes on bounding the same file.
import { closeSync, copyFileSync, fstatSync, mkdirSync, openSync, readSync, statSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LOG_BYTES_MAX = 4 * 1024 * 1024;
const CHECK_INTERVAL_MS = 60_000;

export const logPath = (dataDir: string): string => join(dataDir, 'logs', 'postgres.log');

/** Opens the log for a server process; the caller closes the descriptor after the spawn. */
export function openLog(path: string): { fd: number; offset: number } {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fd = openSync(path, 'a', 0o600);
  return { fd, offset: fstatSync(fd).size };
}

/** What was written after `offset`, at most the last 4 KiB. */
export function readLogSince(path: string, offset: number): string {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const from = Math.max(offset > size ? 0 : offset, size - 4096);
    const buffer = new Uint8Array(size - from);
    readSync(fd, buffer, 0, buffer.length, from);
    return Buffer.from(buffer).toString('utf8');
  } finally {
    closeSync(fd);
  }
}

/** Bounds the log now. Lines written between copy and truncation are lost. */
export function boundLog(path: string, maxBytes = LOG_BYTES_MAX): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.size <= maxBytes) return false;
  copyFileSync(path, `${path}.1`);
  truncateSync(path, 0);
  return true;
}

/** Bounds the log now and every minute, without keeping the process alive. Returns the stop function. */
export function keepLogBounded(path: string): () => void {
  const check = (): void => {
    try {
      boundLog(path);
    } catch {
      // A full or read-only disk: the database will say so louder than we could.
    }
  };
  check();
  const timer = setInterval(check, CHECK_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
