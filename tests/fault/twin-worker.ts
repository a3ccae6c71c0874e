// Started by jobs-twin.test.ts: a worker process of its own, of the product's parts, on a database that it is told.
// Its jobs do one thing that can be counted: a row in the transaction of their completion.
import { SecretBytes } from '@quantumvault/crypto';
import pino from 'pino';
import { z } from 'zod';
import { systemClock } from '../../apps/server/src/kernel/clock.ts';
import { uuidV7Source } from '../../apps/server/src/kernel/ids.ts';
import { PostgresAuditAppender } from '../../apps/server/src/modules/audit/recording/audit-appender.ts';
import { PostgresJobQueue } from '../../apps/server/src/modules/jobs/adapters/postgres-job-queue.ts';
import { PostgresJobRepository } from '../../apps/server/src/modules/jobs/adapters/postgres-job-repository.ts';
import { PostgresJobSignal } from '../../apps/server/src/modules/jobs/adapters/postgres-job-signal.ts';
import type { JobHandler } from '../../apps/server/src/modules/jobs/ports/job-handler.ts';
import { JobWorker } from '../../apps/server/src/modules/jobs/worker/job-worker.ts';
import { ClaimRunner } from '../../apps/server/src/modules/jobs/worker/run-claim.ts';
import { PostgresKeyStore } from '../../apps/server/src/modules/keys/postgres-key-store.ts';
import { RootKey } from '../../apps/server/src/modules/keys/root-key.ts';
import { SubjectKeys } from '../../apps/server/src/modules/keys/subject-keys.ts';
import { TenantKeys } from '../../apps/server/src/modules/keys/tenant-keys.ts';
import { parseConnectionFacts } from '../../apps/server/src/platform/postgres/connection.ts';
import { openDatabases } from '../../apps/server/src/platform/postgres/databases.ts';
import { PostgresUnitOfWork } from '../../apps/server/src/platform/postgres/unit-of-work.ts';

const orderSchema = z.union([
  z.literal('stop'),
  z.object({
    facts: z.string(),
    passwords: z.record(z.string(), z.string()),
    rootKey: z.array(z.number()).length(32),
  }),
]);

type Order = Exclude<z.infer<typeof orderSchema>, 'stop'>;

function start({ facts, passwords, rootKey }: Order) {
  const logger = pino({ level: 'silent' });
  const databases = openDatabases({
    facts: parseConnectionFacts(facts),
    passwords,
    appPoolMax: 10,
    statementTimeoutMs: 30_000,
    onIdleError: () => {},
  });
  const newId = uuidV7Source(() => systemClock.now().getTime());
  const root = new RootKey();
  root.unseal(SecretBytes.take(Uint8Array.from(rootKey)));
  const store = new PostgresKeyStore();
  const tenantKeys = new TenantKeys({ root, store });
  const appender = new PostgresAuditAppender({ subjectKeys: () => subjectKeys, clock: systemClock, newId });
  const uow = new PostgresUnitOfWork({ db: databases.app, appender, newId });
  const subjectKeys = new SubjectKeys({ uow, store, tenantKeys, newId });
  const handler: JobHandler = {
    kind: 'protect-asset',
    effectsShareTransaction: true,
    run: async (job) => async (tx) => {
      await tx.publish('twin-effect', { jobId: job.id, worker: process.pid });
      return { result: { artifactId: job.id, artifactKind: 'data-key' } };
    },
  };
  const queue = new PostgresJobQueue({ db: databases.worker, kinds: [handler.kind] });
  const worker = new JobWorker({
    queue,
    runner: new ClaimRunner({
      uow,
      jobs: new PostgresJobRepository(),
      queue,
      handlers: new Map([[handler.kind, handler]]),
      metrics: { jobsCompleted: () => undefined, jobsFailed: () => undefined },
      logger,
    }),
    signal: new PostgresJobSignal({ config: databases.direct('qv_worker'), logger }),
    logger,
    parallel: 32,
    batch: 32,
    pollIntervalMs: 200,
    leaseSeconds: 15,
  });
  worker.start();
  return async () => {
    await worker.stop({ timeoutMs: 10_000 });
    await databases.close();
  };
}

let stop: () => Promise<void> = () => Promise.resolve();
process.on('message', (message) => {
  const order = orderSchema.parse(message);
  if (order !== 'stop') stop = start(order);
  else void stop().finally(() => process.disconnect?.());
});
// Whoever started it is gone, in order or not: nobody is left to work for.
process.on('disconnect', () => process.exit());
