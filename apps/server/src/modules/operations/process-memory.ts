import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Resident set of a process in bytes, from /proc; null where that does not exist or the process is gone. */
export function residentBytes(pid: number): number | null {
  try {
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match?.[1] === undefined ? null : Number(match[1]) * 1024;
  } catch {
    return null;
  }
}

/**
 * Memory of PostgreSQL: proportional set size of the postmaster and its children, so that shared buffers are counted
 * once; falls back to the postmaster's resident set when another user's processes cannot be read.
 */
export function databaseBytes(postmaster: number): number | null {
  const pids = [postmaster, ...childrenOf(postmaster)];
  let total = 0;
  for (const pid of pids) {
    try {
      const match = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
      total += Number(match?.[1] ?? 0) * 1024;
    } catch {
      return residentBytes(postmaster);
    }
  }
  return total;
}

function childrenOf(parent: number): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => parentOf(pid) === parent);
  } catch {
    return [];
  }
}

function parentOf(pid: number): number | null {
  try {
    const fields = readFileSync(path.join('/proc', String(pid), 'stat'), 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(fields[1]);
  } catch {
    return null;
  }
}
