import type { Composition } from './main.compose.ts';
import type { LockNotices, PruneSignIn } from './modules/identity/index.ts';

const minuteMs = 60_000;
/** Half of the time that a new key of sessions is published before it signs. */
const keysEveryMinutes = 5;
const pruneEveryMinutes = 60;

export interface Housekeeping {
  stop(): Promise<void>;
}

/** What every process does once in a while and no request waits for. A failure is said and tried again. */
export function startHousekeeping(options: {
  readonly composition: Composition;
  readonly installationId: string;
  readonly lockNotices: LockNotices;
  readonly pruneSignIn: PruneSignIn;
}): Housekeeping {
  const { composition, installationId, lockNotices, pruneSignIn } = options;
  const { apiKeys, sessions, sessionKeys, expiryNotices, approvalExpiry, logger } = composition;
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (err) {
      logger.warn({ err, what }, 'a recurring task failed');
    }
  };
  let minute = 0;
  let running: Promise<void> = Promise.resolve();
  const tick = async (): Promise<void> => {
    minute += 1;
    await attempt('last use of keys', () => apiKeys.flushUses());
    await attempt('last use of sessions', () => sessions.flushUses());
    await attempt('notices of locked accounts', () => lockNotices.give());
    await attempt('ends of access for a time', () => expiryNotices.give());
    await attempt('requests for approval that ran out', () => approvalExpiry.end());
    if (minute % keysEveryMinutes === 0) await attempt('keys of sessions', () => sessionKeys.refresh(installationId));
    if (minute % pruneEveryMinutes === 0) await attempt('old sign-ins', () => pruneSignIn());
  };
  const timer = setInterval(() => {
    running = running.then(tick);
  }, minuteMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
      await attempt('last use of keys', () => apiKeys.flushUses());
      await attempt('last use of sessions', () => sessions.flushUses());
    },
  };
}
