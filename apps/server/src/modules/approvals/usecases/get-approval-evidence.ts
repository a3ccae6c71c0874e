import type { ApprovalEvidence } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { isoInstant } from '../../../kernel/clock.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { May } from '../../access/index.ts';
import { statusAt } from '../domain/approval.ts';
import type { ApprovalRepository } from '../ports/approval-repository.ts';
import type { ApproverKeys } from '../ports/approver-keys.ts';
import { needVisible } from '../view.ts';

/** Plan and signed statements of a request, for an outsider (APR-7). Throws `APPROVALS_NOT_FOUND`. */
export class GetApprovalEvidence {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #repository: ApprovalRepository;
  readonly #keys: ApproverKeys;
  readonly #may: May;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    repository: ApprovalRepository;
    keys: ApproverKeys;
    may: May;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#repository = options.repository;
    this.#keys = options.keys;
    this.#may = options.may;
  }

  async execute(actor: Actor, id: string): Promise<ApprovalEvidence> {
    await this.#authorize(actor, 'approval.read', { type: 'approval', id });
    const repository = this.#repository;
    return this.#uow.read(actor.tenantId, async (tx) => {
      const request = await needVisible(tx, { repository, actor, id, may: this.#may });
      const votes = await repository.votes(tx, id);
      const keyIds = votes.flatMap(({ keyId }) => (keyId === null ? [] : [keyId]));
      const signers = new Map((await this.#keys.find(tx, keyIds)).map((key) => [key.id, key.signer]));
      return {
        format: 'quantumvault-approval/1',
        tenant: tx.tenantId,
        requestId: id,
        operation: request.operation,
        resource: { ...request.resource },
        plan: { ...request.plan },
        planHash: Buffer.from(request.planHash).toString('hex'),
        requester: { ...request.requester },
        status: statusAt(request, await repository.now(tx)),
        statements: votes.map((vote) => ({
          approverId: vote.approverId,
          decision: vote.decision,
          at: isoInstant(vote.createdAt),
          signer: vote.keyId === null ? null : (signers.get(vote.keyId) ?? null),
          signature: vote.signature === null ? null : Buffer.from(vote.signature).toString('base64'),
        })),
      };
    });
  }
}
