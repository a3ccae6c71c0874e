import { defineErrors } from '../../../../kernel/app-error.ts';

export const factorErrors = defineErrors({
  FACTORS_SIGN_IN_REFUSED: {
    kind: 'unauthenticated',
    sentence: 'The second step was refused: the ticket or the proof is not right, or was used; sign in again.',
  },
  FACTORS_PROOF_REFUSED: {
    kind: 'forbidden',
    sentence: 'The proof was not accepted: it is not right, was used before, or is of something that you do not have.',
  },
  FACTORS_LOCKED: {
    kind: 'rate-limited',
    sentence: 'Too many codes did not fit; wait, or use a passkey or a recovery code.',
  },
  FACTORS_PROOF_INCOMPLETE: { kind: 'invalid', sentence: 'The fields of the chosen method are missing.' },
  FACTORS_USERS_ONLY: { kind: 'forbidden', sentence: 'Only a signed-in person has second factors, not an API key.' },
  FACTORS_ENROLMENT_ENDED: {
    kind: 'conflict',
    sentence: 'No enrolment is under way: it ended, was replaced, or was tried too often; begin again.',
  },
  FACTORS_CODE_WRONG: {
    kind: 'unprocessable',
    sentence: 'The code is not the one that the app shows now; check the clock of the device.',
  },
  FACTORS_LAST_REQUIRED: {
    kind: 'conflict',
    sentence: 'This is your last second factor and your organization requires one; enrol another first.',
  },
  FACTORS_NONE: { kind: 'conflict', sentence: 'Recovery codes stand in for an app or a passkey; enrol one first.' },
  FACTORS_NOT_FOUND: { kind: 'not-found', sentence: 'No such second factor.' },
  FACTORS_NOT_FOR_ONESELF: {
    kind: 'conflict',
    sentence: 'Your own second factors are removed one by one, with a fresh proof; another person resets yours.',
  },
  FACTORS_USER_NOT_FOUND: { kind: 'not-found', sentence: 'No such user.' },
  FACTORS_PASSKEY_REFUSED: {
    kind: 'unprocessable',
    sentence:
      'The passkey was not accepted: the ceremony ended or was answered before, or the answer is not of this server, this user or this challenge.',
  },
  FACTORS_PASSKEY_KNOWN: { kind: 'conflict', sentence: 'This passkey is registered already.' },
  FACTORS_PASSKEYS_MAX: { kind: 'unprocessable', sentence: 'A user has at most 20 passkeys; remove one first.' },
  FACTORS_BUSY: { kind: 'unavailable', sentence: 'Too many ceremonies are under way; try again in some minutes.' },
});
