import type { ServerSettings } from './config/load-settings.ts';
import type { Composition } from './main.compose.ts';
import { createJobWorker, type JobHandler } from './modules/jobs/index.ts';
import type { PartHealth } from './modules/operations/index.ts';
import { logSink, OutboxRelay } from './platform/outbox/outbox-relay.ts';

export interface WorkerOptions {
  readonly composition: Composition;
  readonly settings: ServerSettings;
  readonly installationId: string;
  readonly handlers: readonly JobHandler[];
}

/** The background half of a process: jobs, the audit log's sequencer, the outbox. */
export interface Worker {
  chainValid(): boolean | null;
  auditHealth(): PartHealth;
  /** Drains jobs and outbox; the log goes on, because stopping is an event too. */
  stopJobs(): Promise<void>;
  stopSequencer(): Promise<void>;
}

export async function startWorker({ composition, settings, installationId, handlers }: WorkerOptions): Promise<Worker> {
  const { uow, databases, metrics, logger } = composition;
  const sequencer = await composition.createSequencer(installationId);
  sequencer.start();
  // A worker for each kind: scans of hosts that do not answer must not keep protection waiting, whoever asked for them.
  const workers = handlers.map((handler) =>
    createJobWorker({ uow, databases, settings, metrics, logger, handlers: [handler] }),
  );
  for (const jobs of workers) jobs.start();
  const relay = new OutboxRelay({
    db: databases.worker,
    sinks: [logSink(logger)],
    logger,
    pollIntervalMs: settings.jobPollIntervalMs,
  });
  relay.start();
  return {
    chainValid: () => sequencer.chainValid,
    auditHealth: () => sequencer.health(),
    stopJobs: async () => {
      await Promise.all(workers.map((jobs) => jobs.stop({ timeoutMs: settings.shutdownTimeoutMs })));
      await relay.stop();
    },
    stopSequencer: () => sequencer.stop(),
  };
}
