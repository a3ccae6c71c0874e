import type { Actor, Resource } from './actor.ts';
import type { Permission } from './permissions.ts';

/**
 * The first line of every use case (ACC-1; the layer lint fails a use case without it). Returns when the actor may;
 * otherwise records the refusal durably (AUD-1) and throws `ACCESS_DENIED`.
 */
export type Authorize = (actor: Actor, action: Permission, resource: Resource) => Promise<void>;
