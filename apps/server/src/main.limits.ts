import type { ServerSettings } from './config/load-settings.ts';
import type { Composition } from './main.compose.ts';
import { LimitExchange } from './platform/limits/limit-exchange.ts';
import { RateLimiter } from './platform/limits/rate-limiter.ts';

/** ACC-10: the limits of this process, reconciled with those of the others through the database. */
export function createRateLimiter(
  { rateLimits, requestQuota }: ServerSettings,
  { databases, newId, logger }: Composition,
): RateLimiter {
  const { address, identity, signIn, costly, bucketsMax } = rateLimits;
  return new RateLimiter({
    limits: {
      address: { default: address, 'sign-in': signIn, costly },
      identity: { default: identity, 'sign-in': signIn, costly },
      bucketsMax,
    },
    exchange: new LimitExchange({ db: databases.auth, processId: newId<string>(), readMax: bucketsMax }),
    requestQuotaOf: () => requestQuota,
    monotonicMs: () => performance.now(),
    logger,
  });
}
