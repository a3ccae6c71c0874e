import { defineErrors } from '../../kernel/app-error.ts';

export const accessErrors = defineErrors({
  ACCESS_DENIED: { kind: 'forbidden', sentence: 'None of your roles permits this action.' },
});
