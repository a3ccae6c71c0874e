export { publishSignIn, settlePendingSignIn, writePendingSignIn } from './bootstrap-file.ts';
export { tenancyErrors } from './domain/errors.ts';
export { FirstOrganization } from './first-organization.ts';
export type { TenancyStore } from './ports/tenancy-store.ts';
export { TenancyModule } from './tenancy.module.ts';
