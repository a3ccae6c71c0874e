import { defineErrors } from '../../kernel/app-error.ts';

export const identityErrors = defineErrors({
  IDENTITY_UNAUTHENTICATED: {
    kind: 'unauthenticated',
    sentence: 'A valid API key is needed: X-API-Key, or Authorization: Bearer.',
  },
});
