import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { CancelJob } from '../usecases/cancel-job.ts';
import { GetJob } from '../usecases/get-job.ts';
import { ListJobs } from '../usecases/list-jobs.ts';

@Controller()
export class JobsController {
  readonly #listJobs: ListJobs;
  readonly #getJob: GetJob;
  readonly #cancelJob: CancelJob;
  constructor(
    @Inject(ListJobs) listJobs: ListJobs,
    @Inject(GetJob) getJob: GetJob,
    @Inject(CancelJob) cancelJob: CancelJob,
  ) {
    this.#listJobs = listJobs;
    this.#getJob = getJob;
    this.#cancelJob = cancelJob;
  }

  @Endpoint(routes.listJobs)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listJobs>) {
    return this.#listJobs.execute(actor, input.query);
  }

  @Endpoint(routes.getJob)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getJob>) {
    return this.#getJob.execute(actor, input.params.id);
  }

  @Endpoint(routes.cancelJob)
  cancel(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.cancelJob>) {
    return this.#cancelJob.execute(actor, input.params.id);
  }
}
