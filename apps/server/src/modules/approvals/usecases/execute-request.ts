import type { RouteOutput, Routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { CarryOut } from '../carry-out.ts';
import { approvalErrors } from '../domain/errors.ts';
import type { ReadApproval } from '../read-approval.ts';

/**
 * Carries an approved plan out when its first execution failed or was interrupted: for who asked and for who approved it.
 * Throws `APPROVALS_NOT_FOUND`, `APPROVALS_EXPIRED` or `APPROVALS_NOT_APPROVED`.
 */
export class ExecuteRequest {
  readonly #authorize: Authorize;
  readonly #carryOut: CarryOut;
  readonly #read: ReadApproval;
  constructor(options: { authorize: Authorize; carryOut: CarryOut; read: ReadApproval }) {
    this.#authorize = options.authorize;
    this.#carryOut = options.carryOut;
    this.#read = options.read;
  }

  async execute(actor: Actor, id: string): Promise<RouteOutput<Routes['executeApproval']>> {
    await this.#authorize(actor, 'approval.read', { type: 'approval', id });
    const { requester, votes, status } = await this.#read(actor, id);
    const hasApproved = votes.some(({ approver, decision }) => approver.id === actor.id && decision === 'approve');
    if (requester.id !== actor.id && !hasApproved) throw approvalErrors.APPROVALS_NOT_REQUESTER();
    if (status === 'expired') throw approvalErrors.APPROVALS_EXPIRED();
    if (status !== 'approved') throw approvalErrors.APPROVALS_NOT_APPROVED();
    const execution = await this.#carryOut.run(actor.tenantId, id, actor);
    return { approval: await this.#read(actor, id), execution };
  }
}
