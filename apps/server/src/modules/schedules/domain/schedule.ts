import type { ScheduledWork, ScheduleView } from '@quantumvault/api';
import type { ActorId } from '../../../kernel/ids.ts';

/** INV-9: work that comes back by the clock. */
export interface Schedule {
  readonly id: string;
  readonly name: string;
  /** As it was stored; parsed again before it is used, since it may be older than this release. */
  readonly work: unknown;
  readonly kind: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly priority: number;
  readonly enabled: boolean;
  readonly disabledReason: string | null;
  readonly nextRunAt: Date | null;
  readonly lastRunAt: Date | null;
  readonly lastJobId: string | null;
  readonly createdBy: ActorId;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

/** A bound for one organization, so that nobody fills the engine by the clock. */
export const schedulesMax = 1_000;

export function scheduleView(schedule: Schedule): ScheduleView {
  return {
    id: schedule.id,
    name: schedule.name,
    // The contract's schema parses every answer, so a shape that it does not know cannot leave.
    work: schedule.work as ScheduledWork,
    cron: schedule.cron,
    timeZone: schedule.timeZone,
    priority: schedule.priority,
    enabled: schedule.enabled,
    disabledReason: schedule.disabledReason,
    nextRunAt: schedule.nextRunAt?.toISOString() ?? null,
    lastRunAt: schedule.lastRunAt?.toISOString() ?? null,
    lastJobId: schedule.lastJobId,
    createdBy: schedule.createdBy,
    createdAt: schedule.createdAt.toISOString(),
    updatedAt: schedule.updatedAt.toISOString(),
    version: schedule.version,
  };
}
