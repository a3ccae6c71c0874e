import type { JobView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { jobErrors } from '../domain/errors.ts';
import { jobView } from '../domain/job.ts';
import type { JobRepository } from '../ports/job-repository.ts';

/**
 * Cancels a job: a pending one at once, a running one when its worker lets go. In both cases nothing of its effect will
 * exist, because the completion looks for the request under a lock. Throws `JOBS_NOT_FOUND` or `JOBS_ENDED`.
 */
export class CancelJob {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #approvals: ApprovalGate;
  readonly #jobs: JobRepository;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    approvals: ApprovalGate;
    jobs: JobRepository;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#approvals = options.approvals;
    this.#jobs = options.jobs;
  }

  async execute(actor: Actor, id: string): Promise<JobView> {
    await this.#authorize(actor, 'job.cancel', { type: 'job', id });
    const resource = { type: 'job', id };
    const ticket = await this.#approvals.gate(actor, {
      operation: 'job.cancel',
      resource,
      plan: async (tx) => {
        const job = await this.#jobs.find(tx, id);
        if (job === null) throw jobErrors.JOBS_NOT_FOUND();
        return { jobId: id, kind: job.kind, assetId: job.assetId, requestedBy: job.requestedBy };
      },
    });
    return this.#uow.write(actor, async (tx) => {
      await ticket.consume(tx);
      const job = await this.#jobs.requestCancel(tx, id);
      if (job === null) {
        if ((await this.#jobs.find(tx, id)) === null) throw jobErrors.JOBS_NOT_FOUND();
        throw jobErrors.JOBS_ENDED();
      }
      // A running job ends with its own `job.completed`; this event says who asked for it.
      await tx.audit({
        action: 'job.cancelled',
        resource,
        details: { kind: job.kind, state: job.status === 'running' ? 'requested' : 'ended' },
      });
      return jobView(job);
    });
  }
}
