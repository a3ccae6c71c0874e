// Started by limits-twin.test.ts: the limiter of the product in a process of its own, on a database that it is told. It
// tries as hard as it is asked to and says how many requests it would have let through.
import { z } from 'zod';
import { uuidV7Source } from '../../apps/server/src/kernel/ids.ts';
import { LimitExchange } from '../../apps/server/src/platform/limits/limit-exchange.ts';
import { type RateClass, RateLimiter } from '../../apps/server/src/platform/limits/rate-limiter.ts';
import { createLogger } from '../../apps/server/src/platform/logging/logger.ts';
import { parseConnectionFacts } from '../../apps/server/src/platform/postgres/connection.ts';
import { openDatabases } from '../../apps/server/src/platform/postgres/databases.ts';

const orderSchema = z.object({
  facts: z.string(),
  passwords: z.record(z.string(), z.string()),
  quota: z.number(),
  address: z.string(),
});

process.once('message', (message) => {
  const { facts, passwords, quota, address } = orderSchema.parse(message);
  const databases = openDatabases({
    facts: parseConnectionFacts(facts),
    passwords,
    appPoolMax: 5,
    statementTimeoutMs: 10_000,
    onIdleError: () => {},
  });
  const quotas: Record<RateClass, number> = { default: quota, 'sign-in': quota, costly: quota };
  const limiter = new RateLimiter({
    limits: { address: quotas, identity: quotas, bucketsMax: 1_000 },
    exchange: new LimitExchange({
      db: databases.auth,
      processId: uuidV7Source(() => performance.timeOrigin + performance.now())<string>(),
      readMax: 1_000,
    }),
    requestQuotaOf: () => ({ perMinute: quota, perDay: quota }),
    monotonicMs: () => performance.now(),
    logger: createLogger('silent'),
  });
  let allowed = 0;
  const work = async (): Promise<void> => {
    await limiter.start();
    process.send?.('started');
    setInterval(() => {
      for (let tried = 0; tried < 50; tried += 1) {
        if (limiter.takeAddress(address, 'default').isAllowed) allowed += 1;
      }
    }, 5);
  };
  process.on('message', () => process.send?.({ allowed }));
  void work();
});
