import { defineErrors } from '../../kernel/app-error.ts';

export const accessErrors = defineErrors({
  ACCESS_DENIED: {
    kind: 'forbidden',
    sentence: 'Nothing that was granted to you permits this; the detail says what is missing.',
  },
  ACCESS_MFA_REQUIRED: {
    kind: 'forbidden',
    sentence:
      'Your organization requires a second factor: enrol one under /api/me/second-factors, or show the one you have with POST /api/auth/step-up.',
  },
  ACCESS_STEP_UP_REQUIRED: {
    kind: 'forbidden',
    sentence:
      'This needs a fresh proof that it is you: POST /api/auth/step-up from a session, with a second factor if you have one, else with the password; then try again.',
  },
  ACCESS_ESCALATION: {
    kind: 'forbidden',
    sentence: 'Nobody hands on a right that is not held there without conditions; the detail names what is missing.',
  },
  ACCESS_SELF_GRANT: {
    kind: 'forbidden',
    sentence: 'Nobody gives rights to himself; ask for them, or ask a colleague.',
  },
  ACCESS_LAST_ADMINISTRATOR: {
    kind: 'conflict',
    sentence: 'The organization would be left without an administrator; name another one first.',
  },
  ACCESS_SUBJECT_NOT_FOUND: {
    kind: 'not-found',
    sentence: 'No such user, service account or device, or it is not active.',
  },
  ACCESS_ROLE_NOT_FOUND: { kind: 'not-found', sentence: 'No such role.' },
  ACCESS_ROLE_EXISTS: { kind: 'conflict', sentence: 'A role of this name exists.' },
  ACCESS_ROLE_IN_USE: { kind: 'conflict', sentence: 'The role is held by somebody; revoke those grants first.' },
  ACCESS_ROLES_FULL: { kind: 'conflict', sentence: 'The organization has as many custom roles as it may have.' },
  ACCESS_GRANT_NOT_FOUND: { kind: 'not-found', sentence: 'No such grant.' },
  ACCESS_GRANT_REVOKED: { kind: 'conflict', sentence: 'The grant is revoked already.' },
  ACCESS_GRANTS_FULL: { kind: 'conflict', sentence: 'The subject holds as many grants as it may.' },
  ACCESS_GRANT_EXPIRED: { kind: 'unprocessable', sentence: 'The grant would have expired already.' },
  ACCESS_PLACE_UNKNOWN: {
    kind: 'unprocessable',
    sentence: 'The organization has no such environment, project or service.',
  },
  ACCESS_RULES_INVALID: { kind: 'unprocessable', sentence: 'A condition cannot be judged by this server.' },
});
