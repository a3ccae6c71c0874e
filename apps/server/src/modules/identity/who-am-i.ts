import type { Actor } from '../../kernel/actor.ts';
import type { Authorize } from '../../kernel/authorize.ts';

/** Tells an actor who it is and what it may do. */
export class WhoAmI {
  readonly #authorize: Authorize;
  constructor(options: { authorize: Authorize }) {
    this.#authorize = options.authorize;
  }

  async execute(actor: Actor) {
    await this.#authorize(actor, 'identity.read', { type: 'actor', id: actor.id });
    return {
      actorId: actor.id,
      organizationId: actor.tenantId,
      roles: [...actor.roles],
      permissions: [...actor.permissions].sort(),
    };
  }
}
