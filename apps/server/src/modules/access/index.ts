export { createAuthorize } from './authorize.ts';
export { accessErrors } from './errors.ts';
