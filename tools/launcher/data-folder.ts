// The data folder: everything of one installation that is not code.
import { chmodSync, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A refusal about settings or folders; the launcher prints the sentence and exits with `exitCode`. */
export class StartError extends Error {
  readonly exitCode: number;
  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
    this.exitCode = exitCode;
  }
}

/** sysexits.h: a setting is wrong; starting again without changing it is useless. */
export const EXIT_CONFIGURATION = 78;
/** Another launcher serves the same data folder. */
export const EXIT_ALREADY_RUNNING = 3;

/**
 * Makes the folder (0700) when it is missing and returns its real path. Refuses one that others may write: whoever can
 * replace the files in it owns the installation.
 */
export function openDataFolder(path: string): string {
  try {
    if (!existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true });
      mkdirSync(path, { recursive: true, mode: 0o700 });
      chmodSync(path, 0o700);
    }
    const real = realpathSync(path);
    const stat = statSync(real);
    if (!stat.isDirectory()) throw new StartError(EXIT_CONFIGURATION, `The data folder ${path} is not a folder.`);
    if (process.platform !== 'win32' && (stat.mode & 0o022) !== 0) {
      throw new StartError(
        EXIT_CONFIGURATION,
        `The data folder ${real} can be written by other users. Run: chmod 700 ${real}`,
      );
    }
    return real;
  } catch (error) {
    if (error instanceof StartError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(EXIT_CONFIGURATION, `The data folder ${path} cannot be used: ${reason}`, { cause: error });
  }
}
