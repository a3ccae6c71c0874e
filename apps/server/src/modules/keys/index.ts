export { keyErrors } from './errors.ts';
export { RootKey } from './root-key.ts';
export { type LogSigningKeys, RootOfTrust } from './root-of-trust.ts';
export { type SubjectKey, SubjectKeys } from './subject-keys.ts';
export { TenantKeys, type WrapContext, type WrappedSecret } from './tenant-keys.ts';
