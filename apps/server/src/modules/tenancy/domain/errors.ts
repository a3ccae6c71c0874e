import { defineErrors } from '../../../kernel/app-error.ts';

export const tenancyErrors = defineErrors({
  TENANCY_ALREADY_BOOTSTRAPPED: { kind: 'conflict', sentence: 'The first organization exists already.' },
  TENANCY_ORGANIZATION_NOT_FOUND: { kind: 'not-found', sentence: 'No such organization.' },
  TENANCY_PLATFORM_ORGANIZATION: {
    kind: 'conflict',
    sentence: 'The first organization runs the installation; it cannot be suspended.',
  },
  TENANCY_ENVIRONMENT_NOT_FOUND: { kind: 'not-found', sentence: 'No such environment.' },
  TENANCY_PROJECT_NOT_FOUND: { kind: 'not-found', sentence: 'No such project.' },
  TENANCY_SERVICE_NOT_FOUND: { kind: 'not-found', sentence: 'No such service.' },
  TENANCY_PARENT_UNKNOWN: {
    kind: 'unprocessable',
    sentence: 'The environment or project in which it should stand does not exist.',
  },
  TENANCY_NAME_TAKEN: { kind: 'conflict', sentence: 'Something of this kind has this name there already.' },
  TENANCY_NOT_EMPTY: {
    kind: 'conflict',
    sentence: 'Something stands in it, or a right was given on it; it is deleted when it is empty.',
  },
});
