import type { TenantId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { ApprovalRequest, ApprovalStatus, Vote } from '../domain/approval.ts';
import type { StoredFacts } from '../domain/facts.ts';

export type NewRequest = Pick<
  ApprovalRequest,
  'id' | 'operation' | 'resource' | 'plan' | 'planHash' | 'requester' | 'requesterBehind' | 'reason' | 'demand'
>;

export interface RequestFilter {
  /** As people see it: what has run out is expired, not pending. */
  readonly status?: ApprovalStatus | undefined;
  readonly requesterId?: string | undefined;
  readonly decidedBy?: string | undefined;
  /** Neither asked nor decided by this one, and pending. */
  readonly openFor?: string | undefined;
  /** Asked or decided by this one. */
  readonly concerning?: string | undefined;
  readonly order: 'asked' | 'changed';
  /** The last one of the page before. */
  readonly before: Pick<ApprovalRequest, 'id' | 'changedAt'> | null;
  readonly limit: number;
}

export interface ApprovalRepository {
  /** The database's time: what expires is compared with it alone. */
  now(tx: Transaction): Promise<Date>;
  /** Null when the same question of the same requester is open already. Expires by the demand, from now. */
  insert(tx: Transaction, request: NewRequest): Promise<ApprovalRequest | null>;
  find(tx: Transaction, id: string): Promise<ApprovalRequest | null>;
  findForUpdate(tx: Transaction, id: string): Promise<ApprovalRequest | null>;
  /** The open request, run out or not, of this requester for this plan. */
  findOpen(tx: Transaction, wanted: { requesterId: string; planHash: Uint8Array }): Promise<ApprovalRequest | null>;
  countOpen(tx: Transaction, requesterId: string): Promise<number>;
  list(tx: Transaction, filter: RequestFilter): Promise<readonly ApprovalRequest[]>;
  /**
   * Moves an open request; false when it is not where the caller thinks, and for `approved` and `executed` also when its time is
   * over or its plan is another. `by`: who ended it.
   */
  move(
    tx: Transaction,
    request: Pick<ApprovalRequest, 'id' | 'planHash'>,
    step: { readonly from: ApprovalStatus; readonly to: ApprovalStatus; readonly by: string | null },
  ): Promise<boolean>;
  setResult(tx: Transaction, id: string, resultId: string): Promise<void>;

  votes(tx: Transaction, requestId: string): Promise<readonly Vote[]>;
  insertVote(
    tx: Transaction,
    request: Pick<ApprovalRequest, 'id' | 'planHash'>,
    vote: Omit<Vote, 'createdAt'>,
  ): Promise<void>;

  keepFacts(tx: Transaction, of: { requestId: string; subjectId: string }, facts: StoredFacts): Promise<void>;
  /** By subject, as they were stored. */
  facts(tx: Transaction, requestId: string): Promise<ReadonlyMap<string, unknown>>;
}

/** The worker's side, over all tenants and without any content: open requests whose time is over. */
export interface ExpiredRequests {
  list(limit: number): Promise<readonly { readonly id: string; readonly tenantId: TenantId }[]>;
}
