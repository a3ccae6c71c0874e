import pino from 'pino';

export type Logger = pino.Logger;

/**
 * JSON lines on standard output (QUA-13), redacted by construction: callers pass named fields, an error keeps its type,
 * message and stack, and headers, bodies and query strings are never handed to the logger.
 */
export function createLogger(level: string, destination?: pino.DestinationStream): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    messageKey: 'message',
    formatters: { level: (label) => ({ level: label }) },
    serializers: {
      err: (error: unknown) =>
        error instanceof Error
          ? { type: error.name, code: Reflect.get(error, 'code'), message: error.message, stack: error.stack }
          : { type: typeof error },
    },
    redact: {
      paths: ['apiKey', 'password', 'secret', 'authorization', '*.apiKey', '*.password', '*.secret', '*.authorization'],
      censor: '[redacted]',
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
