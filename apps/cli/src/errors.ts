/** Exit codes are a contract with scripts: they are never renumbered (docs/reference/cli.md). */
export const exitCodes = {
  done: 0,
  /** The question was answered, and the answer is no: not valid, not succeeded, nothing reached. */
  negative: 1,
  wrongUse: 2,
  refused: 3,
  unreachable: 4,
  internal: 5,
  /** What was asked for waits for the approval of others (ACC-9). */
  waitsForApproval: 6,
  /** Ctrl-C, as shells count signals. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export type CliErrorCode =
  | 'CLI_WRONG_USE'
  | 'CLI_INTERRUPTED'
  | 'CLI_NOT_CONFIGURED'
  | 'CLI_SESSION_ENDED'
  | 'CLI_NOT_APPROVED'
  | 'CLI_FILE_UNREADABLE'
  | 'CLI_FILE_EXISTS'
  | 'CLI_FILE_UNWRITABLE'
  | 'CLI_NOT_FOUND'
  | 'CLI_NOT_RUNNING'
  | 'CLI_ANSWER_BROKEN';

const exitOf: Readonly<Record<CliErrorCode, ExitCode>> = {
  CLI_WRONG_USE: exitCodes.wrongUse,
  CLI_INTERRUPTED: exitCodes.interrupted,
  CLI_NOT_CONFIGURED: exitCodes.wrongUse,
  CLI_SESSION_ENDED: exitCodes.refused,
  CLI_NOT_APPROVED: exitCodes.refused,
  CLI_FILE_UNREADABLE: exitCodes.wrongUse,
  CLI_FILE_EXISTS: exitCodes.wrongUse,
  CLI_FILE_UNWRITABLE: exitCodes.wrongUse,
  CLI_NOT_FOUND: exitCodes.refused,
  CLI_NOT_RUNNING: exitCodes.unreachable,
  CLI_ANSWER_BROKEN: exitCodes.unreachable,
};

/** Ends a command with a sentence on standard error. The message says what to do and never holds a secret. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;

  constructor(code: CliErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get exitCode(): ExitCode {
    return exitOf[this.code];
  }
}

/** `ENOENT` and the like, or the error's class: never a message, which can quote what it failed on. */
export function systemCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string') return code;
  return error.cause instanceof Error ? systemCode(error.cause) : error.name;
}
