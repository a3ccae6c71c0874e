import type { ApprovalPolicyView } from '@quantumvault/api';
import { expect, it } from 'vitest';
import { demandText, durationText } from './demand-text.ts';

const policy: ApprovalPolicyView = {
  operation: 'asset.archive',
  quorum: 1,
  approverRole: null,
  expiresInSeconds: 86_400,
  signatureRequired: false,
  reasonRequired: false,
  approverNetworks: [],
  updatedBy: '01920000-0000-7000-8000-000000000000',
  updatedAt: '2026-01-01T00:00:00.000Z',
  version: 1,
};

it.each([
  [60, '1 minute'],
  [90, '90 seconds'],
  [5_400, '90 minutes'],
  [86_400, '1 day'],
  [2_592_000, '30 days'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

it('ACC-9: a policy is a sentence that leaves none of its demands out', () => {
  expect(demandText(null)).toBe('Free: whoever may do it does it at once.');
  expect(demandText(policy)).toBe('Needs one other person of those who may decide approvals, within 1 day.');
  const strict = { ...policy, quorum: 3, approverRole: 'auditor', signatureRequired: true, reasonRequired: true };
  expect(demandText({ ...strict, approverNetworks: ['10.0.0.0/8'] })).toBe(
    'Needs 3 other people of those who hold the role auditor, within 1 day, with a reason, each signed with the key of who approves, from 10.0.0.0/8.',
  );
});
