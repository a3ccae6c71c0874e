import type { Actor, Resource } from '../../../kernel/actor.ts';

/** What is made stands in the environment that the request names; without one the right must be the organization's. */
export const placeOfNew = (actor: Actor, environmentId: string | undefined): Resource =>
  environmentId === undefined
    ? { type: 'organization', id: actor.tenantId }
    : { type: 'environment', id: environmentId };
