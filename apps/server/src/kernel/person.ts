/**
 * An email address as the mark of a person: one mailbox, however it is spelled. What stands behind a plus reaches the same
 * mailbox nearly everywhere; where it does not, an approver too few is the lesser harm than one person twice.
 */
export function mailboxOf(email: string): string {
  const folded = email.normalize('NFKC').trim().toLowerCase();
  const at = folded.lastIndexOf('@');
  if (at < 1) return folded;
  const local = folded.slice(0, at).split('+', 1)[0] ?? '';
  return `${local === '' ? folded.slice(0, at) : local}@${folded.slice(at + 1).replace(/\.$/, '')}`;
}

/** Somebody behind accounts: their subject ids, and their mailboxes. */
export interface Person {
  readonly subjectIds: readonly string[];
  readonly emails: readonly string[];
}

export const personKeysOf = ({ subjectIds, emails }: Person): readonly string[] => [
  ...subjectIds.map((id) => `subject ${id}`),
  ...emails.map((email) => `mailbox ${mailboxOf(email)}`),
];

export const isSamePerson = (one: readonly string[], other: readonly string[]): boolean =>
  one.some((key) => other.includes(key));
