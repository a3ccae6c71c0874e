import { type ApprovableOperationName, type ApprovalExecution, approvableOperations } from '@quantumvault/api';
import { type Actor, internalRequest, noCredential } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/app-error.ts';
import type { ApprovedRunners, RunApproved } from '../../kernel/approvals.ts';
import { type ActorId, idFrom, type TenantId } from '../../kernel/ids.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import type { ApprovalRequest } from './domain/approval.ts';
import { approvalErrors } from './domain/errors.ts';
import { recall } from './domain/facts.ts';
import { isRunByServer, parsePlan } from './domain/operations.ts';
import type { ApprovalRepository } from './ports/approval-repository.ts';
import type { People } from './ports/people.ts';

export interface CarryOutOptions {
  readonly uow: UnitOfWork;
  readonly repository: ApprovalRepository;
  readonly people: People;
}

const executed = (resultId: string | null): ApprovalExecution => ({
  outcome: 'executed',
  code: null,
  message: null,
  resultId,
});

const failed = ({ code, message }: AppError): ApprovalExecution => ({
  outcome: 'failed',
  code,
  message,
  resultId: null,
});

/**
 * Carries an approved plan out: the same use case as when it was asked for, as the requester, with the requester's rights of
 * now. It may be called by anybody and any number of times at once: the gate lets one of them have the effect.
 */
export class CarryOut implements ApprovedRunners {
  readonly #options: CarryOutOptions;
  readonly #runners = new Map<ApprovableOperationName, (actor: Actor, plan: unknown) => Promise<string | null>>();
  constructor(options: CarryOutOptions) {
    this.#options = options;
  }

  /** Called by the modules whose use cases have gates, once for each operation. */
  register<Name extends ApprovableOperationName>(operation: Name, run: RunApproved<Name>): void {
    if (this.#runners.has(operation)) throw new Error(`${operation} has two ways to be carried out`);
    this.#runners.set(operation, (actor, plan) => run(actor, parsePlan(operation, plan)));
  }

  /** Operations that nobody has registered: the wiring is wrong when there is one that the server runs. */
  missing(): readonly string[] {
    return approvableOperations.filter((name) => isRunByServer(name) && !this.#runners.has(name));
  }

  /**
   * `by`: who sets it off. When that is the requester, what is known of him now counts, and not what was known when he asked.
   */
  async run(tenantId: TenantId, requestId: string, by: Actor): Promise<ApprovalExecution> {
    const { uow, repository } = this.#options;
    const request = await uow.read(tenantId, (tx) => repository.find(tx, requestId));
    if (request === null) throw approvalErrors.APPROVALS_NOT_FOUND();
    if (!isRunByServer(request.operation))
      return { outcome: 'waits-for-requester', code: null, message: null, resultId: null };
    const run = this.#runners.get(request.operation);
    if (run === undefined) throw new Error(`nobody carries ${request.operation} out`);
    try {
      const actor = await this.#actorOf(tenantId, request, by);
      const resultId = await run(actor, request.plan);
      if (resultId !== null) await this.#keepResult(tenantId, request.id, resultId);
      return executed(resultId);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // Somebody else was quicker by a moment: it is done, and nothing failed.
      const now = await uow.read(tenantId, (tx) => repository.find(tx, requestId));
      if (now?.status === 'executed') return executed(now.resultId);
      await this.#recordFailure(by, request, error);
      return failed(error);
    }
  }

  async #actorOf(tenantId: TenantId, request: ApprovalRequest, by: Actor): Promise<Actor> {
    const { uow, repository, people } = this.#options;
    const approval = { id: request.id, planHash: request.planHash };
    if (by.id === request.requester.id) return { ...by, approval, request: { ...by.request, idempotency: null } };
    const { access, then, isTakenBack } = await uow.read(tenantId, async (tx) => {
      const facts = await repository.facts(tx, request.id);
      const then = recall(facts.get(request.requester.id), by.request.id);
      return {
        access: await people.accessOf(tx, request.requester.id),
        then,
        // What was taken back, since it leaked for example, has asked for nothing that still counts.
        isTakenBack: await people.isTakenBack(tx, then?.credential ?? noCredential),
      };
    });
    if (access === null || isTakenBack) throw approvalErrors.APPROVALS_REQUESTER_GONE();
    return {
      kind: request.requester.kind,
      id: idFrom<ActorId>(request.requester.id),
      tenantId,
      access,
      // A credential that was made for less stays so; one that cannot be read any more is made for nothing.
      credential: then?.credential ?? { ...noCredential, permissions: new Set() },
      request: then?.request ?? internalRequest(by.request.id),
      approval,
    };
  }

  async #keepResult(tenantId: TenantId, requestId: string, resultId: string): Promise<void> {
    const { uow, repository } = this.#options;
    await uow.writeUnaudited({ tenantId, reason: 'a pointer to what the recorded execution made' }, (tx) =>
      repository.setResult(tx, requestId, resultId),
    );
  }

  async #recordFailure(by: Actor, request: ApprovalRequest, { code }: AppError): Promise<void> {
    await this.#options.uow.write({ ...by, request: { ...by.request, idempotency: null } }, (tx) =>
      tx.audit({
        action: 'approval.failed',
        resource: { type: 'approval', id: request.id },
        outcome: 'failed',
        reason: { code },
        details: { operation: request.operation },
      }),
    );
  }
}
