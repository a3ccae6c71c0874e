import type { RouteOutput, Routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { CastVote, Decision } from '../cast-vote.ts';
import type { ReadApproval } from '../read-approval.ts';

/** Rejects the plan of a hash, which ends the request (ACC-9). Throws `APPROVALS_*` with what keeps this person from it. */
export class RejectRequest {
  readonly #authorize: Authorize;
  readonly #castVote: CastVote;
  readonly #read: ReadApproval;
  constructor(options: { authorize: Authorize; castVote: CastVote; read: ReadApproval }) {
    this.#authorize = options.authorize;
    this.#castVote = options.castVote;
    this.#read = options.read;
  }

  async execute(actor: Actor, decision: Decision): Promise<RouteOutput<Routes['rejectApproval']>> {
    await this.#authorize(actor, 'approval.decide', { type: 'approval', id: decision.id });
    const execution = await this.#castVote.cast(actor, { ...decision, decision: 'reject' });
    return { approval: await this.#read(actor, decision.id), execution };
  }
}
