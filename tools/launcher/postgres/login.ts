// Finds out whether a running server is ours: it must accept our password and serve our data folder.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ConnectionFacts } from './connection.ts';

export type LoginResult =
  | { readonly outcome: 'ok'; readonly dataDirectory: string; readonly version: string }
  /** Nobody listens, or the server is starting up or shutting down: try again. */
  | { readonly outcome: 'unavailable' }
  /** The server answered and refused us. */
  | { readonly outcome: 'refused' };

const LOGIN_TIMEOUT_MS = 5_000;

/** Logs in from a short-lived process, so that the launcher does not keep a database driver in memory. */
export function tryLogin(facts: ConnectionFacts): Promise<LoginResult> {
  return new Promise((resolve) => {
    const script = fileURLToPath(new URL('./login-process.ts', import.meta.url));
    const { NODE_COMPILE_CACHE: cache } = process.env;
    // The password travels through a pipe: not in arguments, not in the environment.
    const child = spawn(process.execPath, [script], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
      timeout: LOGIN_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.stdin.on('error', () => {
      // Ended early: the exit is handled below.
    });
    child.stdin.end(JSON.stringify(facts));
    child.on('error', () => resolve({ outcome: 'unavailable' }));
    child.on('close', () => {
      try {
        const result: LoginResult = JSON.parse(output);
        resolve(result);
      } catch {
        resolve({ outcome: 'unavailable' });
      }
    });
  });
}
