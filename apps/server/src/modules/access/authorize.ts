import type { Actor } from '../../kernel/actor.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { decide } from './domain/decide.ts';
import { accessErrors } from './errors.ts';

/**
 * The one decision point (ACC-1). A refusal is durable before the caller learns of it (AUD-1). Tenancy is not decided
 * here: the unit of work shows each actor its own tenant only.
 */
export function createAuthorize(options: { uow: UnitOfWork; clock: Clock }): Authorize {
  return async (actor, action, resource) => {
    const decision = decide(actor, { action, place: resource.place ?? null, now: options.clock.now() });
    if (decision.isAllowed) return;
    // The refusal is no answer to be repeated: it must not take the request's idempotency key.
    const plain: Actor = { ...actor, request: { ...actor.request, idempotency: null } };
    await options.uow.write(plain, (tx) =>
      tx.audit({
        action: 'access.refused',
        resource,
        outcome: 'refused',
        reason: { code: decision.reason },
        details: { permission: action },
      }),
    );
    throw accessErrors.ACCESS_DENIED();
  };
}
