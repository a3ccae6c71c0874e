import { type ApprovableOperationName, type ApprovalPolicyView, approvableOperations } from '@quantumvault/api';
import { parseCidr } from '@quantumvault/inventory';
import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate, PlanOf } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Transaction, UnitOfWork, WriteTransaction } from '../../../kernel/unit-of-work.ts';
import type { ApprovalPolicy } from '../domain/demand.ts';
import { approvalErrors } from '../domain/errors.ts';
import { policyView } from '../domain/policy-view.ts';
import type { Judge } from '../judge.ts';
import type { ApprovalPolicies } from '../ports/approval-policies.ts';

export interface PolicyChange {
  /** One of the closed list; any other is under no policy. */
  readonly operation: string;
  /** null: the operation becomes free of approval. */
  readonly policy: ApprovalPolicy | null;
}

/**
 * Puts an operation under approval, changes what it demands, or frees it (ACC-9). Once an organization has any policy, each
 * change waits for approval itself: protection is lowered only with the quorum that it demands. Throws
 * `APPROVALS_POLICY_NOT_FOUND`, `APPROVALS_QUORUM_UNREACHABLE`, `APPROVALS_NETWORK_INVALID` or `APPROVALS_REQUIRED`.
 */
export class ChangeApprovalPolicy {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #approvals: ApprovalGate;
  readonly #policies: ApprovalPolicies;
  readonly #judge: Judge;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    approvals: ApprovalGate;
    policies: ApprovalPolicies;
    judge: Judge;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#approvals = options.approvals;
    this.#policies = options.policies;
    this.#judge = options.judge;
  }

  /** Gives the policy; null when the operation is free. */
  async execute(actor: Actor, { operation: name, policy }: PolicyChange): Promise<ApprovalPolicyView | null> {
    await this.#authorize(actor, 'approval-policy.update', { type: 'approval-policy', id: name });
    const resource = { type: 'approval-policy', id: name };
    const operation = approvableOperations.find((known) => known === name);
    if (operation === undefined) throw approvalErrors.APPROVALS_POLICY_NOT_FOUND();
    for (const network of policy?.approverNetworks ?? []) needNetwork(network);
    const ticket = await this.#approvals.gate(actor, {
      operation: 'approval-policy.change',
      resource,
      plan: (tx) => this.#plan(tx, operation, policy),
    });
    return this.#uow.write(actor, async (tx) => {
      await this.#policies.lock(tx);
      await ticket.consume(tx);
      if (policy === null) {
        await this.#remove(tx, operation);
        return null;
      }
      const { quorum, approverRole } = policy;
      if (!(await this.#judge.canReach(tx, { quorum, approverRole, exceptId: actor.id })))
        throw approvalErrors.APPROVALS_QUORUM_UNREACHABLE();
      const stored = await this.#policies.set(tx, operation, { ...policy, updatedBy: actor.id });
      await tx.audit({
        action: 'approval-policy.set',
        resource,
        details: {
          quorum,
          approverRole,
          expiresInSeconds: stored.expiresInSeconds,
          signatureRequired: stored.signatureRequired,
          reasonRequired: stored.reasonRequired,
          networks: stored.approverNetworks.length,
          version: stored.version,
        },
      });
      return policyView(stored);
    });
  }

  async #plan(
    tx: Transaction,
    operation: ApprovableOperationName,
    policy: ApprovalPolicy | null,
  ): Promise<PlanOf<'approval-policy.change'>> {
    const before = await this.#policies.find(tx, operation);
    if (policy === null && before === null) throw approvalErrors.APPROVALS_POLICY_NOT_FOUND();
    return {
      operation,
      policy:
        policy === null
          ? null
          : {
              quorum: policy.quorum,
              approverRole: policy.approverRole,
              expiresInSeconds: policy.expiresInSeconds,
              signatureRequired: policy.signatureRequired,
              reasonRequired: policy.reasonRequired,
              approverNetworks: [...policy.approverNetworks],
            },
      version: before?.version ?? null,
    };
  }

  async #remove(tx: WriteTransaction, operation: ApprovableOperationName): Promise<void> {
    if (!(await this.#policies.remove(tx, operation))) throw approvalErrors.APPROVALS_POLICY_NOT_FOUND();
    await tx.audit({ action: 'approval-policy.removed', resource: { type: 'approval-policy', id: operation } });
  }
}

function needNetwork(text: string): void {
  try {
    parseCidr(text);
  } catch (cause) {
    throw approvalErrors.APPROVALS_NETWORK_INVALID({ cause });
  }
}
