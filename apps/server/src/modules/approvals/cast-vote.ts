import type { ApprovalExecution } from '@quantumvault/api';
import { constantTimeEqual } from '@quantumvault/crypto';
import type { Actor } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/app-error.ts';
import { isSamePerson } from '../../kernel/person.ts';
import type { UnitOfWork, WriteTransaction } from '../../kernel/unit-of-work.ts';
import type { CarryOut } from './carry-out.ts';
import { type ApprovalRequest, statusAt, type Vote } from './domain/approval.ts';
import type { Demand } from './domain/demand.ts';
import { approvalErrors } from './domain/errors.ts';
import { factsOf } from './domain/facts.ts';
import { isInNetworks } from './domain/networks.ts';
import { requesterKeysOf } from './domain/quorum.ts';
import type { Judge } from './judge.ts';
import type { ApprovalRepository } from './ports/approval-repository.ts';
import type { People } from './ports/people.ts';
import type { CheckSignature } from './signatures.ts';

export interface Decision {
  readonly id: string;
  readonly planHash: string;
  readonly reason?: string | undefined;
  /** Base64. */
  readonly signature?: string | undefined;
}

export interface CastVoteOptions {
  readonly uow: UnitOfWork;
  readonly repository: ApprovalRepository;
  readonly people: People;
  readonly judge: Judge;
  readonly carryOut: CarryOut;
  readonly checkSignature: CheckSignature;
}

/** Takes one person's decision about one request, after the use case has authorized it; a part of approving and rejecting. */
export class CastVote {
  readonly #options: CastVoteOptions;
  constructor(options: CastVoteOptions) {
    this.#options = options;
  }

  /** Null while the quorum is not there, and after a rejection. Every refusal is in the log before it is answered. */
  async cast(actor: Actor, decision: Decision & Pick<Vote, 'decision'>): Promise<ApprovalExecution | null> {
    const { uow, carryOut } = this.#options;
    let isGranted: boolean;
    try {
      isGranted = await uow.write(actor, (tx) => this.#vote(tx, actor, decision));
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith('APPROVALS_'))
        await this.#recordRefusal(actor, decision, error);
      throw error;
    }
    return isGranted ? carryOut.run(actor.tenantId, decision.id, actor) : null;
  }

  async #vote(tx: WriteTransaction, actor: Actor, given: Decision & Pick<Vote, 'decision'>): Promise<boolean> {
    const { repository, people, judge } = this.#options;
    const { decision } = given;
    // The lock puts all decisions about one request in a row: the last one that is needed is one.
    const request = await repository.findForUpdate(tx, given.id);
    if (request === null) throw approvalErrors.APPROVALS_NOT_FOUND();
    await people.holdAccess(tx, [actor.id]);
    const votes = await repository.votes(tx, request.id);
    const demand = await judge.demand(tx, request);
    const reason = await this.whyNot(tx, actor, { request, votes, demand });
    if (reason !== null) throw approvalErrors[reason]();
    if (!constantTimeEqual(Buffer.from(given.planHash, 'hex'), request.planHash))
      throw approvalErrors.APPROVALS_HASH_MISMATCH();
    if (demand.reasonRequired && given.reason === undefined) throw approvalErrors.APPROVALS_REASON_REQUIRED();
    const signed = await this.#signature(tx, actor, { request, demand, given });
    await repository.insertVote(tx, request, {
      approverId: actor.id,
      decision,
      reason: given.reason ?? null,
      signature: signed?.signature ?? null,
      keyId: signed?.keyId ?? null,
    });
    await repository.keepFacts(tx, { requestId: request.id, subjectId: actor.id }, factsOf(actor));
    await tx.audit({
      action: 'approval.voted',
      resource: { type: 'approval', id: request.id },
      details: { operation: request.operation, decision, planHash: given.planHash, keyId: signed?.keyId ?? null },
      ...(given.reason === undefined ? {} : { reason: { code: 'approval-decision', text: given.reason } }),
    });
    return decision === 'reject' ? this.#reject(tx, actor, request) : this.#grant(tx, request);
  }

  /** Code of what keeps this actor from deciding about the request now; null: nothing does. */
  async whyNot(
    tx: Parameters<Judge['demand']>[0],
    actor: Actor,
    { request, votes, demand }: { request: ApprovalRequest; votes: readonly Vote[]; demand: Demand },
  ): Promise<keyof typeof approvalErrors | null> {
    const { repository, people, judge } = this.#options;
    const now = await repository.now(tx);
    if (actor.kind !== 'user') return 'APPROVALS_PERSON_REQUIRED';
    if (request.requester.id === actor.id) return 'APPROVALS_OWN_REQUEST';
    const keys = await people.keysOf(tx, [
      actor.id,
      request.requester.id,
      ...request.requesterBehind,
      ...votes.map(({ approverId }) => approverId),
    ]);
    const own = keys.get(actor.id) ?? [];
    if (isSamePerson(own, requesterKeysOf(request, keys))) return 'APPROVALS_SAME_PERSON';
    if (votes.some(({ approverId }) => isSamePerson(own, keys.get(approverId) ?? [])))
      return 'APPROVALS_ALREADY_DECIDED';
    const status = statusAt(request, now);
    if (status === 'expired') return 'APPROVALS_EXPIRED';
    if (status !== 'pending') return 'APPROVALS_NOT_PENDING';
    if (!judge.meetsThreshold(actor, demand, now)) return 'APPROVALS_ROLE_REQUIRED';
    return isInNetworks(actor.request.sourceAddress, demand.approverNetworks) ? null : 'APPROVALS_NETWORK_REFUSED';
  }

  async #signature(
    tx: WriteTransaction,
    actor: Actor,
    { request, demand, given }: { request: ApprovalRequest; demand: Demand; given: Decision & Pick<Vote, 'decision'> },
  ): Promise<{ keyId: string; signature: Uint8Array } | null> {
    if (given.signature === undefined) {
      if (demand.signatureRequired) throw approvalErrors.APPROVALS_SIGNATURE_REQUIRED();
      return null;
    }
    const signature = new Uint8Array(Buffer.from(given.signature, 'base64'));
    const keyId = await this.#options.checkSignature(tx, {
      request,
      approverId: actor.id,
      decision: given.decision,
      signature,
    });
    return { keyId, signature };
  }

  async #reject(tx: WriteTransaction, actor: Actor, request: ApprovalRequest): Promise<boolean> {
    await this.#options.repository.move(tx, request, { from: 'pending', to: 'rejected', by: actor.id });
    await tx.audit({ action: 'approval.rejected', resource: { type: 'approval', id: request.id } });
    await tx.publish('approval.rejected', { approvalId: request.id, operation: request.operation });
    return false;
  }

  async #grant(tx: WriteTransaction, request: ApprovalRequest): Promise<boolean> {
    const { repository, judge } = this.#options;
    const count = await judge.count(tx, request, await repository.votes(tx, request.id));
    if (!count.isReached) {
      await tx.publish('approval.voted', { approvalId: request.id, operation: request.operation });
      return false;
    }
    if (!(await repository.move(tx, request, { from: 'pending', to: 'approved', by: null })))
      throw approvalErrors.APPROVALS_EXPIRED();
    await tx.audit({
      action: 'approval.granted',
      resource: { type: 'approval', id: request.id },
      details: { operation: request.operation, approvers: count.counting.size },
    });
    await tx.publish('approval.granted', { approvalId: request.id, operation: request.operation });
    return true;
  }

  async #recordRefusal(actor: Actor, { id }: Decision, { code }: AppError): Promise<void> {
    // A request that is not there is recorded by the transport, as every missing thing is.
    if (code === 'APPROVALS_NOT_FOUND') return;
    await this.#options.uow.write({ ...actor, request: { ...actor.request, idempotency: null } }, (tx) =>
      tx.audit({
        action: 'approval.refused',
        resource: { type: 'approval', id },
        outcome: 'refused',
        reason: { code },
      }),
    );
  }
}
