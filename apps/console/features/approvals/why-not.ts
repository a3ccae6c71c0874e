/** Why somebody may not decide, by the code that the server gives: what it means, and who can go on. */
const sentences: Readonly<Record<string, string>> = {
  APPROVALS_PERSON_REQUIRED: 'Only people decide; this session is not one of a person.',
  APPROVALS_OWN_REQUEST: 'You asked for it yourself: somebody else must decide.',
  APPROVALS_SAME_PERSON: 'You are, or answer for, the one who asks: another person must decide.',
  APPROVALS_ALREADY_DECIDED: 'You have decided already; your decision is below.',
  APPROVALS_EXPIRED: 'The request has expired. Whoever needs it asks again.',
  APPROVALS_NOT_PENDING: 'The request does not wait for decisions any more.',
  APPROVALS_ROLE_REQUIRED: 'The policy wants approvers of a role that you do not hold.',
  APPROVALS_NETWORK_REFUSED: 'The policy wants decisions from networks that you are not in now.',
};

export const whyNotSentence = (code: string): string => sentences[code] ?? `The server refuses it (${code}).`;
