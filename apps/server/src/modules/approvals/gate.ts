import type { ApprovableOperationName } from '@quantumvault/api';
import { constantTimeEqual } from '@quantumvault/crypto';
import type { Actor } from '../../kernel/actor.ts';
import type { ApprovalGate, ApprovalTicket, GatedOperation } from '../../kernel/approvals.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Transaction, UnitOfWork, WriteTransaction } from '../../kernel/unit-of-work.ts';
import { type ApprovalRequest, statusAt } from './domain/approval.ts';
import type { Demand } from './domain/demand.ts';
import { approvalErrors } from './domain/errors.ts';
import { factsOf } from './domain/facts.ts';
import { fieldsOf, type PlanFields } from './domain/operations.ts';
import { hashOfPlan } from './domain/plan-hash.ts';
import { expire } from './expiry.ts';
import type { Judge } from './judge.ts';
import type { ApprovalRepository } from './ports/approval-repository.ts';
import type { People } from './ports/people.ts';

/** Open requests of one requester: more is a mistake or an attempt to tire the approvers. */
const openMax = 100;

export interface GateOptions {
  readonly uow: UnitOfWork;
  readonly repository: ApprovalRepository;
  readonly people: People;
  readonly judge: Judge;
  readonly newId: NewId;
}

/** A gated operation whose plan is in the form that is stored and hashed. */
interface PlannedOperation extends Pick<GatedOperation, 'operation' | 'resource'> {
  readonly plan: (tx: Transaction) => Promise<PlanFields>;
}

/** The same question was asked twice at once, and the other one is recorded. */
class TwinRequest extends Error {}

/** Without the key of the caller's request: what is recorded here is no answer to be repeated. */
export const plainActor = (actor: Actor): Actor => ({ ...actor, request: { ...actor.request, idempotency: null } });

/** ACC-9: see `ApprovalGate`. */
export class Gate implements ApprovalGate {
  readonly #options: GateOptions;
  constructor(options: GateOptions) {
    this.#options = options;
  }

  async gate<Name extends ApprovableOperationName>(actor: Actor, gated: GatedOperation<Name>): Promise<ApprovalTicket> {
    const { uow, repository, judge } = this.#options;
    const operation: PlannedOperation = {
      operation: gated.operation,
      resource: gated.resource,
      plan: async (tx) => fieldsOf(gated.operation, await gated.plan(tx)),
    };
    const asked = await uow.read(actor.tenantId, async (tx) => {
      const demand = await judge.demandNow(tx, operation.operation, () => operation.plan(tx));
      if (demand === null && actor.approval === null) return null;
      const plan = await operation.plan(tx);
      const planHash = hashOfPlan(tx, operation, plan);
      const request =
        actor.approval === null
          ? await repository.findOpen(tx, { requesterId: actor.id, planHash })
          : await repository.find(tx, actor.approval.id);
      const now = await repository.now(tx);
      return { demand, plan, planHash, request, status: request === null ? null : statusAt(request, now) };
    });
    if (asked === null) return { consume: (tx) => this.#stayFree(tx, operation) };
    const { request, planHash, status, demand, plan } = asked;
    if (actor.approval !== null) {
      if (request === null || request.requester.id !== actor.id || request.operation !== operation.operation)
        throw approvalErrors.APPROVALS_NOT_FOUND();
      const isApprovedPlan =
        constantTimeEqual(request.planHash, planHash) && constantTimeEqual(actor.approval.planHash, planHash);
      if (!isApprovedPlan) throw approvalErrors.APPROVALS_PLAN_CHANGED();
      if (status === 'expired') throw approvalErrors.APPROVALS_EXPIRED();
      if (status !== 'approved') throw approvalErrors.APPROVALS_NOT_APPROVED();
    } else if (request === null || status === 'expired') {
      throw this.#required(await this.#ask(actor, operation, { plan, planHash, demand, runOut: request }));
    } else if (status === 'pending') throw this.#required(request);
    await this.#needQuorum(actor, request);
    return { consume: (tx) => this.#consume(tx, actor, request, operation) };
  }

  async refuseDetour(
    tx: WriteTransaction,
    operation: Exclude<ApprovableOperationName, 'approval-policy.change'>,
  ): Promise<void> {
    if (await this.isDemanded(tx, operation)) throw approvalErrors.APPROVALS_DETOUR({ extensions: { operation } });
  }

  async isDemanded(
    tx: Transaction,
    operation: Exclude<ApprovableOperationName, 'approval-policy.change'>,
  ): Promise<boolean> {
    return (await this.#options.judge.policyOf(tx, operation)) !== null;
  }

  /** A policy that came between the look at it and the effect holds. */
  async #stayFree(tx: WriteTransaction, operation: PlannedOperation): Promise<void> {
    const demand = await this.#options.judge.demandNow(tx, operation.operation, () => operation.plan(tx));
    if (demand !== null) throw approvalErrors.APPROVALS_POLICY_CHANGED();
  }

  /**
   * Exactly once by the database: the row goes from approved to executed in the transaction of the effect, and one that is
   * not approved any more undoes it. Approvers are judged again behind a lock that holds all changes of rights back.
   */
  async #consume(
    tx: WriteTransaction,
    actor: Actor,
    { id }: ApprovalRequest,
    operation: PlannedOperation,
  ): Promise<void> {
    const { repository, people, judge } = this.#options;
    const request = await repository.findForUpdate(tx, id);
    if (request === null) throw approvalErrors.APPROVALS_NOT_FOUND();
    if (request.status !== 'approved') throw approvalErrors.APPROVALS_NOT_APPROVED();
    const planHash = hashOfPlan(tx, operation, await operation.plan(tx));
    if (!constantTimeEqual(planHash, request.planHash)) throw approvalErrors.APPROVALS_PLAN_CHANGED();
    await people.holdAccess(tx);
    const count = await judge.count(tx, request, await repository.votes(tx, id));
    if (!count.isReached) throw approvalErrors.APPROVALS_QUORUM_LOST();
    if (!(await repository.move(tx, request, { from: 'approved', to: 'executed', by: actor.id })))
      throw approvalErrors.APPROVALS_EXPIRED();
    await tx.audit({
      action: 'approval.executed',
      resource: { type: 'approval', id },
      details: { operation: request.operation, planHash: hexOf(planHash), approvers: count.counting.size },
    });
    await tx.publish('approval.executed', { approvalId: id, operation: request.operation });
  }

  /** A request whose quorum was lost waits again; this is written down before anybody relies on it. */
  async #needQuorum(actor: Actor, { id }: ApprovalRequest): Promise<void> {
    const { uow, repository, judge } = this.#options;
    const isReached = await uow.read(actor.tenantId, async (tx) => {
      const request = await repository.find(tx, id);
      return request !== null && (await judge.count(tx, request, await repository.votes(tx, id))).isReached;
    });
    if (isReached) return;
    await uow.write(plainActor(actor), async (tx) => {
      const request = await repository.findForUpdate(tx, id);
      if (request?.status !== 'approved') throw approvalErrors.APPROVALS_NOT_APPROVED();
      await repository.move(tx, request, { from: 'approved', to: 'pending', by: null });
      await tx.audit({ action: 'approval.reopened', resource: { type: 'approval', id } });
      await tx.publish('approval.reopened', { approvalId: id, operation: request.operation });
    });
    throw approvalErrors.APPROVALS_QUORUM_LOST();
  }

  async #ask(
    actor: Actor,
    { operation, resource }: PlannedOperation,
    asked: { plan: PlanFields; planHash: Uint8Array; demand: Demand | null; runOut: ApprovalRequest | null },
  ): Promise<ApprovalRequest> {
    const { uow, repository, people, newId } = this.#options;
    const { kind } = actor;
    const { plan, planHash, demand, runOut } = asked;
    if (kind === 'job' || kind === 'system') throw approvalErrors.APPROVALS_PERSON_REQUIRED();
    if (demand === null) throw approvalErrors.APPROVALS_NOT_FOUND();
    const record = async (tx: WriteTransaction): Promise<ApprovalRequest> => {
      if (runOut !== null) await expire(tx, repository, runOut);
      if ((await repository.countOpen(tx, actor.id)) >= openMax) throw approvalErrors.APPROVALS_TOO_MANY();
      const request = await repository.insert(tx, {
        id: newId<string>(),
        operation,
        resource: { type: resource.type, id: resource.id },
        plan,
        planHash,
        requester: { kind, id: actor.id },
        requesterBehind: await people.behind(tx, actor.id),
        reason: actor.request.purpose,
        demand,
      });
      if (request === null) throw new TwinRequest();
      await repository.keepFacts(tx, { requestId: request.id, subjectId: actor.id }, factsOf(actor));
      await tx.audit({
        action: 'approval.requested',
        resource: { type: 'approval', id: request.id },
        details: {
          operation,
          resourceType: resource.type,
          resourceId: resource.id,
          planHash: hexOf(planHash),
          expiresAt: request.expiresAt.toISOString(),
        },
      });
      await tx.publish('approval.requested', { approvalId: request.id, operation, requesterId: actor.id });
      return request;
    };
    try {
      return await uow.write(plainActor(actor), record);
    } catch (error) {
      if (!(error instanceof TwinRequest)) throw error;
      const twin = await uow.read(actor.tenantId, (tx) => repository.findOpen(tx, { requesterId: actor.id, planHash }));
      if (twin === null) throw approvalErrors.APPROVALS_NOT_PENDING();
      return twin;
    }
  }

  #required({ id, planHash }: ApprovalRequest) {
    return approvalErrors.APPROVALS_REQUIRED({ extensions: { approvalId: id, planHash: hexOf(planHash) } });
  }
}

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
