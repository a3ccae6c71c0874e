export { publishSignIn, settlePendingSignIn, writePendingSignIn } from './bootstrap-file.ts';
export { FirstOrganization } from './first-organization.ts';
export { TenancyModule } from './tenancy.module.ts';
export type { TenancyStore } from './tenancy-store.ts';
