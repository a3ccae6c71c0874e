import type { ApprovalView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { ReadApproval } from '../read-approval.ts';

/** A request with its exact plan and what it waits for. Throws `APPROVALS_NOT_FOUND`, also when it does not concern the actor. */
export class GetApproval {
  readonly #authorize: Authorize;
  readonly #read: ReadApproval;
  constructor(options: { authorize: Authorize; read: ReadApproval }) {
    this.#authorize = options.authorize;
    this.#read = options.read;
  }

  async execute(actor: Actor, id: string): Promise<ApprovalView> {
    await this.#authorize(actor, 'approval.read', { type: 'approval', id });
    return this.#read(actor, id);
  }
}
