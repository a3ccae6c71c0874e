import type { ApprovalPolicyView } from '@quantumvault/api';

const units: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** Exact, in the largest unit in which it is a whole number. */
export function durationText(seconds: number): string {
  const [size, unit] = units.find(([size]) => seconds % size === 0) ?? [1, 'second'];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** What a policy demands, as a sentence. */
export function demandText(policy: ApprovalPolicyView | null): string {
  if (policy === null) return 'Free: whoever may do it does it at once.';
  const { quorum, approverRole, expiresInSeconds } = policy;
  const who = approverRole === null ? 'who may decide approvals' : `who hold the role ${approverRole}`;
  const people = quorum === 1 ? 'one other person' : `${quorum} other people`;
  return [
    `Needs ${people} of those ${who}, within ${durationText(expiresInSeconds)}`,
    policy.reasonRequired ? ', with a reason' : '',
    policy.signatureRequired ? ', each signed with the key of who approves' : '',
    policy.approverNetworks.length === 0 ? '' : `, from ${policy.approverNetworks.join(', ')}`,
    '.',
  ].join('');
}
