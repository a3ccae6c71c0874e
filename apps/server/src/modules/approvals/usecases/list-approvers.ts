import type { ApproversView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { May } from '../../access/index.ts';
import type { Judge } from '../judge.ts';
import type { ApprovalRepository } from '../ports/approval-repository.ts';
import type { People } from '../ports/people.ts';
import { needVisible } from '../view.ts';

// Enough to find somebody to ask.
const peopleShownMax = 50;

/**
 * ACC-9: who could approve a request now, for each demand by itself: judged as a vote is, so that a denial, an end or the
 * person of the requester counts. Throws `APPROVALS_NOT_FOUND`.
 */
export class ListApprovers {
  readonly #authorize: Authorize;
  readonly #parts: { uow: UnitOfWork; repository: ApprovalRepository; people: People; judge: Judge; may: May };
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    repository: ApprovalRepository;
    people: People;
    judge: Judge;
    may: May;
  }) {
    this.#authorize = options.authorize;
    this.#parts = options;
  }

  async execute(actor: Actor, id: string): Promise<ApproversView> {
    await this.#authorize(actor, 'user.read', { type: 'approval', id });
    const { uow, repository, people, judge, may } = this.#parts;
    return uow.read(actor.tenantId, async (tx) => {
      const request = await needVisible(tx, { repository, actor, id, may });
      const demand = await judge.demand(tx, request);
      const thresholds: ApproversView['thresholds'] = [];
      for (const threshold of demand.thresholds) {
        const wanted = { ...request, demand: { ...demand, thresholds: [threshold] }, limit: peopleShownMax + 1 };
        const ids = await judge.approversFor(tx, wanted);
        thresholds.push({
          ...threshold,
          approvers: [...(await people.usersOf(tx, ids.slice(0, peopleShownMax)))],
          truncated: ids.length > peopleShownMax,
        });
      }
      return { thresholds };
    });
  }
}
