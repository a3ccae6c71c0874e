import type { JobView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { ReachOf } from '../../access/index.ts';
import { jobView } from '../domain/job.ts';
import type { JobFilter, JobRepository } from '../ports/job-repository.ts';

export interface ListJobsQuery extends Pick<JobFilter, 'status' | 'kind' | 'assetId' | 'limit'> {
  readonly cursor?: string | undefined;
}

/** Jobs of the actor's organization but those of places where a denial keeps the actor out, newest first (ACC-6). */
export class ListJobs {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #jobs: JobRepository;
  readonly #reachOf: ReachOf;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; jobs: JobRepository; reachOf: ReachOf }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#jobs = options.jobs;
    this.#reachOf = options.reachOf;
  }

  async execute(actor: Actor, query: ListJobsQuery): Promise<Page<JobView>> {
    await this.#authorize(actor, 'job.read', { type: 'organization', id: actor.tenantId });
    const { status, kind, assetId, limit } = query;
    const before = query.cursor === undefined ? null : String(decodeCursor(query.cursor, ['uuid'])[0]);
    const denied = this.#reachOf(actor, 'job.read')?.denied ?? [];
    const jobs = await this.#uow.read(actor.tenantId, (tx) =>
      this.#jobs.list(tx, { status, kind, assetId, denied, before, limit: limit + 1 }),
    );
    return pageOf(jobs.map(jobView), limit, (job) => [job.id]);
  }
}
