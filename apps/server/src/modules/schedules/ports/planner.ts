import type { ScheduledWork } from '@quantumvault/api';
import type { Permission } from '../../../kernel/permissions.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { NewJob } from '../../jobs/index.ts';

/** Turns scheduled work into the job that asking for it now would make; throws `AppError` when it is refused now. */
export interface Planner {
  permissionFor(work: ScheduledWork): Permission;
  plan(tx: Transaction, work: ScheduledWork): Promise<NewJob>;
}
