import type { Reach } from '@quantumvault/access';
import type { Place } from '../../kernel/access.ts';
import type { Actor, Resource } from '../../kernel/actor.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { decide, isPlaced, reachOf } from './domain/decide.ts';
import { refusalSentence } from './domain/refusal.ts';
import { type SecondFactorDemand, secondFactorDemand } from './domain/second-factor-demand.ts';
import { accessErrors } from './errors.ts';
import type { PlaceDirectory } from './ports/place-directory.ts';

export interface AuthorizeOptions {
  readonly uow: UnitOfWork;
  readonly clock: Clock;
  /** Without it nothing is known to stand below the organization, and grants there reach nothing. */
  readonly places?: PlaceDirectory;
}

/**
 * The one decision point (ACC-1). A refusal is durable before the caller learns of it (AUD-1). Tenancy is not decided
 * here: the unit of work shows each actor its own tenant only.
 */
export function createAuthorize({ uow, clock, places }: AuthorizeOptions): Authorize {
  return async (actor, action, resource) => {
    const now = clock.now();
    const demand = secondFactorDemand(actor, action, now);
    // Where everything demands a second factor, its lack is the answer, whatever the grants say.
    if (demand === 'MFA_REQUIRED') return refuseDemand(uow, { actor, action, resource, demand });
    if (resource.isListing !== true || !isWithin(reachOf(actor, { action, now }))) {
      const place = await placeOf(actor, resource, places);
      const decision = decide(actor, { action, place, now });
      if (!decision.isAllowed) {
        const { reason, by } = decision;
        await recordRefusal(uow, { actor, action, resource, reason, grantId: by?.id ?? null });
        throw accessErrors.ACCESS_DENIED({ detail: refusalSentence(actor, { action, place, now }) });
      }
    }
    if (demand !== null) return refuseDemand(uow, { actor, action, resource, demand });
  };
}

async function refuseDemand(
  uow: UnitOfWork,
  { demand, ...asked }: Asked & { readonly demand: SecondFactorDemand },
): Promise<never> {
  await recordRefusal(uow, { ...asked, reason: demand, grantId: null });
  throw accessErrors[`ACCESS_${demand}`]();
}

const isWithin = ({ everywhere, allowed }: Reach): boolean => everywhere || allowed.length > 0;

/** Asked only when it can matter: somebody whose grants are all on the organization costs no look-up. */
async function placeOf(actor: Actor, resource: Resource, places: PlaceDirectory | undefined): Promise<Place | null> {
  if (resource.place !== undefined) return resource.place;
  if (places === undefined || !isPlaced(actor)) return null;
  return places.placeOf(actor.tenantId, resource);
}

interface Asked {
  readonly actor: Actor;
  readonly action: Permission;
  readonly resource: Resource;
}

async function recordRefusal(
  uow: UnitOfWork,
  refused: Asked & { readonly reason: string; readonly grantId: string | null },
): Promise<void> {
  const { actor, action, reason, grantId } = refused;
  const { type, id } = refused.resource;
  // The refusal is no answer to be repeated: it must not take the request's idempotency key.
  const plain: Actor = { ...actor, request: { ...actor.request, idempotency: null } };
  await uow.write(plain, (tx) =>
    tx.audit({
      action: 'access.refused',
      resource: { type, id },
      outcome: 'refused',
      reason: { code: reason },
      details: { permission: action, ...(grantId === null ? {} : { grantId }) },
    }),
  );
}
