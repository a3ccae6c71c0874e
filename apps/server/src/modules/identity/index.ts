export { generateApiKey } from './api-key.ts';
export { ApiKeyAuthenticator, type CountRefusal } from './authenticate-api-key.ts';
export { identityErrors } from './errors.ts';
export { IdentityModule } from './identity.module.ts';
export type { IdentityStore } from './identity-store.ts';
export { PeopleModule } from './people/people.module.ts';
