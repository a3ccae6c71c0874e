export { createAuthorize } from './authorize.ts';
export { decide } from './domain/decide.ts';
export { accessErrors } from './errors.ts';
export { createMay, createMayNow, type May, type MayNow } from './may.ts';
export type { AccessDirectory } from './ports/access-directory.ts';
