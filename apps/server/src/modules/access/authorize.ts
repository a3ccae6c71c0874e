import type { Actor } from '../../kernel/actor.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { accessErrors } from './errors.ts';

/**
 * The one decision point (ACC-1): the actor's permissions, made of its roles (ACC-6). A refusal is durable before the
 * caller learns of it (AUD-1). Tenancy is not decided here: the unit of work shows each actor its own tenant only.
 */
export function createAuthorize(options: { uow: UnitOfWork }): Authorize {
  return async (actor, action, resource) => {
    if (actor.permissions.has(action)) return;
    // The refusal is no answer to be repeated: it must not take the request's idempotency key.
    const plain: Actor = { ...actor, request: { ...actor.request, idempotency: null } };
    await options.uow.write(plain, (tx) =>
      tx.audit({
        action: 'access.refused',
        resource,
        outcome: 'refused',
        reason: { code: 'NO_PERMISSION' },
        details: { permission: action },
      }),
    );
    throw accessErrors.ACCESS_DENIED();
  };
}
