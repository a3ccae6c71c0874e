import { createLogger } from '../logging/logger.ts';
import { type RateClass, RateLimiter } from './rate-limiter.ts';

/** For tests that are not about limits. */
export function unlimited(): RateLimiter {
  const many: Record<RateClass, number> = { default: 1e9, 'sign-in': 1e9, costly: 1e9 };
  return new RateLimiter({
    limits: { address: many, identity: many, bucketsMax: 1_000 },
    exchange: null,
    requestQuotaOf: () => ({ perMinute: 1e9, perDay: 1e9 }),
    monotonicMs: () => performance.now(),
    logger: createLogger('silent'),
  });
}
