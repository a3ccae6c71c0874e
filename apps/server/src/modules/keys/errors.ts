import { defineErrors } from '../../kernel/app-error.ts';

export const keyErrors = defineErrors({
  KEYS_SEAL_KEY_MISSING: {
    kind: 'unavailable',
    sentence: 'The key file that unseals the root key is not there; put it back or set QV_KEY_FILE.',
  },
  KEYS_SEAL_KEY_EXPOSED: {
    kind: 'unavailable',
    sentence: 'The key file can be read by others; it must have mode 0600.',
  },
  KEYS_SEAL_KEY_INVALID: { kind: 'unavailable', sentence: 'The key file does not hold a seal key of this format.' },
  KEYS_UNSEAL_FAILED: {
    kind: 'unavailable',
    sentence:
      'The key file does not open the root key of this database: it belongs to another installation, or one of them was changed.',
  },
  KEYS_SEALED: { kind: 'unavailable', sentence: 'The root key is not in memory.' },
  KEYS_TENANT_KEY_MISSING: {
    kind: 'internal',
    sentence: 'The organization has no key-encryption key of this version.',
  },
  KEYS_SUBJECT_KEY_DESTROYED: {
    kind: 'not-found',
    sentence: 'The key of this subject was destroyed; what it protected is erased.',
  },
});
