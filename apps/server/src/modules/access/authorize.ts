import type { Grant, Reach } from '@quantumvault/access';
import type { Place } from '../../kernel/access.ts';
import type { Actor, Resource } from '../../kernel/actor.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { decide, isPlaced, reachOf, temporaryBehind } from './domain/decide.ts';
import { refusalSentence } from './domain/refusal.ts';
import { type SecondFactorDemand, secondFactorDemand } from './domain/second-factor-demand.ts';
import { accessErrors } from './errors.ts';
import type { PlaceDirectory } from './ports/place-directory.ts';
import { type Refused, recordRefusal } from './refusals.ts';
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
  /** The grant that allows it; throws when none does. */
  const grantBehind = async (
    actor: Actor,
    { action, resource, now }: { action: Permission; resource: Resource; now: Date },
  ): Promise<Grant | null> => {
    if (resource.isListing === true && isWithin(reachOf(actor, { action, now })))
      return temporaryBehind(actor, { action, place: null, now });
    const place = await placeOf(actor, resource, places);
    const ask = { action, place, now };
    const decision = decide(actor, ask);
    if (decision.isAllowed) return decision.by;
    await recordRefusal(uow, { actor, action, resource, code: decision.reason, grantId: decision.by?.id });
    throw accessErrors.ACCESS_DENIED({ detail: refusalSentence(actor, ask) });
  };
  return async (actor, action, resource) => {
    const now = clock.now();
    const demand = secondFactorDemand(actor, action, now);
    // Where everything demands a second factor, its lack is the answer, whatever the grants say.
    if (demand === 'MFA_REQUIRED') return refuseDemand(uow, { actor, action, resource, demand });
    const by = await grantBehind(actor, { action, resource, now });
    if (demand !== null) return refuseDemand(uow, { actor, action, resource, demand });
    if (by?.source !== undefined) await temporaryUse?.note(actor, by, action);
  };
}

async function refuseDemand(
  uow: UnitOfWork,
  { demand, ...asked }: Omit<Refused, 'code' | 'grantId'> & { readonly demand: SecondFactorDemand },
): Promise<never> {
  await recordRefusal(uow, { ...asked, code: demand });
  throw accessErrors[`ACCESS_${demand}`]();
}

const isWithin = ({ everywhere, allowed }: Reach): boolean => everywhere || allowed.length > 0;

/** Asked only when it can matter: somebody whose grants are all on the organization costs no look-up. */
async function placeOf(actor: Actor, resource: Resource, places: PlaceDirectory | undefined): Promise<Place | null> {
  if (resource.place !== undefined) return resource.place;
  if (places === undefined || !isPlaced(actor)) return null;
  return places.placeOf(actor.tenantId, resource);
}
