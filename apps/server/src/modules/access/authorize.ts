import type { Grant, Reach } from '@quantumvault/access';
import type { Place } from '../../kernel/access.ts';
import type { Actor, Resource } from '../../kernel/actor.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { decide, isPlaced, reachOf, temporaryBehind } from './domain/decide.ts';
import { refusalSentence } from './domain/refusal.ts';
import { accessErrors } from './errors.ts';
import type { PlaceDirectory } from './ports/place-directory.ts';
import { recordRefusal } from './refusals.ts';
import type { TemporaryUse } from './temporary-use.ts';

export interface AuthorizeOptions {
  readonly uow: UnitOfWork;
  readonly clock: Clock;
  /** Without it nothing is known to stand below the organization, and grants there reach nothing. */
  readonly places?: PlaceDirectory;
  /** Told of each use of access that was given for a time (ACC-8). */
  readonly temporaryUse?: Pick<TemporaryUse, 'note'>;
}

/**
 * The one decision point (ACC-1). A refusal is durable before the caller learns of it (AUD-1). Tenancy is not decided
 * here: the unit of work shows each actor its own tenant only.
 */
export function createAuthorize({ uow, clock, places, temporaryUse }: AuthorizeOptions): Authorize {
  const noteUse = async (actor: Actor, grant: Grant | null, action: Permission): Promise<void> => {
    if (grant?.source !== undefined) await temporaryUse?.note(actor, grant, action);
  };
  return async (actor, action, resource) => {
    const now = clock.now();
    if (resource.isListing === true && isWithin(reachOf(actor, { action, now }))) {
      await noteUse(actor, temporaryBehind(actor, { action, place: null, now }), action);
      return;
    }
    const place = await placeOf(actor, resource, places);
    const ask = { action, place, now: clock.now() };
    const decision = decide(actor, ask);
    if (decision.isAllowed) return noteUse(actor, decision.by, action);
    await recordRefusal(uow, { actor, action, resource, code: decision.reason, grantId: decision.by?.id });
    throw accessErrors.ACCESS_DENIED({ detail: refusalSentence(actor, ask) });
  };
}

const isWithin = ({ everywhere, allowed }: Reach): boolean => everywhere || allowed.length > 0;

/** Asked only when it can matter: somebody whose grants are all on the organization costs no look-up. */
async function placeOf(actor: Actor, resource: Resource, places: PlaceDirectory | undefined): Promise<Place | null> {
  if (resource.place !== undefined) return resource.place;
  if (places === undefined || !isPlaced(actor)) return null;
  return places.placeOf(actor.tenantId, resource);
}
