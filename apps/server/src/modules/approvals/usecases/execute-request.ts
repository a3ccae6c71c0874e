import type { RouteOutput, Routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { needAskedWith } from '../asked-with.ts';
import type { CarryOut } from '../carry-out.ts';
import { approvalErrors } from '../domain/errors.ts';
import type { ApprovalRepository } from '../ports/approval-repository.ts';
import type { ReadApproval } from '../read-approval.ts';

/**
 * Carries an approved plan out when its first execution failed or was interrupted: for who asked and for who approved it.
 * Throws `APPROVALS_NOT_FOUND`, `APPROVALS_EXPIRED` or `APPROVALS_NOT_APPROVED`.
 */
export class ExecuteRequest {
  readonly #authorize: Authorize;
  readonly #carryOut: CarryOut;
  readonly #read: ReadApproval;
  readonly #facts: { uow: UnitOfWork; repository: ApprovalRepository };
  constructor(options: {
    authorize: Authorize;
    carryOut: CarryOut;
    read: ReadApproval;
    uow: UnitOfWork;
    repository: ApprovalRepository;
  }) {
    this.#authorize = options.authorize;
    this.#carryOut = options.carryOut;
    this.#read = options.read;
    this.#facts = options;
  }

  async execute(actor: Actor, id: string): Promise<RouteOutput<Routes['executeApproval']>> {
    await this.#authorize(actor, 'approval.read', { type: 'approval', id });
    const { requester, votes, status } = await this.#read(actor, id);
    const hasApproved = votes.some(({ approver, decision }) => approver.id === actor.id && decision === 'approve');
    if (requester.id !== actor.id && !hasApproved) throw approvalErrors.APPROVALS_NOT_REQUESTER();
    if (status === 'expired') throw approvalErrors.APPROVALS_EXPIRED();
    if (status !== 'approved') throw approvalErrors.APPROVALS_NOT_APPROVED();
    await needAskedWith(this.#facts, actor, id);
    const execution = await this.#carryOut.run(actor.tenantId, id, actor);
    return { approval: await this.#read(actor, id), execution };
  }
}
