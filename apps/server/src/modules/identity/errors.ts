import { defineErrors } from '../../kernel/app-error.ts';

export const identityErrors = defineErrors({
  IDENTITY_UNAUTHENTICATED: {
    kind: 'unauthenticated',
    sentence: 'A valid API key is needed: X-API-Key, or Authorization: Bearer.',
  },
  IDENTITY_USER_NOT_FOUND: { kind: 'not-found', sentence: 'No such user.' },
  IDENTITY_USER_EXISTS: { kind: 'conflict', sentence: 'A user of the organization has this email address.' },
  IDENTITY_USER_STATE: { kind: 'conflict', sentence: 'The status of the user does not allow this.' },
  IDENTITY_USERS_ONLY: {
    kind: 'unprocessable',
    sentence: 'Only a user can do this, and no service account or device.',
  },
  IDENTITY_OWN_ACCOUNT: {
    kind: 'forbidden',
    sentence: 'Nobody does this to the own account: ask another administrator.',
  },
  IDENTITY_LAST_ADMINISTRATOR: {
    kind: 'forbidden',
    sentence: 'This is the last active administrator of the organization: make another one first.',
  },
  IDENTITY_INVITATION_INVALID: {
    kind: 'unauthenticated',
    sentence: 'The invitation is not known, or was used, cancelled or has expired: ask for a new one.',
  },
  IDENTITY_OFFBOARDING_NOT_FOUND: { kind: 'not-found', sentence: 'There is no off-boarding of such a user.' },
  IDENTITY_PASSWORD_REFUSED: { kind: 'unprocessable', sentence: 'The password does not meet the rules.' },
});
