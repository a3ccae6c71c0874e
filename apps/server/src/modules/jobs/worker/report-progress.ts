import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { Claim } from '../domain/job.ts';
import type { JobRepository } from '../ports/job-repository.ts';

/**
 * Writes a job's progress with at most one statement under way: what is reported meanwhile replaces what waits, so a
 * handler may report as often as it likes. A progress that cannot be written is no failure of the job.
 */
export function reportProgress(options: { uow: UnitOfWork; jobs: JobRepository; claim: Claim }) {
  const { uow, jobs, claim } = options;
  let written = 0;
  let waiting: number | null = null;
  let writing: Promise<void> | null = null;

  const drain = async (): Promise<void> => {
    while (waiting !== null) {
      const percent = waiting;
      waiting = null;
      written = percent;
      await uow
        .writeUnaudited({ tenantId: claim.tenantId, reason: 'progress is a view of a job, not an effect' }, (tx) =>
          jobs.setProgress(tx, claim, percent),
        )
        .catch(() => undefined);
    }
    writing = null;
  };

  return {
    report(percent: number): void {
      const bounded = Math.min(99, Math.max(0, Math.floor(percent)));
      if (bounded <= (waiting ?? written)) return;
      waiting = bounded;
      writing ??= drain();
    },
    /** Resolves when nothing is being written any more: afterwards the row belongs to the completion. */
    async settled(): Promise<void> {
      await writing;
    },
  };
}
