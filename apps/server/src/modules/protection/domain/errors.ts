import { defineErrors } from '../../../kernel/app-error.ts';

export const protectionErrors = defineErrors({
  PROTECTION_POLICY_NOT_FOUND: { kind: 'not-found', sentence: 'No such protection policy.' },
  PROTECTION_POLICY_EXISTS: { kind: 'conflict', sentence: 'A protection policy with this name exists.' },
  PROTECTION_POLICY_INVALID: { kind: 'unprocessable', sentence: 'The protection policy contradicts itself.' },
  PROTECTION_POLICY_IN_USE: {
    kind: 'conflict',
    sentence: 'The protection policy is in use: a job applies or has applied it.',
  },
  PROTECTION_POLICY_BUILT_IN: {
    kind: 'conflict',
    sentence: 'A built-in protection policy can be changed and not deleted.',
  },
  PROTECTION_POLICY_UNFIT: {
    kind: 'unprocessable',
    sentence: 'The protection policy does not fit this type of asset.',
  },
  PROTECTION_NOT_OFFERED: {
    kind: 'unprocessable',
    sentence: 'This release does not offer what the protection policy needs for this asset.',
  },
  PROTECTION_KEY_NOT_OFFERED: {
    kind: 'unprocessable',
    sentence: 'The asset has no current signing key of this algorithm.',
  },
  PROTECTION_CERTIFICATE_INVALID: {
    kind: 'unprocessable',
    sentence: 'The certificate chain is not an answer to the request that was made for this asset.',
  },
  PROTECTION_CANNOT_UNDO: {
    kind: 'conflict',
    sentence: 'This job cannot be undone.',
  },
  PROTECTION_ARTIFACT_NOT_FOUND: {
    kind: 'not-found',
    sentence: 'No such asset, or no protection job has made this for it.',
  },
});
