import type { HttpClient } from '@quantumvault/api';
import type { Command } from 'commander';
import type { Clock } from './clock.ts';
import type { Environment } from './environment.ts';
import { type ExitCode, exitCodes } from './errors.ts';
import type { Output } from './terminal/output.ts';

/** Bytes of the process's own streams, and the person at its keyboard. */
export interface Standard {
  /** Standard input, for a file named `-`. */
  input(): AsyncIterable<Uint8Array>;
  /** Standard output, for a file named `-`; resolves when more may be written. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * One line that is not shown while it is typed. The caller erases it. Throws CLI_WRONG_USE without a terminal, with the
   * sentence that says how it is given then.
   */
  askSecret(prompt: string, otherwise: string): Promise<Uint8Array>;
  /** One line that is shown. Throws CLI_WRONG_USE as above. */
  askLine(prompt: string, otherwise: string): Promise<string>;
  /** Whether standard input is a terminal: a question that no option asked for is put only then. */
  readonly canAsk: boolean;
}

/** All that a command may touch besides files. */
export interface Cli {
  readonly standard: Standard;
  readonly output: Output;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly http: HttpClient;
}

/** Runs of the program end with one exit code; the action of the command that ran decides it. */
export interface Running extends Cli {
  exitCode: ExitCode;
}

export interface JsonOption {
  readonly json?: boolean;
}

/** Declares a command that a person runs. Every one has `--json`. */
export function addCommand(
  parent: Command,
  usage: string,
  summary: string,
  options: { readonly isDefault?: boolean } = {},
): Command {
  return parent
    .command(usage, { isDefault: options.isDefault === true })
    .description(summary)
    .option('--json', 'print JSON');
}

/** An action whose result is the exit code; nothing means done. */
export function ending<Arguments extends readonly unknown[]>(
  cli: Running,
  action: (...given: Arguments) => Promise<ExitCode> | Promise<void>,
): (...given: Arguments) => Promise<void> {
  return async (...given) => {
    cli.exitCode = (await action(...given)) ?? exitCodes.done;
  };
}
