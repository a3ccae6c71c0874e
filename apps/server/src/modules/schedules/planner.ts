import type { PlanTlsScan } from '../inventory/index.ts';
import type { PlanProtectionJob } from '../protection/index.ts';
import type { Planner } from './ports/planner.ts';

/** Schedules ask for what the API asks for, and plan it with the same functions. */
export function createPlanner(options: { planTlsScan: PlanTlsScan; planProtectionJob: PlanProtectionJob }): Planner {
  return {
    permissionFor: ({ kind }) => (kind === 'scan-tls' ? 'asset.scan' : 'asset.protect'),
    plan: async (tx, work) =>
      work.kind === 'scan-tls' ? options.planTlsScan(tx, work) : (await options.planProtectionJob(tx, work)).newJob,
  };
}
