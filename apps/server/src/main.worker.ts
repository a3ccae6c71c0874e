import type { ServerSettings } from './config/load-settings.ts';
import type { Composition } from './main.compose.ts';
import { createJobWorkers, type RequestedJobHandler } from './modules/jobs/index.ts';
import type { PartHealth } from './modules/operations/index.ts';
import { createScheduleTicker, type FireSchedule } from './modules/schedules/index.ts';
import { logSink, OutboxRelay } from './platform/outbox/outbox-relay.ts';

export interface WorkerOptions {
  readonly composition: Composition;
  readonly settings: ServerSettings;
  readonly installationId: string;
  readonly handlers: readonly RequestedJobHandler[];
  readonly fireSchedule: FireSchedule;
}

/** The background half of a process: jobs, the audit log's sequencer, the outbox. */
export interface Worker {
  chainValid(): boolean | null;
  auditHealth(): PartHealth;
  /** Drains jobs and outbox; the log goes on, because stopping is an event too. */
  stopJobs(): Promise<void>;
  stopSequencer(): Promise<void>;
}

export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { composition, settings, installationId, handlers, fireSchedule } = options;
  const { uow, databases, metrics, logger, mayNow } = composition;
  const sequencer = await composition.createSequencer(installationId);
  sequencer.start();
  const workers = createJobWorkers({ uow, databases, settings, metrics, logger, handlers, mayNow });
  for (const jobs of workers) jobs.start();
  const ticker = createScheduleTicker({
    databases,
    fireSchedule,
    pollIntervalMs: settings.jobPollIntervalMs,
    logger,
  });
  ticker.start();
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
      await ticker.stop();
      await Promise.all(workers.map((jobs) => jobs.stop({ timeoutMs: settings.shutdownTimeoutMs })));
      await relay.stop();
    },
    stopSequencer: () => sequencer.stop(),
  };
}
