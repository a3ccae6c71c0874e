// A tenant in a database of its own with the real unit of work, keys and access; for the tests of jobs and its users.
import { setTimeout as sleep } from 'node:timers/promises';
import { SecretBytes } from '@quantumvault/crypto';
import pino from 'pino';
import { cloneDatabase, type TestDatabase } from '../../../../../tests/harness/database.ts';
import { accessOfRoles, freshSession } from '../../kernel/access.test-support.ts';
import { type Actor, internalRequest } from '../../kernel/actor.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import { systemClock } from '../../kernel/clock.ts';
import { type ActorId, type EnvironmentId, type TenantId, uuidV7Source } from '../../kernel/ids.ts';
import { PostgresUnitOfWork } from '../../platform/postgres/unit-of-work.ts';
import { createAuthorize } from '../access/index.ts';
import { PostgresAuditAppender } from '../audit/recording/audit-appender.ts';
import { PostgresKeyStore } from '../keys/postgres-key-store.ts';
import { RootKey } from '../keys/root-key.ts';
import { SubjectKeys } from '../keys/subject-keys.ts';
import { TenantKeys } from '../keys/tenant-keys.ts';
import { PostgresJobQueue } from './adapters/postgres-job-queue.ts';
import { PostgresJobRepository } from './adapters/postgres-job-repository.ts';
import { PostgresJobSignal } from './adapters/postgres-job-signal.ts';
import { createEnqueueJob } from './enqueue-job.ts';
import type { JobHandler } from './ports/job-handler.ts';
import { JobWorker, type JobWorkerOptions } from './worker/job-worker.ts';
import { ClaimRunner } from './worker/run-claim.ts';

export const newId = uuidV7Source(() => Date.now());

export interface World {
  readonly database: TestDatabase;
  readonly uow: PostgresUnitOfWork;
  readonly authorize: Authorize;
  readonly tenantKeys: TenantKeys;
  readonly jobs: PostgresJobRepository;
  readonly queue: PostgresJobQueue;
  readonly enqueue: ReturnType<typeof createEnqueueJob>;
  readonly actor: Actor;
  readonly environmentId: EnvironmentId;
  newTenant(): Promise<{ actor: Actor; environmentId: EnvironmentId }>;
  /** A worker like the product's, quick to poll; give `handlers` of the kinds that it may run. */
  worker(handlers: readonly JobHandler[], options?: Partial<JobWorkerOptions>): JobWorker;
  /** SQL as the cluster's administrator. */
  sql<T extends object>(text: string, values?: readonly unknown[]): Promise<T[]>;
  /** Actions of the events about a resource, oldest first. */
  eventsOf(resourceId: string): Promise<string[]>;
  close(): Promise<void>;
}

export const userActor = (tenantId: TenantId, overrides: Partial<Actor> = {}): Actor => ({
  kind: 'user',
  id: newId<ActorId>(),
  tenantId,
  access: accessOfRoles(['organization-admin']),
  credential: freshSession(),
  approval: null,
  request: internalRequest(newId<string>()),
  ...overrides,
});

/** `rootKey`: for a test that starts a second process on the same database. */
export async function createWorld(rootKey: SecretBytes = SecretBytes.random(32)): Promise<World> {
  const database = await cloneDatabase();
  const logger = pino({ level: 'silent' });
  const root = new RootKey();
  root.unseal(rootKey);
  const store = new PostgresKeyStore();
  const tenantKeys = new TenantKeys({ root, store });
  const appender = new PostgresAuditAppender({ subjectKeys: () => subjectKeys, clock: systemClock, newId });
  const uow = new PostgresUnitOfWork({ db: database.databases.app, appender, newId });
  const subjectKeys = new SubjectKeys({ uow, store, tenantKeys, newId });
  const jobs = new PostgresJobRepository();
  const queue = new PostgresJobQueue({ db: database.databases.worker });
  const superuser = await database.superuser();

  const newTenant = async () => {
    const tenantId = newId<TenantId>();
    const environmentId = newId<EnvironmentId>();
    await superuser.query('INSERT INTO organization (id, name) VALUES ($1, $2)', [tenantId, 'Test']);
    await superuser.query("INSERT INTO environment (id, tenant_id, name, type) VALUES ($1, $2, 'local', 'local')", [
      environmentId,
      tenantId,
    ]);
    await uow.writeUnaudited({ tenantId, reason: 'test data' }, (tx) => tenantKeys.create(tx));
    return { actor: userActor(tenantId), environmentId };
  };
  const first = await newTenant();

  return {
    database,
    uow,
    authorize: createAuthorize({ uow, clock: systemClock }),
    tenantKeys,
    jobs,
    queue,
    enqueue: createEnqueueJob({ jobs, newId }),
    ...first,
    newTenant,
    worker: (handlers, options = {}) =>
      new JobWorker({
        queue,
        runner: new ClaimRunner({
          uow,
          jobs,
          queue,
          handlers: new Map(handlers.map((handler) => [handler.kind, handler])),
          metrics: { jobsCompleted: () => undefined, jobsFailed: () => undefined },
          logger,
        }),
        signal: new PostgresJobSignal({ config: database.databases.direct('qv_worker'), logger }),
        logger,
        parallel: 4,
        batch: 8,
        pollIntervalMs: 50,
        leaseSeconds: 3,
        ...options,
      }),
    sql: async <T extends object>(text: string, values: readonly unknown[] = []) =>
      (await superuser.query<T & Record<string, unknown>>(text, [...values])).rows,
    eventsOf: async (resourceId) => {
      const { rows } = await superuser.query<{ action: string }>(
        'SELECT action FROM audit_event WHERE resource_id = $1 ORDER BY id',
        [resourceId],
      );
      return rows.map(({ action }) => action);
    },
    close: async () => {
      await superuser.end();
      await database.close();
    },
  };
}

/** Waits until the condition holds; fails the test when it does not within the time. */
export async function eventually(condition: () => Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('the condition did not come true in time');
    await sleep(20);
  }
}
