import type { ApprovalView } from '@quantumvault/api';
import type { Actor } from '../../kernel/actor.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import type { May } from '../access/index.ts';
import type { ApprovalRepository } from './ports/approval-repository.ts';
import { type ApprovalViews, needVisible } from './view.ts';

/** One request as the actor may see it. Throws `APPROVALS_NOT_FOUND`. */
export type ReadApproval = (actor: Actor, id: string) => Promise<ApprovalView>;

export function createReadApproval(options: {
  readonly uow: UnitOfWork;
  readonly repository: ApprovalRepository;
  readonly views: ApprovalViews;
  readonly may: May;
}): ReadApproval {
  const { uow, repository, views, may } = options;
  return (actor, id) =>
    uow.read(actor.tenantId, async (tx) => {
      const request = await needVisible(tx, { repository, actor, id, may });
      return views.detail(tx, actor, request);
    });
}
