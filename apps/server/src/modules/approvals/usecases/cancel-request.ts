import type { ApprovalView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { needAskedWith } from '../asked-with.ts';
import { statusAt } from '../domain/approval.ts';
import { approvalErrors } from '../domain/errors.ts';
import type { ApprovalRepository } from '../ports/approval-repository.ts';
import type { ReadApproval } from '../read-approval.ts';

/** Takes one's own request back while it is open. Throws `APPROVALS_NOT_FOUND`, `APPROVALS_EXPIRED` or `APPROVALS_NOT_PENDING`. */
export class CancelRequest {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #repository: ApprovalRepository;
  readonly #read: ReadApproval;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    repository: ApprovalRepository;
    read: ReadApproval;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#repository = options.repository;
    this.#read = options.read;
  }

  async execute(actor: Actor, id: string): Promise<ApprovalView> {
    await this.#authorize(actor, 'approval.read', { type: 'approval', id });
    // Whoever may see it and has not asked is told so; for all others it is not there.
    const seen = await this.#read(actor, id);
    if (seen.requester.id !== actor.id) throw approvalErrors.APPROVALS_NOT_REQUESTER();
    await needAskedWith({ uow: this.#uow, repository: this.#repository }, actor, id);
    await this.#uow.write(actor, async (tx) => {
      const request = await this.#repository.findForUpdate(tx, id);
      if (request === null) throw approvalErrors.APPROVALS_NOT_FOUND();
      const status = statusAt(request, await this.#repository.now(tx));
      if (status === 'expired') throw approvalErrors.APPROVALS_EXPIRED();
      if (status !== 'pending' && status !== 'approved') throw approvalErrors.APPROVALS_NOT_PENDING();
      await this.#repository.move(tx, request, { from: status, to: 'cancelled', by: actor.id });
      await tx.audit({ action: 'approval.cancelled', resource: { type: 'approval', id } });
      await tx.publish('approval.cancelled', { approvalId: id, operation: request.operation });
    });
    return this.#read(actor, id);
  }
}
