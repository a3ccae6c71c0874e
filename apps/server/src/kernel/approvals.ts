import type { ApprovableOperationName, approvalPlans } from '@quantumvault/api';
import type { z } from 'zod';
import type { Actor, Resource } from './actor.ts';
import type { Permission } from './permissions.ts';
import type { Transaction, WriteTransaction } from './unit-of-work.ts';

/** Everything that an operation will do, beside its name and its resource (docs/spec/approval-statement.md, APR-1). */
export type PlanOf<Name extends ApprovableOperationName> = z.output<(typeof approvalPlans)[Name]>;

export interface GatedOperation<Name extends ApprovableOperationName = ApprovableOperationName> {
  readonly operation: Name;
  readonly resource: Resource;
  /** The plan as the database has it now. It is computed again in the transaction of the effect. */
  readonly plan: (tx: Transaction) => Promise<PlanOf<Name>>;
}

/** The right to do one gated operation once. */
export interface ApprovalTicket {
  /**
   * Called in the transaction that has the effect, behind the locks that the use case takes: uses the approval up, or throws
   * and so undoes the effect. A ticket that needs no approval only makes sure that none is needed by now.
   */
  consume(tx: WriteTransaction): Promise<void>;
}

/** ACC-9: what stands between a use case's `authorize` and its effect. */
export interface ApprovalGate {
  /**
   * Gives a ticket when the organization does not demand approval of this operation, or when this very plan of this actor
   * has it. Else it records a request for approval and throws `APPROVALS_REQUIRED` with its id.
   */
  gate<Name extends ApprovableOperationName>(actor: Actor, operation: GatedOperation<Name>): Promise<ApprovalTicket>;
  /**
   * For a use case that would have the effect of a gated operation by another way: throws `APPROVALS_DETOUR` when the
   * organization demands approval of that operation, in the transaction that would have the effect.
   */
  refuseDetour(
    tx: WriteTransaction,
    operation: Exclude<ApprovableOperationName, 'approval-policy.change'>,
  ): Promise<void>;
  /** Whether the organization demands approval of the operation, as of this transaction. */
  isDemanded(tx: Transaction, operation: Exclude<ApprovableOperationName, 'approval-policy.change'>): Promise<boolean>;
}

/** What an operation waits for behind its permission, for explanations. */
export interface ApprovalOutlook {
  readonly operation: ApprovableOperationName;
  readonly sentence: string;
  readonly thresholds: readonly { readonly quorum: number; readonly approverRole: string | null }[];
  readonly signatureRequired: boolean;
  /** Who may approve what this requester asks for; null: not asked for. */
  readonly approvers: readonly { readonly id: string; readonly name: string }[] | null;
  readonly truncated: boolean;
}

export interface ApprovalOutlooks {
  /** Operations behind a permission that the organization put under approval; `withPeople` costs a walk over its users. */
  behind(
    tx: Transaction,
    asked: { readonly permission: Permission; readonly requesterId: string; readonly withPeople: boolean },
  ): Promise<readonly ApprovalOutlook[]>;
}

/** Does an operation again, as its requester, with the plan that was approved. Gives the id of what it made, if anything. */
export type RunApproved<Name extends ApprovableOperationName> = (
  actor: Actor,
  plan: PlanOf<Name>,
) => Promise<string | null>;

/** Where modules say how their operations are carried out. */
export interface ApprovedRunners {
  register<Name extends ApprovableOperationName>(operation: Name, run: RunApproved<Name>): void;
}
