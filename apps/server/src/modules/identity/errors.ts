import { defineErrors } from '../../kernel/app-error.ts';

export const identityErrors = defineErrors({
  IDENTITY_UNAUTHENTICATED: {
    kind: 'unauthenticated',
    sentence:
      'Valid credentials are needed: an API key in X-API-Key, or an API key or access token in Authorization: Bearer.',
  },
  IDENTITY_SIGN_IN_REFUSED: {
    kind: 'unauthenticated',
    sentence:
      'The sign-in was refused: email, password or organization is not right, the account may not sign in, or there were too many attempts; name the organization when the address has accounts in several.',
  },
  IDENTITY_SIGN_IN_BUSY: { kind: 'unavailable', sentence: 'Too many people sign in at this moment; try again.' },
  IDENTITY_SESSION_ENDED: { kind: 'unauthenticated', sentence: 'The session has ended; sign in again.' },
  IDENTITY_SESSIONS_UNAVAILABLE: { kind: 'unavailable', sentence: 'The keys of the sessions are not in memory.' },
  IDENTITY_CSRF_REFUSED: {
    kind: 'forbidden',
    sentence: 'A request with cookies must come from this origin and carry the session’s token in X-CSRF-Token.',
    isCounted: true,
  },
  IDENTITY_SESSION_NOT_FOUND: { kind: 'not-found', sentence: 'No such session.' },
  IDENTITY_USER_ABOVE_ACTOR: {
    kind: 'forbidden',
    sentence: 'The user may do something that you may not: somebody who may do all of it must do this.',
  },
  IDENTITY_RESET_BY_ANOTHER: {
    kind: 'forbidden',
    sentence:
      'You have reset the other credentials of this user in the last 30 days: password and second factors are not both reset by one person.',
  },
  IDENTITY_SESSION_REQUIRED: { kind: 'forbidden', sentence: 'Only a signed-in person may do this, not an API key.' },
  IDENTITY_PASSWORD_CHANGE_REQUIRED: {
    kind: 'forbidden',
    sentence: 'The password must be changed first: POST /api/auth/password.',
  },
  IDENTITY_PASSWORD_WEAK: {
    kind: 'unprocessable',
    sentence: 'The password does not meet the policy of the organization.',
  },
  IDENTITY_PASSWORD_WRONG: { kind: 'forbidden', sentence: 'The current password is not right.' },
  IDENTITY_RESET_REFUSED: {
    kind: 'forbidden',
    sentence: 'The token was used, has expired, or was never given out; ask for a new one.',
  },
  IDENTITY_DEVICE_CODE_REFUSED: {
    kind: 'forbidden',
    sentence: 'The code was used, has expired, or was never given out; begin again.',
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
  IDENTITY_KEY_NOT_FOUND: { kind: 'not-found', sentence: 'No such API key.' },
  IDENTITY_KEY_STATE: { kind: 'conflict', sentence: 'The state of the API key does not allow this.' },
  IDENTITY_KEY_LIMITED: {
    kind: 'forbidden',
    sentence:
      'An API key with limits, a certificate and a device make no key, and such a key replaces only itself: sign in, or use a key without limits.',
  },
  IDENTITY_KEY_PLACED: {
    kind: 'forbidden',
    sentence:
      'The API key is for one environment, project or service, and this changes the account of its owner: sign in, or use a key without a place.',
  },
  IDENTITY_KEY_LIFE: { kind: 'unprocessable', sentence: 'The organization demands that API keys expire sooner.' },
  IDENTITY_KEYS_TOO_MANY: { kind: 'unprocessable', sentence: 'The owner has 100 usable API keys: revoke one first.' },
  IDENTITY_NETWORK_INVALID: { kind: 'unprocessable', sentence: 'A network of allowedNetworks is none.' },
  IDENTITY_PLACE_NOT_FOUND: { kind: 'not-found', sentence: 'No such environment, project or service.' },
  IDENTITY_SERVICE_ACCOUNT_NOT_FOUND: { kind: 'not-found', sentence: 'No such service account.' },
  IDENTITY_SERVICE_ACCOUNTS_TOO_MANY: {
    kind: 'unprocessable',
    sentence: 'The organization has 1,000 service accounts: delete one first.',
  },
  IDENTITY_ENROLLMENT_INVALID: {
    kind: 'unauthenticated',
    sentence:
      'The device is not enrolled: the token is not known, was used, cancelled or has expired, or the proof is not of this key and token.',
  },
  IDENTITY_ENROLLMENT_NOT_FOUND: { kind: 'not-found', sentence: 'No such open token for enrolment.' },
  IDENTITY_CERTIFICATE_INVALID: {
    kind: 'unprocessable',
    sentence: 'The text is not one certificate that is valid now.',
  },
  IDENTITY_CERTIFICATE_TAKEN: {
    kind: 'conflict',
    sentence: 'The certificate, or its names, stand for somebody of the organization already.',
  },
  IDENTITY_CERTIFICATE_NOT_FOUND: { kind: 'not-found', sentence: 'No such certificate of a client.' },
  IDENTITY_MACHINE_NOT_FOUND: { kind: 'not-found', sentence: 'No such active service account or device.' },
  IDENTITY_DEVICE_KEY_TAKEN: { kind: 'conflict', sentence: 'A device of the organization has this key.' },
  IDENTITY_DEVICE_NOT_FOUND: { kind: 'not-found', sentence: 'No such device.' },
  IDENTITY_DEVICES_TOO_MANY: {
    kind: 'unprocessable',
    sentence: 'The organization has 10,000 devices and open tokens: revoke one first.',
  },
  IDENTITY_OFFBOARDING_NOT_FOUND: { kind: 'not-found', sentence: 'There is no off-boarding of such a user.' },
});
