export { AccessModule } from './access.module.ts';
export { createAuthorize } from './authorize.ts';
export { decide } from './domain/decide.ts';
export { accessErrors } from './errors.ts';
export { createMay, createMayNow, createReachOf, type May, type MayNow, type ReachOf } from './may.ts';
export { PlaceRegistry } from './place-registry.ts';
export type { AccessDirectory } from './ports/access-directory.ts';
export type { PlaceDirectory, PlaceSource } from './ports/place-directory.ts';
