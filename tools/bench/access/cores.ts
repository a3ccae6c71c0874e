import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** The core of what is measured, and the one of everything else; the same when the machine has one. */
export const measuredCore = 0;
export const otherCore = Math.min(1, availableParallelism() - 1);

/** Keeps a process with all its threads on one core. */
export function pin(pid: number, core: number): void {
  const { status, stderr } = spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`taskset could not pin process ${pid}: ${stderr}`);
}

/** Keeps a process and all that it has started, and will start, on one core. */
export function pinWithChildren(pid: number, core: number): void {
  pin(pid, core);
  for (const entry of readdirSync('/proc')) {
    if (/^[0-9]+$/.test(entry) && parentOf(entry) === pid) pin(Number(entry), core);
  }
}

function statOf(pid: string | number): string[] | null {
  try {
    // The name in parentheses may hold anything; the fields begin behind it.
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return null;
  }
}

const parentOf = (pid: string): number => Number(statOf(pid)?.[1] ?? -1);

const ticksPerSecond = 100;

/** Seconds of processor time that a process has taken, user and system. */
export function cpuSecondsOf(pid: number): number {
  const stat = statOf(pid);
  if (stat === null) throw new Error(`process ${pid} is gone`);
  return (Number(stat[11]) + Number(stat[12])) / ticksPerSecond;
}

/** Resident memory of a process, in MiB: now, and at most since it began. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mebibytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
  return { now: mebibytes('VmRSS'), peak: mebibytes('VmHWM') };
}
