import type { RouteOutput, Routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { CastVote, Decision } from '../cast-vote.ts';
import type { ReadApproval } from '../read-approval.ts';

/**
 * Approves the plan of a hash (ACC-9). The last approval that is needed carries the plan out, as who asked. Throws
 * `APPROVALS_*` with what keeps this person from it.
 */
export class ApproveRequest {
  readonly #authorize: Authorize;
  readonly #castVote: CastVote;
  readonly #read: ReadApproval;
  constructor(options: { authorize: Authorize; castVote: CastVote; read: ReadApproval }) {
    this.#authorize = options.authorize;
    this.#castVote = options.castVote;
    this.#read = options.read;
  }

  async execute(actor: Actor, decision: Decision): Promise<RouteOutput<Routes['approveApproval']>> {
    await this.#authorize(actor, 'approval.decide', { type: 'approval', id: decision.id });
    const execution = await this.#castVote.cast(actor, { ...decision, decision: 'approve' });
    return { approval: await this.#read(actor, decision.id), execution };
  }
}
