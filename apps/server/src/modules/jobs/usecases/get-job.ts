import type { JobView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { jobErrors } from '../domain/errors.ts';
import { jobView } from '../domain/job.ts';
import type { JobRepository } from '../ports/job-repository.ts';

/** One job of the actor's organization. Throws `JOBS_NOT_FOUND`. */
export class GetJob {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #jobs: JobRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; jobs: JobRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#jobs = options.jobs;
  }

  async execute(actor: Actor, id: string): Promise<JobView> {
    await this.#authorize(actor, 'job.read', { type: 'job', id });
    const job = await this.#uow.read(actor.tenantId, (tx) => this.#jobs.find(tx, id));
    if (job === null) throw jobErrors.JOBS_NOT_FOUND();
    return jobView(job);
  }
}
