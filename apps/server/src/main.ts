import path from 'node:path';
import { loadSettings, type ServerSettings, SettingsError } from './config/load-settings.ts';
import { startServer } from './main.start.ts';
import { createLogger } from './platform/logging/logger.ts';
import { hardeningProblems, hardenProcess } from './platform/process/harden-process.ts';
import { StartRefusal } from './start-refusal.ts';

// Exit codes that tell the launcher not to try again (sysexits.h).
const exitConfiguration = 78;

function settingsOrExit(): ServerSettings {
  try {
    return loadSettings(process.env, path.join(process.cwd(), '.quantumvault'));
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(exitConfiguration);
  }
}

// CRY-8: keys will lie in this memory, so nothing may be there that reads it.
const flags = { execArgv: process.execArgv, nodeOptions: process.env.NODE_OPTIONS };
const problems = hardeningProblems(flags);
if (problems.length > 0) {
  process.stderr.write(
    `The server does not start like this:\n${problems.map((problem) => `  - ${problem}\n`).join('')}`,
  );
  process.exit(exitConfiguration);
}

const settings = settingsOrExit();
const logger = createLogger(settings.logLevel);
for (const warning of hardenProcess(flags)) logger.warn({}, warning);
// A failure that nobody caught leaves the process in a state that nobody knows: say so and end; the launcher starts anew.
process.on('uncaughtException', (err) => {
  logger.error({ err }, 'uncaught exception');
  process.exit(1);
});
process.on('unhandledRejection', (reason) => {
  logger.error({ err: reason }, 'unhandled rejection');
  process.exit(1);
});

try {
  const server = await startServer({
    settings,
    logger,
    onSignIn: (file) => process.send?.({ type: 'bootstrapped', file }),
  });
  process.send?.({ type: 'ready', url: server.url, startMs: Math.round(performance.now()) });
  let isStopping = false;
  const stop = (reason: string): void => {
    if (isStopping) return;
    isStopping = true;
    server.stop(reason).then(
      () => process.exit(0),
      (err: unknown) => {
        logger.error({ err }, 'the stop was not in order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  // The launcher is gone: nobody would restart or stop this process any more.
  if (process.connected) process.on('disconnect', () => stop('launcher gone'));
} catch (error) {
  if (error instanceof StartRefusal) process.stderr.write(`${error.message}\n`);
  else logger.error({ err: error }, 'the server could not start');
  process.exit(error instanceof StartRefusal && error.isFinal ? exitConfiguration : 1);
}
