// What can be done from inside a Node process so that its memory, which holds keys, does not leave it (CRY-8). What cannot:
// locking pages, refusing ptrace to the same user, switching off core dumps that the kernel pipes to a collector; docs/design/
// crypto.md says so, and `qv doctor` looks at what the system does.
import { readFileSync } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';

// Each of them lets somebody read the memory of the process, writes it to a file, or breaks Argon2.
const refused: readonly { readonly flag: RegExp; readonly why: string }[] = [
  { flag: /^--inspect/, why: 'a debugger reads all memory' },
  { flag: /^--heapsnapshot-(signal|near-heap-limit)/, why: 'a heap snapshot holds all memory' },
  { flag: /^--heap-prof/, why: 'a heap profile is written to disk' },
  {
    flag: /^--(report-on-signal|report-on-fatalerror|report-uncaught-exception)/,
    why: 'a report quotes memory and settings',
  },
  { flag: /^--abort-on-uncaught-exception/, why: 'an abort leaves a core dump' },
  { flag: /^--secure-heap/, why: 'Argon2 allocates there and fails' },
];
const withoutSignal = '--disable-sigusr1';

export interface ProcessFlags {
  readonly execArgv: readonly string[];
  /** The variable NODE_OPTIONS. */
  readonly nodeOptions: string | undefined;
}

function flagsOf({ execArgv, nodeOptions = '' }: ProcessFlags): readonly string[] {
  // Node takes underscores for hyphens.
  return [...execArgv, ...nodeOptions.split(/[\s"]+/)].map((flag) => flag.replaceAll('_', '-'));
}

/** Why the process must not serve, in words for an operator; empty when nothing stands against it. */
export function hardeningProblems(flags: ProcessFlags, openInspector = inspectorUrl()): readonly string[] {
  const problems = flagsOf(flags).flatMap((flag) => {
    const found = refused.find((candidate) => candidate.flag.test(flag));
    return found === undefined ? [] : [`${flag.split('=')[0]} is not allowed: ${found.why}`];
  });
  return openInspector === undefined ? problems : [...problems, 'a debugger is open on this process'];
}

/** The limit of core files, as `/proc/self/limits` has it; undefined where the system does not tell. */
export function coreLimit(read: () => string = () => readFileSync('/proc/self/limits', 'utf8')): string | undefined {
  try {
    return /^Max core file size\s+(\S+)/m.exec(read())?.[1];
  } catch {
    return undefined;
  }
}

/** Switches off what can be switched off at run time, and answers what an operator should know. */
export function hardenProcess(flags: ProcessFlags, limit = coreLimit()): readonly string[] {
  const { report } = process;
  report.reportOnFatalError = false;
  report.reportOnSignal = false;
  report.reportOnUncaughtException = false;
  const warnings: string[] = [];
  if (!flagsOf(flags).includes(withoutSignal)) {
    warnings.push(`SIGUSR1 would open a debugger: start with ${withoutSignal}, as npm start does`);
  }
  if (limit !== undefined && limit !== '0') {
    warnings.push('a crash would leave a core dump that holds keys: set the limit to 0, as npm start does');
  }
  return warnings;
}
