import { Module } from '@nestjs/common';
import type { Authorize } from '../../kernel/authorize.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Databases } from '../../platform/postgres/databases.ts';
import { AUTHORIZE, MAY_NOW, NEW_ID, UNIT_OF_WORK } from '../../platform/tokens.ts';
import type { MayNow } from '../access/index.ts';
import { InventoryModule, PLAN_TLS_SCAN, type PlanTlsScan } from '../inventory/index.ts';
import { ENQUEUE_JOB, type EnqueueJob, JobsModule } from '../jobs/index.ts';
import { PLAN_PROTECTION_JOB, type PlanProtectionJob, ProtectionModule } from '../protection/index.ts';
import { nextTime } from './adapters/croner-times.ts';
import { PostgresDueSchedules, PostgresScheduleRepository } from './adapters/postgres-schedule-repository.ts';
import { SchedulesController } from './api/schedules.controller.ts';
import { createPlanner } from './planner.ts';
import type { NextTime } from './ports/next-time.ts';
import type { Planner } from './ports/planner.ts';
import type { ScheduleRepository } from './ports/schedule-repository.ts';
import { FireSchedule } from './ticker/fire-schedule.ts';
import { ScheduleTicker } from './ticker/schedule-ticker.ts';
import { CreateSchedule } from './usecases/create-schedule.ts';
import { DeleteSchedule } from './usecases/delete-schedule.ts';
import { GetSchedule, ListSchedules } from './usecases/read-schedules.ts';
import { UpdateSchedule } from './usecases/update-schedule.ts';

const SCHEDULE_REPOSITORY = Symbol('ScheduleRepository');
const PLANNER = Symbol('Planner');

type Deps = {
  authorize: Authorize;
  uow: UnitOfWork;
  schedules: ScheduleRepository;
  planner: Planner;
  nextTime: NextTime;
};
const onSchedules = <T>(useCase: new (deps: Deps) => T) => ({
  provide: useCase,
  inject: [AUTHORIZE, UNIT_OF_WORK, SCHEDULE_REPOSITORY, PLANNER],
  useFactory: (authorize: Authorize, uow: UnitOfWork, schedules: ScheduleRepository, planner: Planner) =>
    new useCase({ authorize, uow, schedules, planner, nextTime }),
});

/** Every worker process has one; `start` when it serves, `stop` before it closes its pools. */
export function createScheduleTicker(parts: {
  readonly databases: Databases;
  readonly fireSchedule: FireSchedule;
  readonly pollIntervalMs: number;
  readonly logger: Logger;
}): ScheduleTicker {
  const { databases, fireSchedule, pollIntervalMs, logger } = parts;
  return new ScheduleTicker({
    due: new PostgresDueSchedules(databases.worker),
    fire: fireSchedule,
    pollIntervalMs,
    logger,
  });
}

@Module({
  imports: [JobsModule, InventoryModule, ProtectionModule],
  controllers: [SchedulesController],
  providers: [
    { provide: SCHEDULE_REPOSITORY, useFactory: () => new PostgresScheduleRepository() },
    {
      provide: PLANNER,
      inject: [PLAN_TLS_SCAN, PLAN_PROTECTION_JOB],
      useFactory: (planTlsScan: PlanTlsScan, planProtectionJob: PlanProtectionJob) =>
        createPlanner({ planTlsScan, planProtectionJob }),
    },
    {
      provide: CreateSchedule,
      inject: [AUTHORIZE, UNIT_OF_WORK, SCHEDULE_REPOSITORY, PLANNER, NEW_ID],
      useFactory: (
        authorize: Authorize,
        uow: UnitOfWork,
        schedules: ScheduleRepository,
        planner: Planner,
        newId: NewId,
      ) => new CreateSchedule({ authorize, uow, schedules, planner, nextTime, newId }),
    },
    onSchedules(ListSchedules),
    onSchedules(GetSchedule),
    onSchedules(UpdateSchedule),
    onSchedules(DeleteSchedule),
    {
      provide: FireSchedule,
      inject: [UNIT_OF_WORK, SCHEDULE_REPOSITORY, ENQUEUE_JOB, PLANNER, MAY_NOW],
      useFactory: (
        uow: UnitOfWork,
        schedules: ScheduleRepository,
        enqueue: EnqueueJob,
        planner: Planner,
        mayNow: MayNow,
      ) => new FireSchedule({ uow, schedules, enqueue, planner, nextTime, mayNow }),
    },
  ],
  exports: [FireSchedule],
})
export class SchedulesModule {}
