import { type QuotaKind, quotaKinds } from '@quantumvault/api';
import type { ServerSettings } from './config/load-settings.ts';
import type { Composition } from './main.compose.ts';
import { LimitExchange } from './platform/limits/limit-exchange.ts';
import { RateLimiter } from './platform/limits/rate-limiter.ts';
import { RequestQuotas } from './platform/limits/request-quotas.ts';

/** ACC-10: the limits of this process, reconciled with those of the others through the database. */
export function createRateLimiter(
  { rateLimits, quotas }: ServerSettings,
  { databases, newId, logger }: Composition,
): { readonly limiter: RateLimiter; start(): Promise<void>; stop(): Promise<void> } {
  const { address, identity, signIn, costly, bucketsMax } = rateLimits;
  const requestQuotas = new RequestQuotas({ db: databases.auth, logger, defaults: quotas });
  const limiter = new RateLimiter({
    limits: {
      address: { default: address, 'sign-in': signIn, costly },
      identity: { default: identity, 'sign-in': signIn, costly },
      bucketsMax,
    },
    exchange: new LimitExchange({ db: databases.auth, processId: newId<string>(), readMax: bucketsMax }),
    requestQuotaOf: (tenantId) => requestQuotas.of(tenantId),
    monotonicMs: () => performance.now(),
    logger,
  });
  return {
    limiter,
    start: async () => {
      await requestQuotas.start();
      await limiter.start();
    },
    stop: async () => {
      requestQuotas.stop();
      await limiter.stop();
    },
  };
}

/** ACC-13: the settings, as the triggers that count find them in their session. */
export const sessionQuotas = (quotas: Readonly<Record<QuotaKind, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(quotaKinds.map((kind) => [`qv.quota_${kind.replaceAll('-', '_')}`, quotas[kind]]));
