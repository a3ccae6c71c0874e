import type { ApprovalSummary, ApprovalView } from '@quantumvault/api';
import { planLines } from '@quantumvault/envelope';
import type { Actor } from '../../kernel/actor.ts';
import { isoInstant } from '../../kernel/clock.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import type { May } from '../access/index.ts';
import type { CastVote } from './cast-vote.ts';
import { type ApprovalRequest, statusAt } from './domain/approval.ts';
import { approvalErrors } from './domain/errors.ts';
import { summaryOf as planSummaryOf } from './domain/operations.ts';
import type { CountedThreshold } from './domain/quorum.ts';
import type { Judge } from './judge.ts';
import type { ApprovalRepository } from './ports/approval-repository.ts';
import type { People } from './ports/people.ts';

export interface ViewOptions {
  readonly repository: ApprovalRepository;
  readonly people: People;
  readonly judge: Judge;
  readonly castVote: CastVote;
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What people are shown of requests. */
export class ApprovalViews {
  readonly #options: ViewOptions;
  constructor(options: ViewOptions) {
    this.#options = options;
  }

  async summaries(tx: Transaction, requests: readonly ApprovalRequest[]): Promise<ApprovalSummary[]> {
    const { repository, people } = this.#options;
    const names = await people.namesOf(tx, [...new Set(requests.map(({ requester }) => requester.id))]);
    const now = await repository.now(tx);
    return requests.map((request) => summaryOf(request, { now, names }));
  }

  async detail(tx: Transaction, actor: Actor, request: ApprovalRequest): Promise<ApprovalView> {
    const { repository, people, judge, castVote } = this.#options;
    const now = await repository.now(tx);
    const votes = await repository.votes(tx, request.id);
    const demand = await judge.demand(tx, request);
    const { thresholds, counting } = await judge.count(tx, request, votes);
    const names = await people.namesOf(tx, [request.requester.id, ...votes.map(({ approverId }) => approverId)]);
    const reason = await castVote.whyNot(tx, actor, { request, votes, demand });
    return {
      ...summaryOf(request, { now, names }),
      plan: { ...request.plan },
      lines: planLines(request.plan),
      demands: {
        thresholds: thresholds.map((threshold) => ({ ...threshold })),
        signatureRequired: demand.signatureRequired,
        reasonRequired: demand.reasonRequired,
      },
      votes: votes.map((vote) => ({
        approver: { id: vote.approverId, name: names.get(vote.approverId) ?? '' },
        decision: vote.decision,
        reason: vote.reason,
        at: isoInstant(vote.createdAt),
        signed: vote.signature !== null,
        counts: counting.has(vote.approverId),
      })),
      missing: statusAt(request, now) === 'pending' ? thresholds.flatMap(missingOf) : [],
      mayDecide: reason === null,
      whyNot: reason,
      resultId: request.resultId,
    };
  }
}

function summaryOf(
  request: ApprovalRequest,
  { now, names }: { now: Date; names: ReadonlyMap<string, string> },
): ApprovalSummary {
  const { requester } = request;
  return {
    id: request.id,
    operation: request.operation,
    resource: { ...request.resource },
    status: statusAt(request, now),
    planHash: hexOf(request.planHash),
    requester: { ...requester, name: names.get(requester.id) ?? '' },
    reason: request.reason,
    createdAt: isoInstant(request.createdAt),
    expiresAt: isoInstant(request.expiresAt),
    approvedAt: request.approvedAt === null ? null : isoInstant(request.approvedAt),
    endedAt: request.endedAt === null ? null : isoInstant(request.endedAt),
    changedAt: isoInstant(request.changedAt),
    summary: planSummaryOf(request.operation, request.plan),
  };
}

function missingOf({ quorum, approverRole, counted }: CountedThreshold): string[] {
  const missing = quorum - counted;
  if (missing <= 0) return [];
  const role = approverRole === null ? '' : ` of the role ${approverRole}`;
  return [missing === 1 ? `one approval${role}` : `${missing} approvals${role} by different people`];
}

/** Deciders and auditors see every request of the organization. */
export const seesAll = (may: May, actor: Actor): boolean => may(actor, 'approval.decide') || may(actor, 'audit.read');

/** An actor who may not decide sees what it has asked or decided, and nothing else exists for it. */
export async function needVisible(
  tx: Transaction,
  options: {
    readonly repository: ApprovalRepository;
    readonly actor: Actor;
    readonly id: string;
    readonly may: May;
  },
): Promise<ApprovalRequest> {
  const { repository, actor, id, may } = options;
  const request = await repository.find(tx, id);
  if (request === null) throw approvalErrors.APPROVALS_NOT_FOUND();
  if (seesAll(may, actor) || request.requester.id === actor.id) return request;
  const votes = await repository.votes(tx, id);
  if (votes.some(({ approverId }) => approverId === actor.id)) return request;
  throw approvalErrors.APPROVALS_NOT_FOUND();
}
