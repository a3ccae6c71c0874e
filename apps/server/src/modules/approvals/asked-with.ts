import type { Actor } from '../../kernel/actor.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { approvalErrors } from './domain/errors.ts';
import { recall } from './domain/facts.ts';
import type { ApprovalRepository } from './ports/approval-repository.ts';

/**
 * ACC-2: a key for one place ends and carries out what was asked for with it, and no other request of its owner: that may be of
 * any place. Throws `APPROVALS_NOT_REQUESTER`.
 */
export async function needAskedWith(
  { uow, repository }: { readonly uow: UnitOfWork; readonly repository: Pick<ApprovalRepository, 'facts'> },
  actor: Actor,
  requestId: string,
): Promise<void> {
  if (actor.credential.isPlaced !== true) return;
  const facts = await uow.read(actor.tenantId, (tx) => repository.facts(tx, requestId));
  if (recall(facts.get(actor.id), requestId)?.credential.id === actor.credential.id) return;
  throw approvalErrors.APPROVALS_NOT_REQUESTER({
    detail: 'It was not asked for with this key, which is for one place.',
  });
}
