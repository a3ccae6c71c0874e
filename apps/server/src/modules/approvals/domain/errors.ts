import { defineErrors } from '../../../kernel/app-error.ts';

export const approvalErrors = defineErrors({
  APPROVALS_REQUIRED: {
    kind: 'forbidden',
    sentence: 'This needs the approval of others; it waits for them under approvalId.',
  },
  APPROVALS_NOT_FOUND: { kind: 'not-found', sentence: 'No such request for approval.' },
  APPROVALS_NOT_PENDING: { kind: 'conflict', sentence: 'This request is not waiting for decisions any more.' },
  APPROVALS_NOT_APPROVED: { kind: 'conflict', sentence: 'This request is not approved, or was carried out already.' },
  APPROVALS_EXPIRED: { kind: 'conflict', sentence: 'This request has expired; ask again.' },
  APPROVALS_PLAN_CHANGED: {
    kind: 'conflict',
    sentence: 'What would be done now is not the plan that was approved; ask again.',
  },
  APPROVALS_HASH_MISMATCH: {
    kind: 'conflict',
    sentence: 'The plan hash that you state is not that of this request: look at the plan again.',
  },
  APPROVALS_OWN_REQUEST: { kind: 'forbidden', sentence: 'Whoever asks cannot decide about it.' },
  APPROVALS_SAME_PERSON: {
    kind: 'forbidden',
    sentence: 'You are, or answer for, the one who asks: another person must decide.',
  },
  APPROVALS_ALREADY_DECIDED: { kind: 'conflict', sentence: 'You have decided about this request already.' },
  APPROVALS_PERSON_REQUIRED: { kind: 'forbidden', sentence: 'Only people decide about requests.' },
  APPROVALS_ROLE_REQUIRED: {
    kind: 'forbidden',
    sentence: 'The policy wants approvers of a role that you do not hold.',
  },
  APPROVALS_NETWORK_REFUSED: {
    kind: 'forbidden',
    sentence: 'The policy wants decisions from networks that you are not in.',
  },
  APPROVALS_REASON_REQUIRED: { kind: 'unprocessable', sentence: 'The policy wants a reason.' },
  APPROVALS_SIGNATURE_REQUIRED: { kind: 'unprocessable', sentence: 'The policy wants a signed approval.' },
  APPROVALS_SIGNATURE_INVALID: {
    kind: 'unprocessable',
    sentence: 'The signature is not one of a registered key of yours over this decision, made now.',
  },
  APPROVALS_DETOUR: {
    kind: 'forbidden',
    sentence:
      'Your organization put giving rights under approval: invite without roles, and give them by a grant, which asks for it.',
  },
  APPROVALS_QUORUM_LOST: {
    kind: 'conflict',
    sentence: 'An approver is not entitled any more; the request waits for another one.',
  },
  APPROVALS_REQUESTER_GONE: {
    kind: 'conflict',
    sentence:
      'Whoever asked is not active any more, or the key, certificate or session that it was asked with was taken back.',
  },
  APPROVALS_NOT_REQUESTER: { kind: 'forbidden', sentence: 'Only who asked can do this.' },
  APPROVALS_POLICY_CHANGED: {
    kind: 'conflict',
    sentence: 'The operation was put under approval while it ran; nothing was changed, try again.',
  },
  APPROVALS_POLICY_NOT_FOUND: { kind: 'not-found', sentence: 'This operation is not under approval.' },
  APPROVALS_NETWORK_INVALID: { kind: 'unprocessable', sentence: 'A network of the policy is no CIDR block.' },
  APPROVALS_QUORUM_UNREACHABLE: {
    kind: 'unprocessable',
    sentence: 'Fewer people than the quorum could approve, you not counted: nobody could ever lift this policy.',
  },
  APPROVALS_KEY_INVALID: {
    kind: 'unprocessable',
    sentence: 'The key is of an algorithm that approvals are not signed with, or the proof is not by this key.',
  },
  APPROVALS_KEY_EXISTS: { kind: 'conflict', sentence: 'This key is registered already.' },
  APPROVALS_KEY_NOT_FOUND: { kind: 'not-found', sentence: 'You have no such key.' },
  APPROVALS_KEYS_TOO_MANY: { kind: 'conflict', sentence: 'You have as many keys as one may have.' },
  APPROVALS_PLAN_TOO_LARGE: {
    kind: 'unprocessable',
    sentence: 'This is too much for one approval, whose plan a person has to read; ask for less at once.',
  },
  APPROVALS_TOO_MANY: {
    kind: 'conflict',
    sentence: 'As many requests of yours wait for approval as may wait at once.',
  },
});
