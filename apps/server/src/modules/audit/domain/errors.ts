import { defineErrors } from '../../../kernel/app-error.ts';

export const auditErrors = defineErrors({
  AUDIT_ACTION_UNKNOWN: {
    kind: 'internal',
    sentence: 'An action that is not in the catalogue was about to be recorded; nothing was done.',
  },
  AUDIT_EVENT_INVALID: {
    kind: 'internal',
    sentence: 'An audit event could not be written in its committed form; nothing was done.',
  },
  AUDIT_EVENT_TOO_LARGE: {
    kind: 'too-large',
    sentence: 'The audit event of this action would be larger than 16 KiB; nothing was done.',
  },
  AUDIT_EVENT_NOT_FOUND: { kind: 'not-found', sentence: 'No such audit event.' },
  AUDIT_NOT_PUBLISHED: {
    kind: 'unavailable',
    sentence: 'The log has not published a checkpoint over this yet; try again.',
  },
  AUDIT_LEAF_DAMAGED: {
    kind: 'conflict',
    sentence: 'The stored event is not the one that was published; export the log and verify it.',
  },
  AUDIT_OUTSIDE_UNREADABLE: {
    kind: 'unavailable',
    sentence: 'The checkpoints or tiles that are held outside the database cannot be read or do not hold.',
  },
});
