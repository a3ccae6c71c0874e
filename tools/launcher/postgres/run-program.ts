// Runs a PostgreSQL program as the database user, with an environment that carries nothing of ours.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { DatabaseUser } from './database-user.ts';

/** No variable of the caller is passed on: DATABASE_URL and QV_* settings may hold secrets, PG* would change defaults. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const;

export function spawnAs(options: {
  program: string;
  args: readonly string[];
  user: DatabaseUser | undefined;
  cwd: string;
  stdio: StdioOptions;
  detached?: boolean;
}): ChildProcess {
  const { program, args, user, cwd, stdio, detached } = options;
  return spawn(program, args, {
    cwd,
    stdio,
    detached: detached ?? false,
    env: ENVIRONMENT,
    // With a uid given, Node also drops every supplementary group of root.
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  });
}

export interface ProgramResult {
  readonly code: number | null;
  readonly output: string;
}

/** Runs to the end, with `input` on standard input. The output is kept up to 64 KiB. */
export function runProgram(options: {
  program: string;
  args: readonly string[];
  user: DatabaseUser | undefined;
  cwd: string;
  input?: string;
}): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawnAs({ ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer): void => {
      if (output.length < 65_536) output += chunk.toString('utf8');
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.stdin?.on('error', () => {
      // The program ended without reading its input; its exit code tells the story.
    });
    child.stdin?.end(options.input ?? '');
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
