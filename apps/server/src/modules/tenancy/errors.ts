import { defineErrors } from '../../kernel/app-error.ts';

export const tenancyErrors = defineErrors({
  TENANCY_ALREADY_BOOTSTRAPPED: { kind: 'conflict', sentence: 'The first organization exists already.' },
});
