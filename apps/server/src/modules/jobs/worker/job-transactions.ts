import type { Actor } from '../../../kernel/actor.ts';
import type { AuditEntry, UnitOfWork, WriteGroup, WriteTransaction } from '../../../kernel/unit-of-work.ts';
import { jobErrors } from '../domain/errors.ts';
import type { Claim, Job } from '../domain/job.ts';
import type { JobEffect } from '../ports/job-handler.ts';
import type { JobRepository } from '../ports/job-repository.ts';
import { Gather } from './gather.ts';

interface Beginning {
  readonly actor: Actor;
  readonly claim: Claim;
}

interface Ending extends Beginning {
  readonly job: Job;
  readonly effect: JobEffect;
}

// Each is a savepoint; PostgreSQL keeps 64 of a transaction at hand. More also hold their locks for longer.
const togetherMax = 16;

const refused = (reason: unknown): PromiseRejectedResult => ({ status: 'rejected', reason });

/**
 * The transactions of a job that is worked on, each fenced by its lease token (INV-9). A job alone gets transactions of
 * its own. When there are many of one tenant, their starts are stated together, and the effects of those whose handlers
 * allow it are, each behind a savepoint: one wait for the disk for all of them, and exactly what each would have done.
 */
export class JobTransactions {
  readonly #uow: UnitOfWork;
  readonly #jobs: JobRepository;
  readonly #beginnings: Gather<Beginning, Job>;
  readonly #endings: Gather<Ending, void>;

  constructor(options: { uow: UnitOfWork; jobs: JobRepository }) {
    this.#uow = options.uow;
    this.#jobs = options.jobs;
    const keyOf = ({ claim }: { readonly claim: Claim }): string => claim.tenantId;
    this.#beginnings = new Gather<Beginning, Job>({ keyOf, max: 64, lanes: 1, run: (all) => this.#beginAll(all) });
    // Two at once: while one waits for the disk, the other computes.
    this.#endings = new Gather<Ending, void>({
      keyOf,
      max: togetherMax,
      lanes: 2,
      run: (all) => this.#completeAll(all),
    });
  }

  /** Exactly one `job.started` in the life of a job: every later claim finds `started_at` set and says `job.resumed`. */
  begin(beginning: Beginning): Promise<Job> {
    return this.#beginnings.add(beginning);
  }

  /** Effect, completion and `job.completed`: all or none. */
  async complete(ending: Ending, options: { readonly together: boolean }): Promise<void> {
    if (options.together) return this.#endings.add(ending);
    const [result] = await this.#completeAll([ending]);
    if (result?.status === 'rejected') throw result.reason;
  }

  /** A write that exists only if the job is still ours and nobody has asked to stop it. */
  checkpoint({ actor, claim }: Beginning, step: (tx: WriteTransaction) => Promise<void>): Promise<void> {
    return this.#uow.write(actor, async (tx) => {
      const lease = (await this.#jobs.holdLeases(tx, [claim])).get(claim.token);
      const refusal = refusalOf(lease);
      if (refusal !== null) throw refusal;
      await step(tx);
    });
  }

  #beginAll(all: readonly Beginning[]): Promise<readonly PromiseSettledResult<Job>[]> {
    return this.#uow.writeGroup(
      all.map(({ actor }) => actor),
      async (group) => {
        const begun = await this.#jobs.begin(
          group.tx,
          all.map(({ claim }) => claim),
        );
        return all.map(({ actor, claim }) => {
          const found = begun.get(claim.token);
          if (found === undefined) return refused(jobErrors.JOBS_LEASE_LOST());
          const { job, isFirstStart } = found;
          if (job.cancelRequestedAt !== null) return refused(jobErrors.JOBS_CANCELLED());
          group.audit(actor, {
            action: isFirstStart ? 'job.started' : 'job.resumed',
            resource: { type: 'job', id: claim.id },
            details: { kind: job.kind, attempt: job.attempts, requestedBy: job.requestedBy },
          });
          return { status: 'fulfilled', value: job };
        });
      },
    );
  }

  #completeAll(all: readonly Ending[]): Promise<readonly PromiseSettledResult<void>[]> {
    return this.#uow.writeGroup(
      all.map(({ actor }) => actor),
      async (group) => {
        const leases = await this.#jobs.holdLeases(
          group.tx,
          all.map(({ claim }) => claim),
        );
        const results = new Map<Ending, PromiseSettledResult<void>>();
        const succeeded: (Claim & { readonly result: unknown })[] = [];
        for (const ending of inLockOrder(all)) {
          // Whoever was told "asked to stop" must not find the effect afterwards.
          const refusal = refusalOf(leases.get(ending.claim.token));
          try {
            if (refusal !== null) throw refusal;
            succeeded.push({ ...ending.claim, result: await this.#effect(group, ending) });
            results.set(ending, { status: 'fulfilled', value: undefined });
          } catch (error) {
            results.set(ending, refused(error));
          }
        }
        // Their rows are locked since the leases were looked at; if one is not there, nothing of this may stay.
        if ((await this.#jobs.succeed(group.tx, succeeded)) !== succeeded.length) throw jobErrors.JOBS_LEASE_LOST();
        return all.map((ending) => results.get(ending) ?? refused(jobErrors.JOBS_LEASE_LOST()));
      },
    );
  }

  #effect(group: WriteGroup, { actor, claim, job, effect }: Ending): Promise<unknown> {
    return group.write(actor, async (tx) => {
      const { result, details } = await effect(tx);
      await tx.audit(completedEvent(job, details));
      await tx.publish('job.ended', { jobId: claim.id, kind: job.kind, status: 'succeeded' });
      return result;
    });
  }
}

const completedEvent = (job: Job, details: AuditEntry['details']): AuditEntry => ({
  action: 'job.completed',
  resource: { type: 'job', id: job.id },
  outcome: 'success',
  details: { kind: job.kind, attempts: job.attempts, requestedBy: job.requestedBy, ...details },
});

function refusalOf(lease: { readonly cancelRequested: boolean } | undefined): Error | null {
  if (lease === undefined) return jobErrors.JOBS_LEASE_LOST();
  return lease.cancelRequested ? jobErrors.JOBS_CANCELLED() : null;
}

/** Two transactions that lock the rows of assets in the same order never wait for each other in a circle. */
function inLockOrder(all: readonly Ending[]): Ending[] {
  return [...all].sort((a, b) => ((a.job.assetId ?? '') < (b.job.assetId ?? '') ? -1 : 1));
}
