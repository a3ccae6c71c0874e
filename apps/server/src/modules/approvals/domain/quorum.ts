import { isSamePerson } from '../../../kernel/person.ts';
import type { ApprovalRequest, Vote } from './approval.ts';
import type { Demand, Threshold } from './demand.ts';

/** What the access module and the identities say of somebody who has voted. */
export interface Voter {
  readonly approverId: string;
  /** Active, and allowed to decide approvals now. */
  readonly isEntitled: boolean;
  readonly roles: ReadonlySet<string>;
  /** Marks of the person behind the account; two accounts that share one are one person. */
  readonly personKeys: readonly string[];
}

export interface CountedThreshold extends Threshold {
  readonly counted: number;
}

export interface Count {
  readonly thresholds: readonly CountedThreshold[];
  readonly isReached: boolean;
  /** Approvers whose votes count for something. */
  readonly counting: ReadonlySet<string>;
}

/** Marks of who has asked: as they are now, and of those who could act for the account when it was asked. */
export const requesterKeysOf = (
  {
    requester,
    requesterBehind,
  }: Pick<ApprovalRequest, 'requesterBehind'> & { readonly requester: Pick<ApprovalRequest['requester'], 'id'> },
  keys: ReadonlyMap<string, readonly string[]>,
): readonly string[] => [requester.id, ...requesterBehind].flatMap((id) => keys.get(id) ?? []);

/**
 * Counts approvals by people, not by accounts, and only of those who are entitled at this moment (ACC-9). Whoever shares a
 * mark with the requester does not count, whatever was thought of it when the vote was cast.
 */
export function countApprovals(
  votes: readonly Vote[],
  options: {
    readonly demand: Demand;
    readonly voters: ReadonlyMap<string, Voter>;
    readonly requesterKeys: readonly string[];
  },
): Count {
  const { demand, voters, requesterKeys } = options;
  const people: string[][] = [];
  const counted: Voter[] = [];
  for (const vote of votes) {
    const voter = voters.get(vote.approverId);
    if (vote.decision !== 'approve' || voter?.isEntitled !== true) continue;
    if (demand.signatureRequired && vote.signature === null) continue;
    if (isSamePerson(voter.personKeys, requesterKeys)) continue;
    if (people.some((keys) => isSamePerson(keys, voter.personKeys))) continue;
    people.push([...voter.personKeys]);
    counted.push(voter);
  }
  const holders = (role: string | null) => counted.filter((voter) => role === null || voter.roles.has(role));
  const thresholds = demand.thresholds.map((threshold) => ({
    ...threshold,
    counted: holders(threshold.approverRole).length,
  }));
  const isReached = thresholds.length > 0 && thresholds.every((threshold) => threshold.counted >= threshold.quorum);
  const counting = new Set(
    demand.thresholds.flatMap(({ approverRole }) => holders(approverRole).map(({ approverId }) => approverId)),
  );
  return { thresholds, isReached, counting };
}
